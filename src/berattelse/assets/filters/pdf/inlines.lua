-- Inline elements as typst markup.

local findings = require 'common.findings'
local lit = require 'pdf.literal'
local settings = require 'common.settings'
local stringify = pandoc.utils.stringify

local M = {}

local render = {}

-- Set by pdf.blocks, which needs this module: footnotes hold blocks.
M.note = nil

local function call(name)
  return function(inline)
    return ('#%s[%s];'):format(name, M.markup(inline.content))
  end
end

render.Emph = call 'emph'
render.Strong = call 'strong'
render.Underline = call 'underline'
render.Strikeout = call 'strike'
render.Superscript = call 'super'
render.Subscript = call 'sub'
render.SmallCaps = call 'smallcaps'

function render.LineBreak() return '#linebreak();' end

function render.Code(code) return ('#raw(%s);'):format(lit.str(code.text)) end

function render.Note(note) return M.note(note) end

function render.Cite(cite) return M.markup(cite.content) end

function render.Quoted(quoted)
  local mark = quoted.quotetype == 'DoubleQuote' and '”' or '’'
  return lit.text(mark) .. M.markup(quoted.content) .. lit.text(mark)
end

-- PDF/UA asks for a text for each formula; its source is read out for want of a better one.
local function formula(math, alt, numbering)
  local typst = pandoc.write(pandoc.Pandoc { pandoc.Plain { math } }, 'typst'):gsub('%s+$', '')
  -- One who asks for PDF/UA by name is told, as typst does it, which formulas have no text.
  local said = alt or not settings.pdfua and math.text or nil
  return ('math.equation(alt: %s, block: %s, numbering: %s, %s)')
    :format(said and lit.str(said) or 'none', tostring(math.mathtype == 'DisplayMath'), numbering or 'none',
      typst)
end

function render.Math(math) return '#' .. formula(math) .. ';' end

local function equation(span)
  local code = formula(span.content[1], span.attributes.alt,
    ('(..) => [(%s)]'):format(lit.text(span.attributes.nummer)))
  return ('#[#%s#label(%s)];'):format(code, lit.str(span.identifier))
end

function render.RawInline(raw)
  if raw.format == 'typst' then return lit.raw(raw.text, '') end
  if raw.format == 'html' and raw.text:match('^<br%s*/?>$') then return '#linebreak();' end
  return ''
end

-- What typst's own references lead to -> its number; enskilt.typ shows them.
M.referred = {}

local function reference(link, id)
  local word, number = link.attributes.ord, link.attributes.nummer
  if not word or not id:find('^[%a_][%w_-]*$') then return nil end
  M.referred[id] = number
  local plain = word:find('^%a[%a. ]*$')
  return ('#ref(<%s>, supplement: [%s]);'):format(id, plain and word or lit.text(word))
end

function render.Link(link)
  local body = M.markup(link.content)
  local id = link.target:match('^#(.+)$')
  if id then
    local own = reference(link, id)
    if own then return own end
    return ('#hanvisning(%s)[%s];'):format(lit.str(id), body) .. lit.anchor(link.identifier)
  end
  -- Told of by common.identifiers; typst has no link without an address.
  if not link.target:find('%S') then return body end
  return ('#extern(%s)[%s];'):format(lit.str(link.target), body) .. lit.anchor(link.identifier)
end

-- The file as it is named, or as a web address is written: bl%C3%A5%20karta.png.
local function file_of(image)
  local function exists(name)
    local file = io.open(name, 'rb')
    if file then file:close() end
    return file ~= nil
  end
  local src = image.src
  local named = findings.file(src)
  local decoded = src:gsub('%%(%x%x)', function(hex) return string.char(tonumber(hex, 16)) end)
  if exists(src) then return src end
  if exists(decoded) then return decoded end
  if src:find('^%a[%w+.-]+:') then
    findings.add('bild', ('bilden %s ligger inte i projektet'):format(named:sub(1, 80)),
      'spara bilden som en fil; bilder hämtas inte från nätet', 'bild', src)
  else
    findings.add('bild', ('bilden %s finns inte'):format(named),
      'kontrollera sökvägen och stavningen', 'bild', src)
  end
  return src
end

function M.image(image)
  local alt = stringify(image.caption)
  local code = ('bild(%s, %s%s)'):format(lit.str(file_of(image)),
    alt ~= '' and ('alt: %s, '):format(lit.str(alt)) or '', lit.length(image.attributes.width))
  return image.classes:includes('utsmyckning') and ('pdf.artifact(%s)'):format(code) or code
end

function render.Image(image) return '#box(' .. M.image(image) .. ');' end

local SPANS = {
  mark = 'markerad', kbd = 'tangent', aside = 'marginaltext', ['column-margin'] = 'marginaltext',
}

function render.Span(span)
  if span.classes:includes('ekvation') then return equation(span) end
  local body = M.markup(span.content)
  for _, class in ipairs(span.classes) do
    if SPANS[class] then body = ('#%s[%s];'):format(SPANS[class], body) end
  end
  if span.classes:includes('platshallare') then body = ('#platshallare[%s];'):format(body) end
  if span.classes:includes('smallcaps') then body = ('#smallcaps[%s];'):format(body) end
  if span.classes:includes('underline') then body = ('#underline[%s];'):format(body) end
  -- Text that brings a direction of its own is isolated, as HTML does for the attribute.
  if span.attributes.dir then body = lit.text('\u{2068}') .. body .. lit.text('\u{2069}') end
  if span.attributes.lang then
    body = ('#text(lang: %s)[%s];'):format(lit.str(span.attributes.lang:sub(1, 2)), body)
  end
  return lit.anchor(span.identifier) .. body
end

local PLAIN = { Str = true, Space = true, SoftBreak = true }

-- The text of inlines that are nothing but text, else nil.
function M.plain_text(inlines)
  local parts = {}
  for _, inline in ipairs(inlines) do
    if not PLAIN[inline.t] then return nil end
    parts[#parts + 1] = inline.t == 'Str' and inline.text or ' '
  end
  return table.concat(parts)
end

function M.markup(inlines)
  local out, run = {}, {}
  local function flush()
    if #run > 0 then out[#out + 1] = lit.text(table.concat(run)) end
    run = {}
  end
  for _, inline in ipairs(inlines) do
    if PLAIN[inline.t] then
      run[#run + 1] = inline.t == 'Str' and inline.text or ' '
    else
      flush()
      local how = render[inline.t]
      if not how then error('okänt inslag i texten: ' .. inline.t) end
      out[#out + 1] = how(inline)
    end
  end
  flush()
  return table.concat(out)
end

return M
