-- Cross-references by Quarto's syntax: @tbl-x "Tabell 3", [-@tbl-x] "3",
-- [Bild @fig-x] "Bild 2", @sec-x "Avsnitt 2.1" (its title when it has no number), a part of a
-- figure "Figur 1 (a)". What else is cited is left to the list of sources.

local findings = require 'common.findings'
local kinds = require 'common.kinds'
local settings = require 'common.settings'
local stringify = pandoc.utils.stringify

local NBSP = '\u{a0}'

-- id -> { label, number, title } of everything that can be referred to.
local function targets(doc)
  local found = {}
  local function note(element)
    local attributes = element.attributes
    if not attributes.nummer or element.identifier == '' then return nil end
    local number = attributes.nummer
    if attributes.hel then number = ('%s (%s)'):format(attributes.hel, number) end
    local kind = kinds.head(element.identifier)
    found[element.identifier] = { label = settings.prefix[kind], number = number, kind = kind }
  end
  doc:walk {
    Header = function(header)
      found[header.identifier] = {
        label = settings.prefix.sec,
        number = header.attributes.nummer,
        title = stringify(header.content),
      }
    end,
    Div = note, Span = note,
  }
  return found
end

local function text(target, citation, upper)
  local number = target.number or ('”' .. target.title .. '”')
  if citation.mode == 'SuppressAuthor' then return pandoc.Inlines { pandoc.Str(number) } end
  local prefix = stringify(citation.prefix)
  if prefix == '' then
    prefix = target.label or ''
    if upper then prefix = pandoc.text.upper(pandoc.text.sub(prefix, 1, 1)) .. pandoc.text.sub(prefix, 2) end
  end
  local own = settings.egna[target.kind or '']
  local space = own and own['space-before-numbering'] == false and '' or NBSP
  if prefix == '' then space = '' end
  if settings.enskilt and settings.format == 'html' and space ~= '' then
    return pandoc.Inlines { pandoc.Str(prefix), pandoc.RawInline('html', '&nbsp;'), pandoc.Str(number) }
  end
  -- One string, so that no line break comes between label and number.
  return pandoc.Inlines { pandoc.Str(prefix .. space .. number) }
end

local function missing(id)
  findings.add('referens', ('korsreferensen @%s leder ingenstans'):format(id),
    'kontrollera stavningen, och att det den pekar på finns i samma format; '
      .. 'ett @ som bara är text skrivs \\@',
    'referens', id)
end

local function lower(id) return (id:gsub('^%u', string.lower)) end

-- Whether some of what is cited can be looked up in a list of sources.
local function sources(meta)
  return meta.bibliography ~= nil or meta.references ~= nil
end

local function link(target, citation, id)
  local content = text(target, citation, citation.id ~= id)
  if settings.reflank == false then return content end
  local alone = settings.enskilt and settings.format == 'html'
  local made = pandoc.Link(content, '#' .. id, '',
    pandoc.Attr('', alone and { 'quarto-xref' } or { 'korsref', 'quarto-xref' }))
  -- Typst has references of its own, of a word and a number.
  if settings.enskilt and settings.format == 'typst' and target.number and #content == 1 then
    local word = content[1].text:match('^(.+)' .. NBSP)
    if word and content[1].text == word .. NBSP .. target.number then
      made.attributes.ord, made.attributes.nummer = word, target.number
    end
  end
  return pandoc.Inlines { made }
end

local function suffix(citation)
  local out = pandoc.Inlines {}
  if #citation.suffix == 0 then return out end
  if citation.suffix[1].t == 'Str' and not citation.suffix[1].text:find('^%p') then
    out:insert(pandoc.Space())
  end
  out:extend(citation.suffix)
  return out
end

local function resolve(found, cited)
  return function(cite)
    local result, ours = pandoc.Inlines {}, 0
    for _, citation in ipairs(cite.citations) do
      if found[lower(citation.id)] or kinds.known(lower(citation.id)) then ours = ours + 1 end
    end
    if ours == 0 and cited then return nil end
    local gone = false
    for index, citation in ipairs(cite.citations) do
      local id = lower(citation.id)
      local target = found[id]
      if index > 1 then result:extend { pandoc.Str ',', pandoc.Space() } end
      if target then
        result:extend(link(target, citation, id))
      else
        missing(citation.id)
        gone = gone or not kinds.known(id)
        result:insert(pandoc.Strong { pandoc.Str('?@' .. citation.id) })
      end
      result:extend(suffix(citation))
    end
    if gone then return nil end
    return result
  end
end

return function(doc)
  return doc:walk { Cite = resolve(targets(doc), sources(doc.meta)) }
end
