-- The shared part of every format: a composed document becomes the neutral AST
-- that html.lua, pdf.lua and word.lua build on. This file is the order, nothing else.

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
package.path = pandoc.path.join { folder, '?.lua' } .. ';' .. package.path

local steps = {
  { 'conditional', 'content that is not for this format or target goes away' },
  { 'shortcodes', 'page breaks; an unknown shortcode is a fault' },
  { 'unsupported', 'what we cannot show is told, once' },
  { 'tables', 'tables written in HTML become real tables' },
  { 'lists', 'tables written as lists become real tables' },
  { 'equations', 'formulas that can be referred to' },
  { 'theorems', 'theorems and their kin get one shape' },
  { 'callouts', 'notes and warnings get one shape' },
  { 'tabs', 'tabs get one shape' },
  { 'code', 'names of files, numbers of lines and notes of code' },
  { 'floats', 'figures, tables and listings with a caption get one shape' },
  { 'appendix', 'appendices go last' },
  { 'headings', 'a heading has a text, and no level is skipped' },
  { 'numbering', 'what can be referred to gets its number' },
  { 'duplicates', 'the second of a name gets another, in a document of its own' },
  { 'references', '@tbl-x becomes a link that says Tabell 3' },
  { 'citations', 'what is cited is looked up in the list of sources' },
  { 'typography', 'Swedish quotation marks' },
  { 'formulas', 'a formula can be read' },
  { 'raw', 'HTML and LaTeX that the format cannot show' },
  { 'identifiers', 'an id stands once, a link leads somewhere' },
}

Pandoc = require 'common.run'('common', steps)
