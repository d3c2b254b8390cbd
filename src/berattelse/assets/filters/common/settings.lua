-- What the steps need to know of the run: the format in Quarto's words, whether the document is one
-- of its own or a berättelse, its language's words, and how things are numbered.

local stringify = pandoc.utils.stringify
local words_of = require 'common.words'

local M = {}

-- 'html', 'typst' or 'docx'; html4 and html5 are html.
M.format = FORMAT:match('^html') and 'html' or FORMAT:match('^[^+-]+')

-- A document that is rendered by itself follows Quarto's rules; a berättelse has stricter ones.
M.enskilt = false

-- Whether it asks for PDF/UA itself: then nothing stands in for a missing alternative text.
M.pdfua = false

-- Quarto's names of words in `language:` -> ours.
local LANGUAGE = {
  ['callout-note-title'] = 'note', ['callout-tip-title'] = 'tip',
  ['callout-warning-title'] = 'warning', ['callout-important-title'] = 'important',
  ['callout-caution-title'] = 'caution', ['environment-proof-title'] = 'proof',
  ['environment-remark-title'] = 'remark', ['environment-solution-title'] = 'solution',
  ['section-title-abstract'] = 'abstract', ['code-summary'] = 'code',
  ['title-block-author-single'] = 'author', ['title-block-author-plural'] = 'authors',
  ['title-block-published'] = 'published', ['title-block-modified'] = 'modified',
  ['title-block-keywords'] = 'keywords', ['section-title-references'] = 'references',
  ['section-title-appendices'] = 'appendices', ['section-title-footnotes'] = 'footnotes',
}

local function is_table(value)
  local kind = pandoc.utils.type(value)
  return kind == 'table' or kind == 'Meta'
end

local function reset(lang)
  local words = words_of(lang)
  M.lang = lang
  M.etikett, M.prefix, M.ord, M.numrering, M.egna = {}, {}, {}, {}, {}
  for key, word in pairs(words.etikett) do M.etikett[key] = word end
  for key, word in pairs(words.ord) do M.ord[key] = word end
  setmetatable(M.prefix, { __index = M.etikett })
  M.avgransare = '.'
  M.reflank = true
  M.kapitel = false
  M.bildtextplats = { fig = 'bottom', tbl = 'top', lst = 'top' }
  M.djup = 6
end

reset('sv')

-- custom: [{kind: float, key: vid, reference-prefix: Video, caption-prefix: Video}]
local function read_custom(list)
  for _, one in ipairs(list or {}) do
    local key = one.key and stringify(one.key)
    if key then
      local own = {}
      for name, value in pairs(one) do
        own[name] = type(value) == 'boolean' and value or stringify(value)
      end
      local word = own['caption-prefix'] or own['reference-prefix'] or key
      M.egna[key] = own
      M.etikett[key] = word
      M.prefix[key] = own['reference-prefix'] or word
      if own['caption-location'] then M.bildtextplats[key] = own['caption-location'] end
    end
  end
end

-- Read Quarto's own keys: lang, language, crossref, *-cap-location, number-depth.
function M.read(meta)
  M.enskilt = meta.enskilt == true
  reset(M.enskilt and stringify(meta.lang or 'en') or 'sv')
  if M.enskilt then M.avgransare = ':' end
  M.pdfua = M.enskilt and meta['pdf-standard'] ~= nil
    and stringify(meta['pdf-standard']):lower():find('ua-', 1, true) ~= nil
  if is_table(meta.language) then
    for key, value in pairs(meta.language) do
      local kind = key:match('^crossref%-(%l+)%-title$') or key:match('^crossref%-(%l+)%-prefix$')
      if kind then
        M[key:find('prefix$') and 'prefix' or 'etikett'][kind] = stringify(value)
      elseif LANGUAGE[key] then
        M.ord[LANGUAGE[key]] = stringify(value)
      end
    end
  end
  local crossref = meta.crossref
  if is_table(crossref) then
    read_custom(crossref.custom)
    for key, value in pairs(crossref) do
      local kind, what = key:match('^(%w+)%-(%l+)$')
      if what == 'title' then
        M.etikett[kind] = stringify(value)
      elseif what == 'prefix' and M.enskilt then
        M.prefix[kind] = stringify(value)
      elseif what == 'prefix' then
        M.etikett[kind] = stringify(value)
      elseif what == 'labels' then
        M.numrering[kind] = stringify(value)
      end
    end
    if crossref['title-delim'] then M.avgransare = stringify(crossref['title-delim']) end
    if crossref['ref-hyperlink'] == false then M.reflank = false end
    M.kapitel = crossref.chapters == true
  end
  for kind in pairs(M.etikett) do
    local where = meta[kind .. '-cap-location'] or meta['cap-location']
    if where then M.bildtextplats[kind] = stringify(where) end
  end
  if meta['number-depth'] then M.djup = tonumber(stringify(meta['number-depth'])) or M.djup end
end

local ROMAN = {
  { 1000, 'm' }, { 900, 'cm' }, { 500, 'd' }, { 400, 'cd' }, { 100, 'c' }, { 90, 'xc' },
  { 50, 'l' }, { 40, 'xl' }, { 10, 'x' }, { 9, 'ix' }, { 5, 'v' }, { 4, 'iv' }, { 1, 'i' },
}

local function roman(number)
  local out = ''
  for _, pair in ipairs(ROMAN) do
    while number >= pair[1] do
      out = out .. pair[2]
      number = number - pair[1]
    end
  end
  return out
end

-- Quarto's styles: arabic, roman, "roman i|I", "alpha x": letters from x on, in its case.
local function styled(style, number)
  local how, first = style:match('^%s*(%a+)%s*(%a?)')
  if how == 'roman' then
    local text = roman(number)
    return first:match('%u') and text:upper() or text
  elseif how == 'alpha' then
    first = first ~= '' and first or 'a'
    local base = first:match('%u') and 65 or 97
    local place = first:byte() - base + number - 1
    local text = ''
    repeat
      text = string.char(base + place % 26) .. text
      place = place // 26 - 1
    until place < 0
    return text
  end
  return tostring(number)
end

-- The number of the n:th thing of a kind, as it is printed.
function M.nummer(kind, number)
  return styled(M.numrering[kind] or M.numrering.labels or 'arabic', number)
end

-- What the n:th part of a float is called: a, b, …
function M.delar(number)
  return styled(M.numrering.subref or 'alpha a', number)
end

-- The value at a dotted path, such as data.investeringar; nil when there is none.
function M.lookup(meta, path)
  local value = meta
  for key in path:gmatch('[^.]+') do
    if type(value) ~= 'table' and type(value) ~= 'userdata' then return nil end
    value = value[key]
  end
  return value
end

return M
