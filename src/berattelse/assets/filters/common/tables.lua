-- Tables that stand as HTML (great_tables) become Pandoc tables: alignment out of the CSS
-- classes, row groups as bodies with a head of their own, sum rows marked, notes apart.

local grid = require 'common.grid'

local ALIGN = { left = 'AlignLeft', center = 'AlignCenter', right = 'AlignRight' }
local HEADS = { 'gt_group_heading_row', 'grupp' }

-- A document of its own: what its author calls a table, and how it is styled, goes along.
local alone = false

local function any(classes, pattern)
  for _, class in ipairs(classes) do
    if class:find(pattern) then return true end
  end
  return false
end

local function alignment(cell)
  for _, class in ipairs(cell.classes) do
    local side = class:match('^gt_(%l+)$')
    if ALIGN[side] then return ALIGN[side] end
  end
  return cell.alignment
end

-- 'summa', 'delsumma' or nil; great_tables says it on the cells, we say it on the row.
local function sum_kind(row)
  local function kind(classes)
    if any(classes, '^delsumma$') then return 'delsumma' end
    if any(classes, '^summa$') or any(classes, 'gt_%l*_?grand_summary_row') then
      return 'summa'
    end
    if any(classes, 'gt_%l*_?summary_row') then return 'delsumma' end
  end
  local found = kind(row.classes)
  for _, cell in ipairs(row.cells) do found = found or kind(cell.classes) end
  return found
end

local function own_classes(classes)
  return classes:filter(function(class) return not class:find('^gt_') end)
end

-- Whether the style sheet that came with the table speaks of its cells by their ids.
local keep_ids = false

-- Cells keep spans and content; ids, gt classes and style stay behind. They are changed where
-- they are: making a new cell costs 0.15 ms, and a report has two thousand.
local function clean_cell(cell, column_alignment)
  local align = alignment(cell)
  cell.alignment = align == column_alignment and 'AlignDefault' or align
  local classes = own_classes(cell.classes)
  cell.attr = pandoc.Attr(keep_ids and cell.identifier or '', classes:filter(function(class)
    return class ~= 'summa' and class ~= 'delsumma'
  end))
  return cell
end

local function clean_row(row, line, aligns)
  local classes = own_classes(row.classes)
  local kind = sum_kind(row)
  if kind and not classes:includes(kind) then classes:insert(kind) end
  row.cells = pandoc.List(line):map(function(at) return clean_cell(at.cell, aligns[at.column]) end)
  row.attr = pandoc.Attr('', classes)
  return row
end

local function column_alignments(rows, columns)
  local aligns = {}
  for _, line in ipairs(grid.place(rows)) do
    for _, at in ipairs(line) do
      if at.cell.col_span == 1 and not aligns[at.column] then
        local align = alignment(at.cell)
        if align ~= 'AlignDefault' then aligns[at.column] = align end
      end
    end
  end
  for column = 1, columns do aligns[column] = aligns[column] or 'AlignLeft' end
  return aligns
end

-- A head over several columns is centred over them, one over its own follows its column.
local function head(old, aligns)
  local rows = pandoc.List {}
  local placed = grid.place(old.rows)
  for r, row in ipairs(old.rows) do
    local new = clean_row(row, placed[r], aligns)
    for _, cell in ipairs(new.cells) do
      if cell.col_span > 1 and cell.alignment == 'AlignDefault' then
        cell.alignment = 'AlignCenter'
      elseif cell.col_span == 1 then
        cell.alignment = 'AlignDefault'
      end
    end
    rows:insert(new)
  end
  return pandoc.TableHead(rows)
end

local function is_group(row, columns)
  if grid.spans_all(row, columns) then return true end
  for _, name in ipairs(HEADS) do
    if row.classes:includes(name) then return true end
  end
  return false
end

-- Rows -> bodies. A group starts one, and so does a grand sum, which belongs to no group.
local function bodies(rows, columns, aligns, stub)
  local result = pandoc.List {}
  local current
  local function start(head_rows)
    current = { attr = pandoc.Attr(), head = head_rows, body = pandoc.List {},
                row_head_columns = stub }
    result:insert(current)
  end
  for r, line in ipairs(grid.place(rows)) do
    local row = clean_row(rows[r], line, aligns)
    if is_group(rows[r], columns) then
      row.cells[1].col_span = columns
      row.cells[1].alignment = 'AlignLeft'
      row.classes = pandoc.List { 'grupp' }
      start(pandoc.List { row })
    else
      local grouped = current and #current.head > 0
      if not current or (grouped and row.classes:includes('summa')) then
        start(pandoc.List {})
      end
      current.body:insert(row)
    end
  end
  return result
end

