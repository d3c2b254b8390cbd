-- Cross-references by Quarto's syntax: @tbl-x "Tabell 3", [-@tbl-x] "3",
-- [Bild @fig-x] "Bild 2", @sec-x "Avsnitt 2.1" (its title when it has no number).

local findings = require 'common.findings'
local settings = require 'common.settings'
local stringify = pandoc.utils.stringify

local NBSP = '\u{a0}'

-- id -> { label, number, title } of everything that can be referred to.
local function targets(doc)
  local found = {}
  doc:walk {
    Header = function(header)
      found[header.identifier] = {
        label = settings.etikett.sec,
        number = header.attributes.nummer,
        title = stringify(header.content),
      }
    end,
    Div = function(div)
      if div.classes:includes('flyt') then
        found[div.identifier] = { label = div.attributes.etikett, number = div.attributes.nummer }
      end
    end,
  }
  return found
end

local function text(target, citation)
  local number = target.number or ('”' .. target.title .. '”')
  if citation.mode == 'SuppressAuthor' then return pandoc.Inlines { pandoc.Str(number) } end
  local prefix = citation.prefix
  if #prefix == 0 then prefix = pandoc.Inlines { pandoc.Str(target.label) } end
  -- One string, so that no line break comes between label and number.
  return pandoc.Inlines { pandoc.Str(stringify(prefix) .. NBSP .. number) }
end

local function missing(id)
  findings.add('referens', ('korsreferensen @%s leder ingenstans'):format(id),
    'kontrollera stavningen, och att det den pekar på finns i samma format; '
      .. 'ett @ som bara är text skrivs \\@',
    'referens', id)
end

local function resolve(found)
  return function(cite)
    local result = pandoc.Inlines {}
    for index, citation in ipairs(cite.citations) do
      local id = citation.id:gsub('^%u', string.lower)
      local target = found[id]
      if not target then
        missing(citation.id)
        return nil
      end
      if index > 1 then result:extend { pandoc.Str ',', pandoc.Space() } end
      result:insert(pandoc.Link(text(target, citation), '#' .. id, '',
        pandoc.Attr('', { 'korsref' })))
      if #citation.suffix > 0 then
        if citation.suffix[1].t == 'Str' and not citation.suffix[1].text:find('^%p') then
          result:insert(pandoc.Space())
        end
        result:extend(citation.suffix)
      end
    end
    return result
  end
end

return function(doc)
  return doc:walk { Cite = resolve(targets(doc)) }
end
