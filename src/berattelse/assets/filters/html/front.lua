-- What page.html asks for: the date in words, the sender, the depth of the contents.

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

return function(doc)
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
