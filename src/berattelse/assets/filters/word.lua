-- Neutral AST (after common.lua) -> what pandoc's docx writer turns into Word paragraphs.
--
-- What the writer has no words for is told to typeset/word/ by empty elements in our own XML
-- namespace, `b:`; that code takes them out again. Nothing of a text goes into raw XML unescaped.

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
package.path = pandoc.path.join { folder, '?.lua' } .. ';' .. package.path

local findings = require 'common.findings'
local settings = require 'common.settings'

local xml = require 'word.xml'

local mark, raw, raw_block, run = xml.mark, xml.raw, xml.raw_block, xml.run
local field, bookmark = xml.field, xml.bookmark
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

local function styled(style, blocks)
  return pandoc.Div(blocks, pandoc.Attr('', {}, { { 'custom-style', style } }))
end

-- Bookmarks: names of at most 40 letters, digits and _, each one once ------------------------

local targets = {}   -- id -> { ref = bookmark, nummer =, etikett = }
local taken = {}
local counters = {}  -- label -> last number that a SEQ field of that label gives

local function bookmark_of(id)
  -- A document of its own keeps the names that its writer gave, where Word can hold them.
  if settings.enskilt and #id <= 38 and id:find('^%a[%w_-]*$') then return id end
  local base = '_Ref_' .. id:gsub('[^%w]', '_'):sub(1, 28)
  local name, n = base, 1
  while taken[name:lower()] do
    n = n + 1
    name = base .. '_' .. n
  end
  return name
end

local function add_target(id, attributes)
  if id == '' or targets[id] then return end
  local name = bookmark_of(id)
  taken[name:lower()] = true
  targets[id] = { ref = name, nummer = attributes.nummer or '', etikett = attributes.etikett or '' }
end

local BOXES_ETC = { 'flyt', 'callout', 'sats', 'flik' }

