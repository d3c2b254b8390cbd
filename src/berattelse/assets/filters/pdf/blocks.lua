-- Blocks as typst markup.

local findings = require 'common.findings'
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
  return ('#par[%s];'):format(inlines.markup(para.content))
end

-- Characters: a longer word may be wider than the column in the largest heading.
local LONG_WORD = 24

function render.Header(header)
  local number = header.attributes.nummer
  local long = false
  for word in pandoc.utils.stringify(header.content):gmatch('%S+') do
    long = long or (utf8.len(word) or #word) > LONG_WORD
  end
  return ('#rubrik(%d, %s, %s%s)[%s];'):format(header.level, number and lit.str(number) or 'none',
    lit.str(header.identifier), long and ', avstava: true' or '', inlines.markup(header.content))
end

function render.CodeBlock(code) return ('#raw(block: true, %s);'):format(lit.verbatim(code.text)) end

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

function render.BulletList(list) return ('#list(%s);'):format(items(list.content)) end

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

local function float(div)
  local caption, note, content, before = 'none', 'none', {}, take_headings()
  for _, block in ipairs(div.content) do
    local class = block.t == 'Div' and block.classes[1]
    if class == 'bildtext' then
      -- A paragraph of its own would stand on a new line after the label.
      local text = pandoc.utils.blocks_to_inlines(block.content)
      if #text > 0 then caption = ('[%s]'):format(inlines.markup(text)) end
    elseif class == 'tabellnot' then
      note = ('[%s]'):format(inside(block.content))
    elseif block.t == 'Table' then
      content[#content + 1] = tables.spec(block)
    else
      content[#content + 1] = ('[%s]'):format(inside({ block }))
    end
  end
  return ('#flyt(slag: %s, id: %s, nummer: %s, etikett: %s, bildtext: %s, anmarkning: %s, '
    .. 'fri: %s, rubriker: %s, %s);'):format(
      lit.str(div.classes:includes('tabell') and 'tabell' or 'figur'), lit.str(div.identifier),
      div.attributes.nummer and lit.str(div.attributes.nummer) or 'none',
      lit.str(div.attributes.etikett or ''), caption, note, tostring(depth == 0),
      before, lit.array(content))
end

local function callout(div)
  local kind = 'note'
  for _, class in ipairs(div.classes) do kind = class:match('^callout%-(.+)$') or kind end
  return lit.anchor(div.identifier) .. ('#ruta(%s, %s)[%s];'):format(lit.str(kind),
    lit.str(div.attributes.title or ''), inside(div.content))
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

function render.Div(div)
  local classes = div.classes
  if classes:includes('flyt') then return float(div) end
  if classes:includes('callout') then return callout(div) end
  if classes:includes('sidbrytning') then return page_break() end
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
