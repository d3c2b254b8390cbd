-- Blocks as typst markup.

local findings = require 'common.findings'
local kinds = require 'common.kinds'
local settings = require 'common.settings'
local inlines = require 'pdf.inlines'
local lit = require 'pdf.literal'
local tables = require 'pdf.tables'

local M = {}

local render = {}

-- How many boxes, lists and cells stand around the block: only a table at the top level can
-- have a page of its own.
local depth = 0

local function inside(blocks, tight)
  depth = depth + 1
  local result = M.markup(blocks, tight)
  depth = depth - 1
  return result
end

inlines.note = function(note) return ('#footnote[%s];'):format(inside(note.content, true)) end
tables.cell_blocks = function(blocks) return inside(blocks, true) end

function render.Plain(plain) return inlines.markup(plain.content) end

function render.Para(para)
  -- An image alone in its paragraph is a block, not a tall letter.
  if #para.content == 1 and para.content[1].t == 'Image' then
    return ('#block(%s);'):format(inlines.image(para.content[1]))
  end
  -- A formula on a line of its own is no part of typst's paragraph, which would lose it.
  local out, run = {}, pandoc.Inlines {}
  local function flush()
    while #run > 0 and (run[1].t == 'Space' or run[1].t == 'SoftBreak') do run:remove(1) end
    if #run > 0 then out[#out + 1] = ('#par[%s];'):format(inlines.markup(run)) end
    run = pandoc.Inlines {}
  end
  for _, inline in ipairs(para.content) do
    if inline.t == 'Math' and inline.mathtype == 'DisplayMath'
      or inline.t == 'Span' and inline.classes:includes('ekvation') then
      flush()
      out[#out + 1] = inlines.markup { inline }
    else
      run:insert(inline)
    end
  end
  flush()
  return table.concat(out, '\n\n')
end

-- Characters: a longer word may be wider than the column in the largest heading.
local LONG_WORD = 24

-- A document of its own may begin with any level and skip some: its levels are moved up.
local up = 0

function M.prepare(doc)
  if not settings.enskilt then return end
  local top = 6
  doc:walk { Header = function(header) top = math.min(top, header.level) end }
  up = top - 1
end

local level_before = 0

function render.Header(header)
  if settings.enskilt then header.level = header.level - up end
  level_before = header.level
  local number = header.attributes.nummer
  local long = false
  for word in pandoc.utils.stringify(header.content):gmatch('%S+') do
    long = long or (utf8.len(word) or #word) > LONG_WORD
  end
  local more = (long and ', avstava: true' or '')
    .. (header.classes:includes('unlisted') and ', listad: false' or '')
  return ('#rubrik(%d, %s, %s%s)[%s];'):format(header.level, number and lit.str(number) or 'none',
    lit.str(header.identifier), more, inlines.markup(header.content))
end

-- Marks that Quarto and Pandoc put among the classes and that name no language.
local NO_LANGUAGE = {
  ['cell-code'] = true, numberLines = true, ['cell-output'] = true, sourceCode = true,
  ['code-annotation-code'] = true,
}

local function language(classes)
  for _, class in ipairs(classes) do
    local name = class:gsub('[{}.]', '')
    if not NO_LANGUAGE[name] and not name:find('^code%-') and name:find('^[%w+#-]+$') then
      return lit.str(name)
    end
  end
  return 'none'
end

function render.CodeBlock(code)
  local numbers = 'none'
  if code.classes:includes('numberLines') then
    numbers = tostring(math.floor(tonumber(code.attributes.startFrom or '') or 1))
  end
  if language(code.classes) == 'none' and numbers == 'none' then
    return ('#raw(block: true, %s);'):format(lit.verbatim(code.text))
  end
  return ('#kod(%s, spr: %s, rader: %s);'):format(lit.verbatim(code.text), language(code.classes),
    numbers)
end

function render.BlockQuote(quote) return ('#quote(block: true)[%s];'):format(inside(quote.content)) end

function render.HorizontalRule() return '#linje();' end

function render.LineBlock(block)
  local lines = {}
  for _, line in ipairs(block.content) do lines[#lines + 1] = inlines.markup(line) end
  return ('#par[%s];'):format(table.concat(lines, '#linebreak();'))
end

local function is_tight(items)
  for _, item in ipairs(items) do
    if item[1] and item[1].t == 'Para' then return false end
  end
  return true
end

local function items(list)
  local out = { ('tight: %s'):format(tostring(is_tight(list))) }
  for _, item in ipairs(list) do out[#out + 1] = ('[%s]'):format(inside(item, true)) end
  return table.concat(out, ', ')
end

local function is_task(item)
  local first = item[1] and item[1].content and item[1].content[1]
  return first and first.t == 'Str' and (first.text == '☐' or first.text == '☒')
end

function render.BulletList(list)
  local tasks = #list.content > 0
  for _, item in ipairs(list.content) do tasks = tasks and is_task(item) end
  return ('#list(%s%s);'):format(tasks and 'marker: none, body-indent: 0pt, ' or '',
    items(list.content))
end

local STYLES = { LowerAlpha = 'a', UpperAlpha = 'A', LowerRoman = 'i', UpperRoman = 'I' }
local MARKS = { OneParen = '%s)', TwoParens = '(%s)' }

function render.OrderedList(list)
  local pattern = (MARKS[list.delimiter] or '%s.'):format(STYLES[list.style] or '1')
  return ('#enum(start: %d, numbering: %s, %s);'):format(list.start, lit.str(pattern),
    items(list.content))
end

function render.DefinitionList(list)
  local out = {}
  for _, item in ipairs(list.content) do
    local definitions = {}
    for _, definition in ipairs(item[2]) do definitions[#definitions + 1] = inside(definition) end
    out[#out + 1] = ('terms.item([%s], [%s])'):format(inlines.markup(item[1]),
      table.concat(definitions, '#parbreak();'))
  end
  return ('#terms(%s);'):format(table.concat(out, ', '))
end

-- One of ours, or a caption-less figure of Pandoc's own.
function render.Figure(figure) return M.markup(figure.content) end

-- Code of the headings that stand right before a table or figure at the top level.
local headings = ''

local function take_headings()
  local taken = headings == '' and 'none' or ('[%s]'):format(headings)
  headings = ''
  return taken
end

function render.Table(element)
  return ('#fri-tabell(%s, fri: %s, rubriker: %s);'):format(tables.spec(element),
    tostring(depth == 0), take_headings())
end

local function caption_of(div)
  -- A paragraph of its own would stand on a new line after the label.
  local text = pandoc.utils.blocks_to_inlines(div.content[1].content)
  return #text > 0 and ('[%s]'):format(inlines.markup(text)) or 'none'
end

-- A part of a figure or table: drawn where it stands, with its letter before what it says.
local function part(div)
  local body = {}
  for index = 2, #div.content do
    local block = div.content[index]
    body[#body + 1] = block.t == 'Table' and ('#deltabell(%s, %s);'):format(tables.spec(block),
      lit.str(div.identifier)) or inside({ block })
  end
  return ('#delflyt(%s, nummer: %s, bildtext: %s, over: %s)[%s];'):format(lit.str(div.identifier),
    div.attributes.nummer and lit.str(div.attributes.nummer) or 'none', caption_of(div),
    tostring((div.attributes.lage or (div.classes:includes('figur') and 'bottom' or 'top')) == 'top'),
    table.concat(body, '\n\n'))
end

local LOOKS = { tabell = 'tabell', kodlista = 'kodlista' }

local function float(div)
  if div.classes:includes('del') then return part(div) end
  local before = take_headings()
  local caption, note, content = 'none', 'none', {}
  for _, block in ipairs(div.content) do
    local class = block.t == 'Div' and block.classes[1]
    if class == 'bildtext' then
      caption = caption_of(div)
    elseif class == 'tabellnot' then
      note = ('[%s]'):format(inside(block.content))
    elseif block.t == 'Table' then
      content[#content + 1] = tables.spec(block)
    else
      content[#content + 1] = ('[%s]'):format(inside({ block }))
    end
  end
  local look = 'figur'
  for _, class in ipairs(div.classes) do look = LOOKS[class] or look end
  local place = div.attributes.lage and (', lage: ' .. div.attributes.lage) or ''
  return ('#flyt(slag: %s, id: %s, nummer: %s, etikett: %s, bildtext: %s, anmarkning: %s, '
    .. 'fri: %s, rubriker: %s, avgransare: %s%s, %s);'):format(
      lit.str(look), lit.str(div.identifier),
      div.attributes.nummer and lit.str(div.attributes.nummer) or 'none',
      lit.str(div.attributes.etikett or ''), caption, note, tostring(depth == 0),
      before, lit.str(settings.avgransare), place, lit.array(content))
end

local boxes = 0
-- Typst sets nothing that stands much deeper than this.
local DEEPEST_BOX = 10

local function callout(div)
  local kind = 'note'
  for _, class in ipairs(div.classes) do kind = class:match('^callout%-(%l+)$') or kind end
  local words = pandoc.Inlines { pandoc.Str(div.attributes.title or '') }
  local first = div.content[1]
  if first and first.t == 'Div' and first.classes:includes('ruttitel') then
    words = div.content:remove(1).content[1].content
  end
  local number = div.attributes.nummer
  if number then
    local label = div.attributes.etikett .. '\u{a0}' .. number
    if div.attributes.namnlos then words = pandoc.Inlines {} end
    if #words > 0 then words:insert(1, pandoc.Space()) end
    words:insert(1, pandoc.Str(label .. (#words > 0 and settings.avgransare or '')))
  end
  local title = pandoc.utils.stringify(words):find('%S') and inlines.markup(words) or nil
  local look = div.attributes.utseende
  if boxes == DEEPEST_BOX then
    findings.unsupported(('rutor inne i %d rutor visas utan ram i PDF'):format(DEEPEST_BOX))
    return lit.anchor(div.identifier) .. (title and ('#par(strong[%s]);\n\n'):format(title) or '')
      .. inside(div.content)
  end
  boxes = boxes + 1
  local code = lit.anchor(div.identifier) .. ('#ruta(%s, %s%s%s)[%s];'):format(lit.str(kind),
    title and ('[%s]'):format(title) or '""',
    look and (', utseende: ' .. lit.str(look)) or '',
    boxes > 1 and (', djup: ' .. boxes) or '', inside(div.content))
  boxes = boxes - 1
  return code
end

local function theorem(div)
  local label, number = div.attributes.etikett or '', div.attributes.nummer
  local title = lit.text(label .. (number and '\u{a0}' .. number or ''))
  local first = div.content[1]
  if first and first.t == 'Div' and first.classes:includes('satstitel') then
    title = title .. lit.text(' (') .. inlines.markup(div.content:remove(1).content[1].content)
      .. lit.text(')')
  end
  return lit.anchor(div.identifier) .. ('#sats(%s, [%s])[%s];'):format(
    tostring(number ~= nil), title, inside(div.content))
end

-- Tabs become headings in sequence, none of them deeper than one step below the heading before.
local function tab(div)
  local level = math.min(tonumber(div.attributes.niva) or 2, level_before + 1)
  local head = pandoc.Header(level + up, { pandoc.Str(div.attributes.titel) },
    pandoc.Attr(div.identifier, { 'unnumbered', 'unlisted' }))
  if depth > 0 then
    return lit.anchor(div.identifier) .. ('#mellanrubrik(%s);'):format(lit.str(div.attributes.titel))
      .. '\n\n' .. M.markup(div.content)
  end
  return render.Header(head) .. '\n\n' .. M.markup(div.content)
end

local function row(cells, shares)
  local parts, widths = {}, {}
  for index, cell in ipairs(cells) do
    widths[index] = shares[index] .. 'fr'
    parts[index] = ('[%s]'):format(inside(cell.content))
  end
  return lit.array(widths), table.concat(parts, ', ')
end

local function grid(div)
  local out = {}
  for _, line in ipairs(div.content) do
    local shares = {}
    for index, cell in ipairs(line.content) do shares[index] = cell.attributes.bredd end
    out[#out + 1] = ('#rutrad(%s, %s, %s);'):format(lit.str(div.attributes.lodratt or 'top'),
      row(line.content, shares))
  end
  return table.concat(out, '\n\n')
end

local function columns(div)
  local cells, shares = {}, {}
  for _, column in ipairs(div.content) do
    if column.t == 'Div' and column.classes:includes('column') then
      cells[#cells + 1] = column
      shares[#shares + 1] = (column.attributes.width or ''):match('^%s*([%d.]+)%%') or '50'
    end
  end
  if #cells == 0 then return M.markup(div.content) end
  return ('#rutrad("top", %s, %s);'):format(row(cells, shares))
end

local function listing(div)
  local name = div.attributes.fil
  return (name and ('#filnamn(%s);\n\n'):format(lit.str(name)) or '') .. M.markup(div.content)
end

local function landscape(div)
  if depth > 0 then return M.markup(div.content) end
  if settings.enskilt then
    return ('#set page(margin: liggande);\n#set page(flipped: true)\n\n%s\n\n'
      .. '#set page(margin: staende);\n#set page(flipped: false)'):format(inside(div.content))
  end
  return ('#liggande-sida[%s];'):format(inside(div.content))
end

local function video(div)
  local src = div.attributes.src or ''
  findings.unsupported('film visas inte i PDF: dess adress står i stället', 'text', src)
  return ('#par[#extern(%s)[%s];];'):format(lit.str(src), lit.text(div.attributes.title or src))
end

local page_breaks = 0

local function page_break()
  page_breaks = page_breaks + 1
  if depth > 0 then
    findings.add('sidbrytning', 'en sidbrytning står inne i en ruta, lista eller tabell',
      'flytta ut sidbrytningen till ett eget stycke', 'sidbrytning', '', page_breaks)
  end
  return '#pagebreak(weak: true);'
end

local function margin(div) return ('#marginal[%s];'):format(inside(div.content)) end

local DIVS = {
  { 'flyt', float }, { 'callout', callout }, { 'sidbrytning', page_break }, { 'sats', theorem },
  { 'flik', tab }, { 'rutnat', grid }, { 'columns', columns }, { 'kodblock', listing },
  { 'landscape', landscape }, { 'column-margin', margin }, { 'aside', margin }, { 'video', video },
}

function render.Div(div)
  local classes = div.classes
  for _, pair in ipairs(DIVS) do
    if classes:includes(pair[1]) then return pair[2](div) end
  end
  local body
  if classes:includes('tabellnot') then
    body = ('#not-under[%s];'):format(inside(div.content))
  elseif classes:includes('platshallare') then
    body = ('#platshallare-block[%s];'):format(inside(div.content))
  elseif div.attributes.lang then
    body = ('#text(lang: %s)[%s];'):format(lit.str(div.attributes.lang:sub(1, 2)),
      M.markup(div.content))
  else
    body = M.markup(div.content)
  end
  return lit.anchor(div.identifier) .. body
end

function render.RawBlock(raw)
  if raw.format == 'typst' then return lit.raw(raw.text, '\n') end
  return ''
end

local function takes_headings(block)
  return block ~= nil
    and (block.t == 'Table' or block.t == 'Div' and block.classes:includes('flyt'))
end

-- Whether the blocks from `index` on are headings and then what may get a page of its own.
local function leads_to_float(blocks, index)
  while blocks[index] and blocks[index].t == 'Header' do index = index + 1 end
  return takes_headings(blocks[index])
end

-- tight: the last block of a list item or cell needs no paragraph of its own.
function M.markup(blocks, tight)
  local out = {}
  for index, block in ipairs(blocks) do
    local how = render[block.t]
    if not how then error('okänt block: ' .. block.t) end
    if tight and #blocks == 1 and block.t == 'Para' then how = render.Plain end
    local code = how(block)
    if depth == 0 and block.t == 'Header' and leads_to_float(blocks, index) then
      headings = headings .. code .. '\n\n'
    else
      out[#out + 1] = code
    end
  end
  return table.concat(out, '\n\n')
end

return M
