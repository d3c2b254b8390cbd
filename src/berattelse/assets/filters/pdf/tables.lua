-- A table as the dictionary that `rita` of report-tabeller.typ lays out.

local inlines = require 'pdf.inlines'
local lit = require 'pdf.literal'
local stringify = pandoc.utils.stringify

local M = {}

-- Set by pdf.blocks, which needs this module: cells hold blocks.
M.cell_blocks = nil

local ALIGN = { AlignLeft = 'left', AlignRight = 'right', AlignCenter = 'center' }

-- Widest candidates to measure per column; character counts are only a rough guide to width.
local CANDIDATES = 3

-- Characters: a cell with more may be so tall in a narrow column that its height is measured.
local LONG_CELL = 200
-- Longer words may be divided anywhere (report.typ): a column need not be wide enough for them.
local LONG_WORD = 40
-- As much of a text as says that its column wants all the room there is.
local LONG_TEXT = 400

-- The first `length` characters of a text.
local function cut(text, length)
  if #text <= length or utf8.len(text) <= length then return text end
  return text:sub(1, utf8.offset(text, length + 1) - 1)
end

-- The characters of a row's longest cell, if it is a long one.
local function long_cell(row)
  local longest = 0
  for _, element in ipairs(row.cells) do
    -- Bytes are at least as many as characters, and counted faster.
    local text = stringify(element.contents)
    if #text > LONG_CELL then longest = math.max(longest, utf8.len(text) or #text) end
  end
  return longest > LONG_CELL and longest or nil
end

local function content(blocks)
  if #blocks == 0 then return '[]' end
  if #blocks == 1 and (blocks[1].t == 'Plain' or blocks[1].t == 'Para') then
    local text = inlines.plain_text(blocks[1].content)
    if text then return lit.str(text) end
  end
  return '[' .. M.cell_blocks(blocks) .. ']'
end

local function cell(element)
  local arguments = { content(element.contents) }
  local alignment = ALIGN[element.alignment]
  if element.col_span > 1 then arguments[#arguments + 1] = 'colspan: ' .. element.col_span end
  if element.row_span > 1 then arguments[#arguments + 1] = 'rowspan: ' .. element.row_span end
  if alignment then arguments[#arguments + 1] = 'at: ' .. alignment end
  return ('c(%s)'):format(table.concat(arguments, ', '))
end

local function add_rows(out, rows, kind_of)
  for _, row in ipairs(rows) do
    local parts = { lit.str(kind_of(row)) }
    local long = long_cell(row)
    if long then parts[2] = 'tecken: ' .. long end
    for _, element in ipairs(row.cells) do parts[#parts + 1] = cell(element) end
    out[#out + 1] = ('rad(%s)'):format(table.concat(parts, ', '))
  end
end

local function kind_of(row)
  if row.classes:includes('summa') then return 'summa' end
  if row.classes:includes('delsumma') then return 'delsumma' end
  return 'td'
end

local function always(kind) return function() return kind end end

-- The head of a group is a plain cell: as a table.header of level 2 it would stand between the
-- columns' heads and the cells, and a screen reader would read all heads for every cell.
local function rows_of(element)
  local out = {}
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.head) do
      local width = 0
      for index, one in ipairs(row.cells) do
        if index == #row.cells then one.col_span = #element.colspecs - width end
        width = width + one.col_span
      end
    end
    add_rows(out, body.head, always 'grupp')
    add_rows(out, body.body, kind_of)
  end
  add_rows(out, element.foot.rows, always 'summa')
  return out
end

local function lines(rows)
  return #rows == 0 and '()' or ('(\n%s,\n)'):format(table.concat(rows, ',\n'))
end

-- The longest strings of a list, longest first, ties in their order.
local function longest(strings)
  local seen, ranked = {}, {}
  for index, text in ipairs(strings) do
    if not seen[text] and text ~= '' then
      seen[text] = true
      ranked[#ranked + 1] = { text = text, length = utf8.len(text) or #text, index = index }
    end
  end
  table.sort(ranked, function(a, b)
    if a.length ~= b.length then return a.length > b.length end
    return a.index < b.index
  end)
  local out = {}
  for index = 1, math.min(CANDIDATES, #ranked) do out[index] = lit.str(ranked[index].text) end
  return lit.array(out)
end

-- Signs of numbers that are no ASCII: minus, no-break and thin spaces, dash.
local IN_NUMBERS = { '\u{2212}', '\u{a0}', '\u{202f}', '\u{2009}', '\u{2013}' }

-- A number cannot be divided between lines, a word can.
local function is_number(word)
  if not word:find('%d') then return false end
  for _, sign in ipairs(IN_NUMBERS) do word = word:gsub(sign, '') end
  return not word:find('[%a\128-\255]')
end

local function words_of(text, into, numbers)
  for word in text:gmatch('[^ ]+') do
    into[#into + 1] = cut(word, LONG_WORD)
    if numbers and is_number(word) then numbers[#numbers + 1] = word end
  end
end

-- column -> { head words, body texts, body words, numbers } of the cells that stand in it alone.
local function texts(element)
  local columns = {}
  for index = 1, #element.colspecs do 
    columns[index] = { head = {}, body = {}, words = {}, numbers = {} }
  end
  local function gather(rows, is_head)
    local taken = {}
    for r, row in ipairs(rows) do
      local column = 1
      for _, one in ipairs(row.cells) do
        while taken[r] and taken[r][column] do column = column + 1 end
        for below = r, r + one.row_span - 1 do
          taken[below] = taken[below] or {}
          for across = column, column + one.col_span - 1 do taken[below][across] = true end
        end
        local into = columns[column]
        if one.col_span == 1 and into then
          local text = cut(stringify(one.contents), LONG_TEXT)
          if is_head then
            words_of(text, into.head)
            into.title = cut(text, LONG_WORD * 2)
          else
            into.body[#into.body + 1] = text
            words_of(text, into.words, into.numbers)
          end
        end
        column = column + one.col_span
      end
    end
  end
  gather(element.head.rows, true)
  for _, body in ipairs(element.bodies) do gather(body.body, false) end
  gather(element.foot.rows, false)
  return columns
end

-- Texts of the first cells, which typeset/pdf/faults.py finds the table's line by; between them
-- stands what no text holds.
local function known_by(element)
  local found = {}
  local function gather(rows)
    for _, row in ipairs(rows) do
      for _, one in ipairs(row.cells) do
        local text = cut(stringify(one.contents), LONG_WORD)
        if #found < CANDIDATES and text:find('%S') then found[#found + 1] = text end
      end
    end
  end
  gather(element.head.rows)
  for _, body in ipairs(element.bodies) do gather(body.body) end
  return lit.str(table.concat(found, '\u{2063}'))
end

-- (kolumner: ((at:, huvud:, huvudord:, texter:, ord:, tal:), …), huvud: rows, rader: rows, kand:):
-- see `planera` and `rita` in report-tabeller.typ.
function M.spec(element)
  local columns, head = {}, {}
  for index, column in ipairs(texts(element)) do
    local alignment = ALIGN[element.colspecs[index][1]] or 'left'
    columns[index] = ('(at: %s, huvud: %s, huvudord: %s, texter: %s, ord: %s, '
      .. 'tal: %s)'):format(alignment,
      lit.str(column.title or ''), longest(column.head), longest(column.body),
      longest(column.words), longest(column.numbers))
  end
  add_rows(head, element.head.rows, always 'th')
  return ('(kolumner: %s, huvud: %s, rader: %s, kand: %s)'):format(lit.array(columns),
    lines(head), lines(rows_of(element)), known_by(element))
end

return M
