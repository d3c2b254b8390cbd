-- The neutral AST of common.lua becomes what pandoc writes as accessible HTML.
-- This file is the order, nothing else.

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
package.path = pandoc.path.join { folder, '?.lua' } .. ';' .. package.path

local steps = {
  { 'tables', 'scope on every head, numbers marked, wide tables in a region that scrolls' },
  { 'floats', 'figure with figcaption, table with caption; pictures left to html.py' },
  { 'blocks', 'callouts, page breaks, passages to fill in' },
  { 'headings', 'numbers in the text, one level down: the title is h1' },
  { 'notes', 'footnotes last, with links back' },
  { 'front', 'dates and names that the page template asks for' },
}

Pandoc = require 'common.run'('html', steps)
