-- What page.html asks for: the date in words, the sender, the depth of the contents.

local settings = require 'common.settings'
local stringify = pandoc.utils.stringify

local MONTHS = {
  'januari', 'februari', 'mars', 'april', 'maj', 'juni', 'juli', 'augusti',
  'september', 'oktober', 'november', 'december',
}

local function in_words(iso)
  local year, month, day = iso:match('^(%d%d%d%d)%-(%d%d)%-(%d%d)')
  if not year then return iso end
  return ('%d\u{a0}%s\u{a0}%s'):format(tonumber(day), MONTHS[tonumber(month)], year)
end

-- The writer leaves quotation marks in text as they are: one would end the attribute.
local function attribute(text)
  local escapes = { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }
  return pandoc.Inlines { pandoc.RawInline('html', (text:gsub('[&<>"]', escapes))) }
end

-- What enskild.html asks for: the words of the document's language, and which parts there are.
local function alone(doc)
  local meta = doc.meta
  local words = {}
  for key, word in pairs(settings.ord) do words[key] = word end
  if meta['by-author'] and #meta['by-author'] > 1 then words.author = words.authors end
  meta.ord = words
  -- In the page each of them is one line of text, however it was written.
  for _, name in ipairs { 'title', 'subtitle' } do
    if pandoc.utils.type(meta[name]) == 'Blocks' then
      meta[name] = pandoc.MetaInlines(pandoc.utils.blocks_to_inlines(meta[name], { pandoc.LineBreak() }))
    end
  end
  meta['toc-vid-sidan'] = stringify(meta['toc-location'] or '') ~= 'body'
  meta.titelrad = meta['by-author'] or meta.date or meta['date-modified'] or meta.doi
  meta.bilagor = meta.license or meta.copyright or meta.citat
  meta.nyckelord = meta.keywords and not meta['hide-keywords']
  local named = meta.pagetitle or meta.title
  meta.pagetitle = named and stringify(named) or 'Dokument'
  local authors = pandoc.List {}
  for _, author in ipairs(meta['by-author'] or {}) do
    authors:insert(attribute(stringify(author.name)))
  end
  meta['author-meta'] = authors
  if meta.description then meta['description-meta'] = attribute(stringify(meta.description)) end
  return doc
end

return function(doc)
  if settings.enskilt then return alone(doc) end
  local meta = doc.meta
  if meta.datum then
    meta['datum-i-ord'] = in_words(stringify(meta.datum))
    meta.datum = attribute(stringify(meta.datum))
  end
  local sender = pandoc.List {}
  if meta.namnd then sender:insert(stringify(meta.namnd)) end
  if meta.kommun then
    meta['kommun-namn'] = stringify(meta.kommun)
    sender:insert(meta['kommun-namn'])
  end
  meta.avsandare = table.concat(sender, ', ')
  meta.forfattare = attribute(meta.avsandare)
  meta.pagetitle = stringify(meta.title or '')
    .. (#sender > 0 and ' – ' .. meta.avsandare or '')
  return doc
end