local collect = {
  traverse = 'topdown',
  Header = function(h) add_target(h.identifier, h.attributes) end,
  Div = function(d)
    for _, class in ipairs(BOXES_ETC) do
      if d.classes:includes(class) then
        add_target(d.identifier, d.attributes)
        -- A part is referred to by the whole's number and its letter, which is no field.
        if d.classes:includes('del') and targets[d.identifier] then targets[d.identifier].del = true end
      end
    end
  end,
  Span = function(span)
    if span.classes:includes('ekvation') then
      add_target(span.identifier, span.attributes)
      targets[span.identifier].bara = true
    end
  end,
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
  if target.del or nummer == '' or text:sub(-#nummer) ~= nummer then
    return hyperlink(target.ref, link.content)
  end
  if target.etikett ~= '' and not target.bara and text == target.etikett .. NBSP .. nummer then
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

-- The number as a SEQ field, which Word counts anew; what is no plain number stands as text.
local function sequence(target)
  local label, nummer = target.etikett, target.nummer
  if not nummer:match('^%d+$') then return run(nummer) end
  local name = label:find('%s') and ('"%s"'):format(label:gsub('"', '')) or label
  local code = 'SEQ ' .. name .. ' \\* ARABIC'
  if tonumber(nummer) ~= (counters[label] or 0) + 1 then code = code .. ' \\r ' .. nummer end
  counters[label] = tonumber(nummer)
  return field(code, nummer)
end

-- "Tabell 3" with two bookmarks: label with number, number alone.
local function numbered(target)
  return bookmark(target.ref,
    run(target.etikett .. NBSP) .. bookmark(target.ref .. '_n', sequence(target)))
end

local function caption_prefix(target, has_words)
  return raw(numbered(target) .. (has_words and run(settings.avgransare .. ' ') or ''))
end

local function caption(div, target)
  local inlines = pandoc.utils.blocks_to_inlines(div.content, { pandoc.Space() })
  if target and target.nummer ~= '' then
    inlines:insert(1, caption_prefix(target, #inlines > 0))
  end
  if #inlines == 0 then return nil end
  return styled('caption', { pandoc.Para(inlines) })
end

-- Floats -------------------------------------------------------------------------------------

local function holds(blocks, kind)
  local found = false
  local function see() found = true end
  pandoc.Blocks(blocks):walk { [kind] = see }
  return found
end

-- A part of a figure or of a table of tables: its own caption where it stands, "(a) …".
local function part(div)
  local target = targets[div.identifier]
  local words = pandoc.utils.blocks_to_inlines(div.content[1].content)
  if target and target.nummer ~= '' then
    words:insert(1, raw(bookmark(target.ref, run('(' .. target.nummer .. ')')) .. run(' ')))
  end
  local head = #words > 0 and styled('caption', { pandoc.Para(words) })
  local body = pandoc.Blocks {}
  for index = 2, #div.content do body:insert(div.content[index]) end
  local over = (div.attributes.lage or (div.classes:includes('figur') and 'bottom' or 'top')) == 'top'
  local out = pandoc.Blocks {}
  if over and head then out:insert(head) end
  if holds(body, 'Image') then out:insert(styled('Figur', body)) else out:extend(body) end
  if not over and head then out:insert(head) end
  return out
end

local function float(div)
  if div.classes:includes('del') then return part(div) end
  local target = targets[div.identifier]
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
    title = target.etikett .. ' ' .. target.nummer .. (title ~= '' and '. ' or '') .. title
  end
  local has_table, has_picture = holds(body, 'Table'), holds(body, 'Image')
  local over = (div.attributes.lage or (div.classes:includes('figur') and 'bottom' or 'top')) == 'top'
  local kind = has_table and 'tabell' or has_picture and 'figur' or 'annat'
  local out = pandoc.Blocks {}
  out:insert(raw_block(mark('flyt', { { 'typ', kind }, { 'titel', title }, { 'id', div.identifier },
    { 'rubrik', over and 'over' or 'under' } })))
  if over and head then out:insert(head) end
  if kind == 'figur' then out:insert(styled('Figur', body)) else out:extend(body) end
  if not over and head then out:insert(head) end
  out:extend(notes)
  out:insert(raw_block(mark('flytslut')))
  return out
end

local function callout(div)
  local kind = 'note'
  for _, class in ipairs(div.classes) do kind = class:match('^callout%-(%l+)$') or kind end
  local title = div.attributes.title
  if not title or title == '' then title = CALLOUT_TITLES[kind] or CALLOUT_TITLES.note end
  local words = pandoc.Inlines(title)
  local first = div.content[1]
  if first and first.t == 'Div' and first.classes:includes('ruttitel') then
    words = div.content:remove(1).content[1].content
  end
  local target = targets[div.identifier]
  if target and target.nummer ~= '' then
    if div.attributes.namnlos then words = pandoc.Inlines {} end
    words:insert(1, caption_prefix(target, #words > 0))
  end
  local name, id = table.unpack(BOXES[kind] or BOXES.note)
  return {
    raw_block(mark('ruta', { { 'stil', id } })),
    styled(name .. ' rubrik', { pandoc.Para(words) }),
    styled(name, div.content),
    raw_block(mark('rutslut')),
  }
end

-- "Teorem 1 (Pythagoras). " first in the theorem's first paragraph.
local function theorem(div)
  local target = targets[div.identifier]
  local words = pandoc.Inlines {}
  local first = div.content[1]
  if first and first.t == 'Div' and first.classes:includes('satstitel') then
    words:extend { pandoc.Space(), pandoc.Str '(' }
    words:extend(div.content:remove(1).content[1].content)
    words:insert(pandoc.Str ')')
  end
  words:insert(pandoc.Str '.')
  local named = target and target.nummer ~= ''
  local head = pandoc.Inlines {}
  if named then
    head:insert(raw(numbered(target)))
    head:insert(pandoc.Strong(words))
  else
    words:insert(1, pandoc.Str(div.attributes.etikett or ''))
    head:insert(pandoc.Emph(words))
  end
  head:insert(pandoc.Space())
  first = div.content[1]
  if first and (first.t == 'Para' or first.t == 'Plain') then
    head:extend(first.content)
    first.content = head
  else
    div.content:insert(1, pandoc.Para(head))
  end
  return div.content
end

-- Tabs become headings in sequence, none of them deeper than one step below the heading before.
local level_before = 0

local function tab(div)
  local level = tonumber(div.attributes.niva) or 2
  local target = targets[div.identifier]
  local head = pandoc.Header(level, { raw(mark('rubrik', {
    { 'ref', target and target.ref or '' }, { 'nummer', '' } })), pandoc.Str(div.attributes.titel) })
  local out = pandoc.Blocks { head }
  out:extend(div.content)
  return out
end

local function listing(div)
  local out = pandoc.Blocks {}
  if div.attributes.fil then
    out:insert(styled('Source Code', { pandoc.Para { pandoc.Emph { pandoc.Str(div.attributes.fil) } } }))
  end
  out:extend(div.content)
  return out
end

local function landscape(div)
  local out = pandoc.Blocks { raw_block(mark('liggande')) }
  out:extend(div.content)
  out:insert(raw_block(mark('liggandeslut')))
  return out
end

local function margin(div) return styled('Tabellnot', div.content) end

local function video(div)
  local src = div.attributes.src or ''
  findings.unsupported('film visas inte i Word: dess adress står i stället', 'text', src)
  return pandoc.Para { pandoc.Link({ pandoc.Str(div.attributes.title or src) }, src) }
end

-- What lies side by side on a page stands in sequence: a table for the layout would be read out.
local function in_sequence(div) return div.content end

-- Pandoc's style for the list of sources is none of ours.
local function sources(div)
  return div.content
end

local DIVS = {
  { 'flyt', float }, { 'callout', callout }, { 'sats', theorem }, { 'flik', tab },
  { 'kodblock', listing }, { 'landscape', landscape }, { 'column-margin', margin },
  { 'aside', margin }, { 'video', video }, { 'rutnat', in_sequence }, { 'rutrad', in_sequence },
  { 'ruta', in_sequence }, { 'columns', in_sequence }, { 'column', in_sequence },
  { 'references', sources },
}

local function Div(div)
  if div.classes:includes('sidbrytning') then return raw_block(mark('sidbrytning')) end
  for _, pair in ipairs(DIVS) do
    if div.classes:includes(pair[1]) then return pair[2](div) end
  end
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

-- A formula that is referred to stands alone on its line, its number at the right edge.
local function equation(span)
  local target = targets[span.identifier]
  local number = raw(bookmark(target.ref, run '(' .. bookmark(target.ref .. '_n', run(target.nummer))
    .. run ')'))
  return { pandoc.Math('InlineMath', span.content[1].text), raw '<w:r><w:tab/></w:r>', number }
end

local function Para(para)
  local first = para.content[1]
  if #para.content ~= 1 or first.t ~= 'Span' or not first.classes:includes('ekvation') then return nil end
  local inlines = pandoc.Inlines(equation(first))
  inlines:insert(1, raw '<w:r><w:tab/></w:r>')
  inlines:insert(1, raw(mark('ekvation')))
  return pandoc.Para(inlines)
end

local function Span(span)
  if span.classes:includes('ekvation') then return equation(span) end
  if span.classes:includes('kbd') then return pandoc.Code(pandoc.utils.stringify(span)) end
  if span.classes:includes('mark') then
    return pandoc.Span(span.content, pandoc.Attr('', {}, { { 'custom-style', 'Platshållare' } }))
  end
  if span.classes:includes('aside') or span.classes:includes('column-margin') then
    local inlines = pandoc.Inlines { pandoc.Str ' (' }
    inlines:extend(span.content)
    inlines:insert(pandoc.Str ')')
    return inlines
  end
  if span.classes:includes('platshallare') then
    return pandoc.Span(span.content, pandoc.Attr('', {}, { { 'custom-style', 'Platshållare' } }))
  end
end

-- Word has no numbers for the lines of one paragraph: they are written before the code.
local function CodeBlock(code)
  if not code.classes:includes('numberLines') then return nil end
  local first = math.floor(tonumber(code.attributes.startFrom or '') or 1)
  local lines = {}
  for line in (code.text .. '\n'):gmatch('(.-)\n') do
    lines[#lines + 1] = ('%3d  %s'):format(first + #lines, line)
  end
  code.text = table.concat(lines, '\n')
  code.classes = code.classes:filter(function(class) return class ~= 'numberLines' end)
  return code
end

function Pandoc(doc)
  settings.read(doc.meta)
  doc:walk(collect)
  -- Tabs ask for the heading before them, so blocks are walked from the top.
  doc = doc:walk {
    traverse = 'topdown',
    Header = function(h) level_before = h.level end,
    Div = function(div)
      if div.classes:includes('flik') then
        div.attributes.niva = tostring(math.min(tonumber(div.attributes.niva) or 2, level_before + 1))
        return div
      end
    end,
  }
  doc = doc:walk { Para = Para }
  doc = doc:walk {
    Div = Div, Table = Table, Header = Header, Link = Link, Image = Image, Span = Span,
    CodeBlock = CodeBlock,
  }
  findings.report()
  -- The cover and the properties are written from the metadata elsewhere; Word has no plain `sv`.
  local lang = doc.meta.lang and pandoc.utils.stringify(doc.meta.lang) or 'sv'
  doc.meta = pandoc.Meta { lang = lang == 'sv' and 'sv-SE' or lang }
  return doc
end
