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
local NAMES = { typst = 'PDF', docx = 'Word' }

-- '{mermaid}', '{mermaid .x}' or the class itself.
local function diagram(block)
  local name = (block.classes[1] or ''):gsub('[{}]', ''):gsub('^%.', '')
  return DIAGRAMS[name] and name
end

local function visible(html)
  local text = html:gsub('<!%-%-.-%-%->', ''):gsub('<style.-</style>', '')
    :gsub('<script.-</script>', ''):gsub('<[^>]*>', ''):gsub('&nbsp;', '')
  return text:find('%S') ~= nil
end

local SHOWS = { 'img', 'iframe', 'video', 'audio', 'object', 'embed', 'svg', 'canvas', 'input' }

-- What HTML shows without a word of text.
local function shown(html)
  for _, name in ipairs(SHOWS) do
    if html:lower():find('<' .. name .. '%f[%A]') then return name end
  end
end

local function raw_html(raw)
  if raw.format ~= 'html' or settings.format == 'html' then return end
  local name = shown(raw.text)
  if name then
    findings.warn(('<%s> i HTML kan inte bli %s och utelämnas'):format(name,
      NAMES[settings.format] or settings.format), 'text', raw.text:match('[^\n]*%S[^\n]*'))
  elseif raw.t == 'RawBlock' and settings.format == 'docx' and visible(raw.text) then
    findings.warn('HTML som inte är en tabell kan inte bli Word och utelämnas', 'text',
      raw.text:match('[^\n]*%S[^\n]*'))
  end
end

return function(doc)
  return doc:walk {
    RawInline = raw_html,
    RawBlock = raw_html,
    CodeBlock = function(block)
      local name = diagram(block)
      if not name then return nil end
      findings.warn(('diagram i %s ritas inte: koden visas som den står'):format(name), 'text',
        block.text:match('[^\n]+') or name)
      block.classes = pandoc.List { name }
      return block
    end,
    Div = function(div)
      for _, class in ipairs(div.classes) do
        if DIVS[class] then
          findings.warn(('%s stöds inte: innehållet sätts som vanlig text'):format(DIVS[class]),
            'text', '.' .. class)
        end
      end
    end,
  }
end
