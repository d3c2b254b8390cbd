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

-- Commands whose arguments are no text of the document.
local SETS = {
  vspace = true, hspace = true, label = true, ref = true, pageref = true, cite = true, input = true,
  newcommand = true, renewcommand = true, providecommand = true, def = true, let = true,
  usepackage = true, setlength = true, setcounter = true, addtocounter = true, pagestyle = true,
  thispagestyle = true, include = true, includegraphics = true, color = true, index = true,
  pagenumbering = true, fontsize = true, selectfont = true, bibliography = true, newpage = true,
}

-- Whether LaTeX that stands in the text without a word of the format holds text that a reader
-- misses: \textbf{ord}, an environment.
local function has_text(code)
  if code:find('^%s*\\begin{') then
    return code:gsub('\\%a+%*?', ''):gsub('%b[]', ''):gsub('{[%w*]+}', ''):find('%w') ~= nil
  end
  local name, argument = code:match('^%s*\\(%a+)%*?.-{(.-)}')
  return name ~= nil and not SETS[name] and argument:find('%w') ~= nil
end

-- Formats that raw code may be meant for: none of them is a slip of the pen.
local FORMATS = {}
for name in ([[ansi asciidoc asciidoctor bbcode beamer biblatex bibtex chunkedhtml commonmark
  commonmark_x context csljson djot docbook docbook4 docbook5 docusaurus docx dokuwiki dzslides
  email epub epub2 epub3 fb2 gfm haddock hugo icml ipynb jats jira json latex man markdown markua
  mdx mediawiki ms muse native odt opendocument opml openxml org pdf plain pptx revealjs rst rtf s5
  slideous slidy tei tex texinfo textile typst vimdoc xwiki zimwiki html html4 html5]])
  :gmatch '%S+' do FORMATS[name] = true end

local function unknown(raw)
  local name = raw.format:gsub('[+-].*', '')
  if not settings.enskilt or FORMATS[name] or name:find('^pandoc%-reader') then return end
  findings.warn('ra-kod', ('formatet {=%s} finns inte: %s är inte med'):format(raw.format,
    brief(raw.text)), 'kontrollera stavningen', 'text', first_line(raw.text))
end

-- Elements of HTML, and of the drawings and formulas in it: what else stands in pointed brackets in
-- running text is likely to be text.
local ELEMENTS = {}
for name in ([[a abbr acronym address applet area article aside audio b base basefont bdi bdo big
  blink blockquote body br button canvas caption center cite code col colgroup data datalist dd del
  details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset
  h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map
  mark marquee menu meta meter nav nobr noscript object ol optgroup option output p param picture pre
  progress q rp rt ruby s samp script search section select slot small source span strike strong style
  sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var
  video wbr circle clippath defs ellipse filter foreignobject g image line lineargradient marker mask
  path pattern polygon polyline radialgradient rect stop symbol text textpath tspan use view animate
  math mi mn mo ms mtext mrow mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr
  mtd mspace mstyle mpadded mphantom menclose semantics annotation]]):gmatch '%S+' do
  ELEMENTS[name] = true
end

local function no_element(raw)
  local name = raw.text:match('^<(%a[%w:_]*)[%s/>]')
  if not settings.enskilt or not HTML[raw.format] or not name or ELEMENTS[name:lower()]
    or raw.text:find('^<[%w:_]*%-') then
    return
  end
  findings.warn('ra-kod', ('%s läses som HTML, men är inget som HTML känner: det syns inte')
    :format(brief(raw.text)), ('skriv \\%s om det är text'):format(brief(raw.text)), 'text', raw.text)
end

local function latex(raw)
  if not LATEX[raw.format] then return false end
  local missed = raw.text:find('%S')
  -- Quarto passes over it in silence, so that only text that a reader misses is told of
  if settings.enskilt then missed = raw.format == 'tex' and has_text(raw.text) end
  if missed then
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
  unknown(raw)
  no_element(raw)
  if latex(raw) or not HTML[raw.format] then return nil end
  if raw.text:match('^<br%s*/?>$') then return pandoc.LineBreak() end
  if settings.format == 'html' or is_silent(raw.text) or not is_missed(raw.text) then return nil end
  local remedy = raw.text:find('^<img') and 'skriv bilden i Markdown: ![Vad bilden visar](fil.png)'
    or 'skriv det i Markdown, eller ' .. ONLY_HTML
  warn(raw, 'HTML-koden', remedy)
end

local function block(raw)
  unknown(raw)
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
