-- Neutral AST (after common.lua) -> what pandoc's docx writer turns into Word paragraphs.
--
-- What the writer has no words for is told to typeset/word/ by empty elements in our own XML
-- namespace, `b:`; that code takes them out again. Nothing of a text goes into raw XML unescaped.

local NS = 'xmlns:b="urn:berattelse:word"'
local NBSP = '\u{00A0}'

local CALLOUT_TITLES = {
  note = 'Observera', tip = 'Tips', warning = 'Varning', important = 'Viktigt',
  caution = 'Var försiktig',
}

-- Kind -> name of the paragraph style, and its id.
local BOXES = {
  note = { 'Faktaruta', 'Faktaruta' }, tip = { 'Faktaruta tips', 'Faktarutatips' },
  warning = { 'Faktaruta varning', 'Faktarutavarning' },
  important = { 'Faktaruta viktigt', 'Faktarutaviktigt' },
  caution = { 'Faktaruta försiktig', 'Faktarutaforsiktig' },
}

local ESCAPES = { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }

local function escape(text)
  -- XML 1.0 has no way to write most control characters.
  return (text:gsub('[%z\1-\8\11\12\14-\31]', ''):gsub('[&<>"]', ESCAPES))
end

local function mark(name, attributes)
  local out = { '<b:' .. name .. ' ' .. NS }
  for _, pair in ipairs(attributes or {}) do
    out[#out + 1] = (' %s="%s"'):format(pair[1], escape(pair[2]))
  end
  return table.concat(out) .. '/>'
end

local function raw(xml) return pandoc.RawInline('openxml', xml) end
local function raw_block(xml) return pandoc.RawBlock('openxml', xml) end

local function run(text)
  return ('<w:r><w:t xml:space="preserve">%s</w:t></w:r>'):format(escape(text))
end

local function field(code, result)
  local function char(kind) return ('<w:r><w:fldChar w:fldCharType="%s"/></w:r>'):format(kind) end
  return char('begin')
    .. ('<w:r><w:instrText xml:space="preserve"> %s </w:instrText></w:r>'):format(escape(code))
    .. char('separate') .. run(result) .. char('end')
end

local function styled(style, blocks)
  return pandoc.Div(blocks, pandoc.Attr('', {}, { { 'custom-style', style } }))
end

-- Bookmarks: names of at most 40 letters, digits and _, each one once ------------------------

local targets = {}   -- id -> { ref = bookmark, nummer =, etikett = }
local taken = {}
local counters = {}  -- label -> last number that a SEQ field of that label gives

local function add_target(id, attributes)
  if id == '' or targets[id] then return end
  local base = '_Ref_' .. id:gsub('[^%w]', '_'):sub(1, 28)
  local name, n = base, 1
  while taken[name:lower()] do
    n = n + 1
    name = base .. '_' .. n
  end
  taken[name:lower()] = true
  targets[id] = { ref = name, nummer = attributes.nummer or '', etikett = attributes.etikett or '' }
end

local collect = {
  traverse = 'topdown',
  Header = function(h) add_target(h.identifier, h.attributes) end,
  Div = function(d) if d.classes:includes('flyt') then add_target(d.identifier, d.attributes) end end,
}

-- References and captions --------------------------------------------------------------------

local function hyperlink(anchor, inlines)
  local out = pandoc.Inlines { raw(('<w:hyperlink w:anchor="%s" w:history="1">'):format(anchor)) }
  out:insert(pandoc.Span(inlines, pandoc.Attr('', {}, { { 'custom-style', 'Hyperlink' } })))
  out:insert(raw('</w:hyperlink>'))
  return out
end

local function reference(link, target)
  local text = pandoc.utils.stringify(link.content)
  local nummer = target.nummer
  if nummer == '' or text:sub(-#nummer) ~= nummer then
    return hyperlink(target.ref, link.content)
  end
  if target.etikett ~= '' and text == target.etikett .. NBSP .. nummer then
    return raw(field('REF ' .. target.ref .. ' \\h', text))
  end
  local before = text:sub(1, #text - #nummer)
  local code = target.etikett == '' and ('REF ' .. target.ref .. ' \\r \\h')
    or ('REF ' .. target.ref .. '_n \\h')
  return raw((before ~= '' and run(before) or '') .. field(code, nummer))
end

local function Link(link)
  if link.target:sub(1, 1) ~= '#' then return nil end
  local target = targets[link.target:sub(2)]
  if not target then return nil end
  if link.classes:includes('korsref') then return reference(link, target) end
  return hyperlink(target.ref, link.content)
end

-- "Tabell 3. " with the number as a SEQ field; two bookmarks: label with number, number alone.
local function caption_prefix(target)
  local label, nummer = target.etikett, target.nummer
  local number
  if nummer:match('^%d+$') then
    local code = 'SEQ ' .. label .. ' \\* ARABIC'
    if tonumber(nummer) ~= (counters[label] or 0) + 1 then code = code .. ' \\r ' .. nummer end
    counters[label] = tonumber(nummer)
    number = field(code, nummer)
  else
    number = run(nummer)
  end
  local function bookmark(name, content)
    return ('<w:bookmarkStart w:id="0" w:name="%s"/>%s<w:bookmarkEnd w:id="0" %s b:of="%s"/>')
      :format(name, content, NS, name)
  end
  return raw(bookmark(target.ref, run(label .. NBSP) .. bookmark(target.ref .. '_n', number))
    .. run('. '))
end

local function caption(div, target)
  local inlines = pandoc.utils.blocks_to_inlines(div.content, { pandoc.Space() })
  if target and target.nummer ~= '' then inlines:insert(1, caption_prefix(target)) end
  return styled('caption', { pandoc.Para(inlines) })
end

-- Floats -------------------------------------------------------------------------------------

local function float(div)
  local target = targets[div.identifier]
  local is_table = div.classes:includes('tabell')
  local title, head, body, notes = '', nil, pandoc.Blocks {}, pandoc.Blocks {}
  for _, block in ipairs(div.content) do
    local classes = block.t == 'Div' and block.classes or pandoc.List {}
    if classes:includes('bildtext') then
      title = pandoc.utils.stringify(block.content)
      head = caption(block, target)
    elseif classes:includes('tabellnot') then
      notes:insert(styled('Tabellnot', block.content))
    else
      body:insert(block)
    end
  end
  if target and target.nummer ~= '' then
    title = target.etikett .. ' ' .. target.nummer .. '. ' .. title
  end
  local out = pandoc.Blocks {}
  out:insert(raw_block(mark('flyt', {
    { 'typ', is_table and 'tabell' or 'figur' }, { 'titel', title }, { 'id', div.identifier } })))
  if is_table and head then out:insert(head) end
  if is_table then out:extend(body) else out:insert(styled('Figur', body)) end
  if not is_table and head then out:insert(head) end
  out:extend(notes)
  out:insert(raw_block(mark('flytslut')))
  return out
end

local function callout(div)
  local kind = 'note'
  for _, class in ipairs(div.classes) do kind = class:match('^callout%-(%a+)$') or kind end
  local title = div.attributes.title
  if not title or title == '' then title = CALLOUT_TITLES[kind] or CALLOUT_TITLES.note end
  local name, id = table.unpack(BOXES[kind] or BOXES.note)
  return {
    raw_block(mark('ruta', { { 'stil', id } })),
    styled(name .. ' rubrik', { pandoc.Para(pandoc.Inlines(title)) }),
    styled(name, div.content),
    raw_block(mark('rutslut')),
  }
end

local function Div(div)
  if div.classes:includes('flyt') then return float(div) end
  if div.classes:includes('callout') then return callout(div) end
  if div.classes:includes('sidbrytning') then return raw_block(mark('sidbrytning')) end
end

-- Tables: the writer forgets the classes of rows and which rows are groups -------------------

local function mark_row(row, xml)
  local cell = row.cells[1]
  if not cell then return end
  local first = cell.contents[1]
  if first and (first.t == 'Plain' or first.t == 'Para') then
    first.content:insert(1, raw(xml))
  else
    cell.contents:insert(1, pandoc.Plain { raw(xml) })
  end
end

local function Table(tbl)
  for _, row in ipairs(tbl.head.rows) do mark_row(row, mark('rad', { { 'klass', 'huvud' } })) end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.head) do mark_row(row, mark('rad', { { 'klass', 'grupp' } })) end
    for _, row in ipairs(body.body) do
      for _, kind in ipairs { 'summa', 'delsumma' } do
        if row.classes:includes(kind) then mark_row(row, mark('rad', { { 'klass', kind } })) end
      end
    end
  end
  for _, row in ipairs(tbl.foot.rows) do mark_row(row, mark('rad', { { 'klass', 'summa' } })) end
  local align = {}
  for _, spec in ipairs(tbl.colspecs) do
    align[#align + 1] = spec[1] == 'AlignRight' and 'h' or spec[1] == 'AlignCenter' and 'c' or 'v'
  end
  return { raw_block(mark('tabell', { { 'kolumner', table.concat(align) } })), tbl }
end

-- The rest -----------------------------------------------------------------------------------

local function Header(h)
  local target = targets[h.identifier]
  h.content:insert(1, raw(mark('rubrik', {
    { 'ref', target and target.ref or '' }, { 'nummer', h.attributes.nummer or '' } })))
  h.identifier = ''
  return h
end

-- Word shows the raster image: the same chart, written beside the SVG.
local function Image(image)
  image.src = image.src:gsub('%.svg$', '.png')
  return image
end

local function Span(span)
  if span.classes:includes('platshallare') then
    return pandoc.Span(span.content, pandoc.Attr('', {}, { { 'custom-style', 'Platshållare' } }))
  end
end

function Pandoc(doc)
  doc:walk(collect)
  doc = doc:walk {
    Div = Div, Table = Table, Header = Header, Link = Link, Image = Image, Span = Span,
  }
  -- The cover and the properties are written from the metadata elsewhere; Word has no plain `sv`.
  local lang = doc.meta.lang and pandoc.utils.stringify(doc.meta.lang) or 'sv'
  doc.meta = pandoc.Meta { lang = lang == 'sv' and 'sv-SE' or lang }
  return doc
end
