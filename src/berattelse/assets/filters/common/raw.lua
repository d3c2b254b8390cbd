-- Raw HTML and LaTeX that the format cannot show is told of: a fault where it holds text, else a
-- warning. A line break in HTML is one in every format, and what has become a table is no loss.

local findings = require 'common.findings'
local settings = require 'common.settings'

local NAMES = { html = 'webbsidan', typst = 'PDF', docx = 'Word' }
local LATEX = { tex = true, latex = true }
local HTML = { html = true, html4 = true, html5 = true }
local ONLY_HTML = 'låt det gälla en webbsida: {.content-visible when-format="html"}'

local function first_line(text) return text:match('[^\n]*%S[^\n]*') or text end

local function brief(text)
  text = text:gsub('%s+', ' '):gsub('^ ', '')
  local length = utf8.len(text)
  return length and length > 60 and text:sub(1, utf8.offset(text, 61) - 1) .. '…' or text
end

local function bare(html)
  return (html:gsub('<!%-%-.-%-%->', ''):gsub('<style.-</style>', ''))
end

-- What shows nothing itself: comments, ends, and boxes without content of their own.
local function is_silent(html)
  local rest = bare(html):gsub('</[^>]*>', ''):gsub('<wbr[^>]*>', '')
    :gsub('<div[^>]*>', ''):gsub('<span[^>]*>', '')
  return not rest:find('%S')
end

local SHOWS = { 'img', 'iframe', 'video', 'audio', 'object', 'embed', 'svg', 'canvas', 'input' }

-- A document of its own may hold code for several formats, and Quarto is silent of it: there only
-- what HTML shows without a word of text is missed.
local function is_missed(html)
  if not settings.enskilt then return true end
  for _, name in ipairs(SHOWS) do
    if html:lower():find('<' .. name .. '%f[%A]') then return true end
  end
  return false
end

local function warn(raw, what, remedy)
  findings.warn('ra-kod', ('%s %s visas inte i %s'):format(what, brief(raw.text),
    NAMES[settings.format] or settings.format), remedy, 'text', first_line(raw.text))
end

local function latex(raw)
  if not LATEX[raw.format] then return false end
  if raw.text:find('%S') and not settings.enskilt then
    warn(raw, 'LaTeX-koden', 'skriv det i Markdown; LaTeX visas inte i något format')
  end
  return true
end

-- A key of the keyboard is written as HTML in Markdown, and every format shows it: <kbd>Ctrl</kbd>.
local function keys(inlines)
  local out, at = pandoc.Inlines {}, 1
  while at <= #inlines do
    local inline, close = inlines[at], nil
    if inline.t == 'RawInline' and HTML[inline.format] and inline.text == '<kbd>' then
      for index = at + 1, #inlines do
        if inlines[index].t == 'RawInline' and inlines[index].text == '</kbd>' then
          close = index
          break
        end
      end
    end
    if close then
      out:insert(pandoc.Span(pandoc.Inlines { table.unpack(inlines, at + 1, close - 1) },
        pandoc.Attr('', { 'kbd' })))
      at = close + 1
    else
      out:insert(inline)
      at = at + 1
    end
  end
  return out
end

local function inline(raw)
  if latex(raw) or not HTML[raw.format] then return nil end
  if raw.text:match('^<br%s*/?>$') then return pandoc.LineBreak() end
  if settings.format == 'html' or is_silent(raw.text) or not is_missed(raw.text) then return nil end
  local remedy = raw.text:find('^<img') and 'skriv bilden i Markdown: ![Vad bilden visar](fil.png)'
    or 'skriv det i Markdown, eller ' .. ONLY_HTML
  warn(raw, 'HTML-koden', remedy)
end

local function block(raw)
  if latex(raw) or not HTML[raw.format] or settings.format == 'html' then return nil end
  if is_silent(raw.text) then return nil end
  local text = bare(raw.text):gsub('<script.-</script>', ''):gsub('<[^>]*>', '')
  if text:find('%S') then
    findings.add('ra-html', ('HTML som inte är en tabell kan inte visas i %s: %s')
      :format(NAMES[settings.format], brief(text)),
      'skriv det i Markdown, eller ' .. ONLY_HTML, 'text', first_line(raw.text))
  elseif is_missed(raw.text) then
    warn(raw, 'HTML-koden', 'skriv det i Markdown, eller ' .. ONLY_HTML)
  end
end

return function(doc)
  if settings.format ~= 'html' then doc = doc:walk { Inlines = keys } end
  return doc:walk { RawInline = inline, RawBlock = block }
end
