-- What we have no way to show: said once per kind, and what was written stays where it can be read.

local findings = require 'common.findings'
local settings = require 'common.settings'

local DIAGRAMS = { mermaid = true, dot = true }
-- Parts of Quarto's formats that are no documents: their content is set as ordinary text.
local DIVS = {
  ['panel-input'] = 'inmatningspaneler (.panel-input)',
  ['panel-sidebar'] = 'sidopaneler (.panel-sidebar)',
  ['panel-fill'] = 'utfyllda paneler (.panel-fill)',
}

-- '{mermaid}', '{mermaid .x}' or the class itself.
local function diagram(block)
  local name = (block.classes[1] or ''):gsub('[{}]', ''):gsub('^%.', '')
  -- In a document of its own ```dot is a listing; ```{dot} is to be drawn
  local drawn = not settings.enskilt or block.classes[1] ~= name
    or block.classes:includes('cell-code')
  return DIAGRAMS[name] and drawn and name
end

return function(doc)
  return doc:walk {
    CodeBlock = function(block)
      local name = diagram(block)
      if not name then return nil end
      findings.unsupported(('diagram i %s ritas inte: koden visas som den står'):format(name),
        'text', block.text:match('[^\n]+') or name)
      block.classes = pandoc.List { name }
      return block
    end,
    Div = function(div)
      for _, class in ipairs(div.classes) do
        if DIVS[class] then
          findings.unsupported(('%s stöds inte: innehållet sätts som vanlig text'):format(DIVS[class]),
            'text', '.' .. class)
        end
      end
    end,
  }
end
