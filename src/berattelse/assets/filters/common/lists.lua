-- Div.list-table, a table written as a list of lists, becomes a table.

local findings = require 'common.findings'

local ALIGN = { l = 'AlignLeft', r = 'AlignRight', c = 'AlignCenter' }

local function number(element, name) return tonumber(element.attributes[name] or '') end

-- `[]{colspan=2}` first in a cell says how far it reaches.
local function cell(blocks)
  local first = blocks[1]
  local span = first and first.content and first.t ~= 'Div' and first.content[1]
  local across, below, align = 1, 1, 'AlignDefault'
  if span and span.t == 'Span' and #span.content == 0 then
    across, below = number(span, 'colspan') or 1, number(span, 'rowspan') or 1
    align = ALIGN[span.attributes.align or ''] or align
    first.content:remove(1)
    if first.content[1] and first.content[1].t == 'Space' then first.content:remove(1) end
  end
  return pandoc.Cell(blocks, align, below, across)
end

local function build(div)
  local caption, list, after = nil, nil, pandoc.Blocks {}
  for _, block in ipairs(div.content) do
    if not list and block.t == 'BulletList' then list = block
    elseif block.t == 'Para' and not caption then caption = block.content
    else after:insert(block) end
  end
  if not list then return nil end
  local rows, columns = pandoc.List {}, 0
  for _, item in ipairs(list.content) do
    local inner = item[#item]
    if not inner or inner.t ~= 'BulletList' then return nil end
    local cells, width = pandoc.List {}, 0
    for _, blocks in ipairs(inner.content) do
      local one = cell(blocks)
      width = width + one.col_span
      cells:insert(one)
    end
    columns = math.max(columns, width)
    rows:insert(pandoc.Row(cells))
  end
  local heads = number(div, 'header-rows') or 1
  local names = number(div, 'header-cols') or 0
  local aligns, widths = div.attributes.aligns or '', {}
  for share in (div.attributes.widths or ''):gmatch('[%d.]+') do widths[#widths + 1] = tonumber(share) end
  local sum = 0
  for _, share in ipairs(widths) do sum = sum + share end
  local specs, at = pandoc.List {}, 0
  for letter in aligns:gmatch('[lrcd]') do at = at + 1; specs[at] = { ALIGN[letter] or 'AlignDefault', nil } end
  for index = 1, columns do
    specs[index] = { specs[index] and specs[index][1] or 'AlignDefault',
      #widths == columns and sum > 0 and widths[index] / sum or nil }
  end
  local head, body = pandoc.List {}, pandoc.List {}
  for index, row in ipairs(rows) do (index <= heads and head or body):insert(row) end
  local made = pandoc.Table(caption and pandoc.Caption { pandoc.Plain(caption) } or pandoc.Caption(),
    specs, pandoc.TableHead(head),
    { { attr = pandoc.Attr(), head = {}, body = body, row_head_columns = names } },
    pandoc.TableFoot())
  -- `: {tbl-colwidths=[20,80]}` at the caption's end is no part of what it says.
  if caption then
    local last = caption[#caption]
    if last.t == 'Str' then
      local share = last.text:match('^{tbl%-colwidths=(%[.-%])}$')
      if share then
        caption:remove(#caption)
        if caption[#caption] and caption[#caption].t == 'Space' then caption:remove(#caption) end
        made.caption = pandoc.Caption { pandoc.Plain(caption) }
        made.attributes['tbl-colwidths'] = share
      end
    end
  end
  local result = pandoc.Blocks { made }
  result:extend(after)
  return result
end

return function(doc)
  return doc:walk {
    Div = function(div)
      if not div.classes:includes('list-table') then return nil end
      local result = build(div)
      if not result then
        findings.add('listtabell', 'en tabell skriven som lista har fel form',
          'varje rad ska vara en punkt som innehåller en lista med en punkt per cell', 'text', 'list-table')
        return nil
      end
      if div.identifier == '' then return result end
      local attributes = {}
      for name, value in pairs(div.attributes) do
        if name:find('cap') or name == 'tbl-colwidths' then attributes[name] = value end
      end
      return pandoc.Div(result, pandoc.Attr(div.identifier, {}, attributes))
    end,
  }
end