local function notes(foot, columns)
  local blocks, rest = pandoc.List {}, pandoc.List {}
  for _, row in ipairs(foot.rows) do
    if columns == 1 or grid.spans_all(row, columns) or #row.cells == 1 then
      for _, block in ipairs(row.cells[1].contents) do
        blocks:insert(block.t == 'Plain' and pandoc.Para(block.content) or block)
      end
    else
      row.classes:insert('summa')
      rest:insert(row)
    end
  end
  return blocks, rest
end

-- 1 when rows have a name in a <th>. Pandoc says 0 when a group's name stands between them.
local function stub_columns(html)
  local body = html:match('<tbody.*') or html
  for attributes in body:gmatch('<tr[^>]*>%s*<th([^>]*)>') do
    if not attributes:find('colspan', 1, true) then return 1 end
  end
  return 0
end

-- The ids that great_tables makes up are for its own style sheet, which we do without.
local function own_id(old)
  return old.classes:includes('gt_table') and '' or old.identifier
end

local function convert(old, stub)
  local columns = #old.colspecs
  local parts, plain = pandoc.List {}, pandoc.List {}
  for _, body in ipairs(old.bodies) do
    local rows = pandoc.List(body.head)
    rows:extend(body.body)
    parts:insert(rows)
  end
  local note, sums = notes(old.foot, columns)
  parts:insert(sums)
  for _, rows in ipairs(parts) do
    plain:extend(rows:filter(function(row) return not is_group(row, columns) end))
  end
  local aligns = column_alignments(plain, columns)
  local specs, made = pandoc.List {}, pandoc.List {}
  for column = 1, columns do specs:insert { aligns[column], old.colspecs[column][2] } end
  for _, rows in ipairs(parts) do made:extend(bodies(rows, columns, aligns, stub)) end
  local result = pandoc.List {
    pandoc.Table(old.caption, specs, head(old.head, aligns), made, pandoc.TableFoot(),
      alone and pandoc.Attr(own_id(old), own_classes(old.classes)) or pandoc.Attr()),
  }
  if keep_ids then result[1].classes:insert('egen-stil') end
  if #note > 0 then result:insert(pandoc.Div(note, pandoc.Attr('', { 'tabellnot' }))) end
  return result
end

-- HTML around a table that says nothing: divisions and style sheets.
local function is_wrapping(html)
  local bare = html:gsub('<style.-</style>', ''):gsub('<!%-%-.-%-%->', ''):gsub('</?div[^>]*>', '')
  return not bare:find('%S')
end

-- The style sheet before a table, where it is about that very table (pandas' Styler).
local function style_of(before, html)
  if not alone or html:find('gt_table', 1, true) then return nil end
  local id = html:match('<table[^>]-%sid="([^"]+)"')
  local sheet = before:match('<style.-</style>')
  return id and sheet and sheet:find('#' .. id, 1, true) and sheet or nil
end

-- A table that is to stay HTML, by Quarto's mark on it, is one in every other format all the same.
local function wait_for_format(html)
  return (FORMAT == 'json' or FORMAT:find('^html'))
    and html:find('data%-quarto%-disable%-processing="?true') ~= nil
end

local function raw_block(raw)
  if raw.format ~= 'html' then return nil end
  if alone and wait_for_format(raw.text) then return nil end
  local first, last = raw.text:find('<table.*</table>')
  if not first then return nil end
  local before, after = raw.text:sub(1, first - 1), raw.text:sub(last + 1)
  local result = pandoc.List {}
  if not is_wrapping(before) then result:insert(pandoc.RawBlock('html', before)) end
  local html = raw.text:sub(first, last)
  local sheet = style_of(before, html)
  keep_ids = sheet ~= nil
  if sheet then result:insert(pandoc.RawBlock('html', sheet)) end
  for _, block in ipairs(pandoc.read(html, 'html').blocks) do
    if block.t == 'Table' then
      result:extend(convert(block, stub_columns(html)))
    else
      result:insert(block)
    end
  end
  if not is_wrapping(after) then result:insert(pandoc.RawBlock('html', after)) end
  return result
end

local HOW = 'html-table-processing'

-- `html-table-processing: none` leaves a table as HTML where HTML is what is made, and only there.
local function division(div)
  local how = div.attributes[HOW]
  if how ~= 'none' then return nil end
  if FORMAT:find('^html') then
    div.attributes[HOW] = nil
    return div, false
  end
  -- Read once for every format: what is to be made is not known yet
  if FORMAT == 'json' then return div, false end
end

return function(doc)
  alone = doc.meta.enskilt == true
  local how = doc.meta[HOW]
  local none = alone and how ~= nil and pandoc.utils.stringify(how) == 'none'
  if none and (FORMAT == 'json' or FORMAT:find('^html')) then return nil end
  return doc:walk { traverse = 'topdown', Div = alone and division or nil, RawBlock = raw_block }
end
