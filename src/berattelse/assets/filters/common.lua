-- The shared part of every format: a composed document becomes the neutral AST
-- that html.lua, pdf.lua and word.lua build on. This file is the order, nothing else.

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
package.path = pandoc.path.join { folder, '?.lua' } .. ';' .. package.path

local steps = {
  { 'conditional', 'content that is not for this format or target goes away' },
  { 'shortcodes', 'page breaks; an unknown shortcode is a fault' },
  { 'tables', 'tables written in HTML become real tables' },
  { 'floats', 'figures and tables with a caption get one shape' },
  { 'callouts', 'notes and warnings get one shape' },
  { 'headings', 'a heading has a text, and no level is skipped' },
  { 'numbering', 'headings, figures and tables get their numbers' },
  { 'references', '@tbl-x becomes a link that says Tabell 3' },
  { 'typography', 'Swedish quotation marks' },
  { 'formulas', 'a formula can be read' },
  { 'raw', 'HTML and LaTeX that the format cannot show' },
  { 'identifiers', 'an id stands once, a link leads somewhere' },
}

Pandoc = require 'common.run'('common', steps)
