-- Neutral AST -> typst code that calls the functions of report.typ.
--
-- Every text goes out as a typst string (#"…";) and never as typst markup, so that nothing an
-- author or a data file holds can be read as code. All layout is decided in report.typ.

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
package.path = pandoc.path.join { folder, '?.lua' } .. ';' .. package.path

local blocks = require 'pdf.blocks'
local inlines = require 'pdf.inlines'
local lit = require 'pdf.literal'

function Pandoc(doc)
  require('common.settings').read(doc.meta)
  blocks.prepare(doc)
  local code = blocks.markup(doc.blocks)
  local numbers = {}
  for id, number in pairs(inlines.referred) do
    numbers[#numbers + 1] = ('%s: %s'):format(lit.str(id), lit.str(number))
  end
  table.sort(numbers)
  if #numbers > 0 then
    code = ('#show ref: hanvisa.with((%s));\n\n%s'):format(table.concat(numbers, ', '), code)
  end
  require('common.findings').report()
  doc.blocks = { pandoc.RawBlock('typst', code) }
  return doc
end
