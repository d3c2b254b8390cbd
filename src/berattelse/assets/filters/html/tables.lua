-- Table cells say what they are: scope on heads, class `tal` where figures stand.
-- Alignment becomes a class, so that the style sheet decides.

local grid = require 'common.grid'
local settings = require 'common.settings'

local stringify = pandoc.utils.stringify

-- Characters: from here on a cell holds a sentence, not a name or a figure.
local LONG_FROM = 60
-- Bytes: a longer word is no word of a language, and may be divided anywhere.
local LONG_WORD = 40
-- Rows: so few are kept together on paper.
local SHORT_UP_TO = 12
-- Columns: a year of months and their names.
local TIGHT_FROM = 10

local CLASS = { AlignRight = 'tal', AlignCenter = 'mitt' }

local function has_long_word(cell)
  for _, block in ipairs(cell.contents) do
    local found = false
    block:walk { Str = function(str) found = found or #str.text > LONG_WORD end }
    if found then return true end
  end
  return false
end

local function mark(rows, aligns, scope)
  for r, line in ipairs(grid.place(rows)) do
    for _, at in ipairs(line) do
      local cell = at.cell
      local align = cell.alignment == 'AlignDefault' and aligns[at.column] or cell.alignment
      local class = CLASS[align]
      if class and not cell.classes:includes(class) then cell.classes:insert(class) end
      cell.alignment = 'AlignDefault'
      if has_long_word(cell) then cell.classes:insert('langord') end
      local kind = scope(cell, at.column)
      if kind then cell.attributes.scope = kind end
    end
    rows[r].cells = pandoc.List(line):map(function(at) return at.cell end)
  end
  return rows
end

local function long_columns(bodies, aligns)
  local long = {}
  for _, body in ipairs(bodies) do
    for _, line in ipairs(grid.place(body.body)) do
      for _, at in ipairs(line) do
        local text = aligns[at.column] ~= 'AlignRight' and stringify(at.cell.contents) or ''
        if utf8.len(text) >= LONG_FROM then long[at.column] = true end
      end
    end
  end
  return long
end

-- The name of a group stays in view when the table is scrolled sideways.
local function keep_in_view(rows)
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do
      cell.contents = { pandoc.Plain { pandoc.Span(
        pandoc.utils.blocks_to_inlines(cell.contents), pandoc.Attr('', { 'grupprad' })) } }
    end
  end
  return rows
end

-- Style sheets written for Quarto's pages tell rows apart by these classes; ours counts them itself.
local function stripe(rows)
  for index, row in ipairs(rows) do row.classes:insert(index % 2 == 1 and 'odd' or 'even') end
end

local KINDS = {
  'active', 'bordered', 'borderless', 'danger', 'dark', 'hover', 'info', 'light', 'primary',
  'secondary', 'sm', 'striped', 'success', 'warning',
}

-- The classes that a table has on Quarto's pages, for style sheets that are written for those.
local function as_quarto_names(tbl)
  local classes = tbl.classes:map(function(class)
    for _, name in ipairs(KINDS) do
      if class == name then return 'table-' .. name end
    end
    return class
  end)
  classes:insert('table')
  return classes
end

local function head_scope(cell) return cell.col_span > 1 and 'colgroup' or 'col' end
local function group_scope() return 'rowgroup' end

return function(doc)
  return doc:walk {
    Table = function(tbl)
      local aligns = {}
      for column, spec in ipairs(tbl.colspecs) do aligns[column] = spec[1] end
      local columns = #tbl.colspecs
      tbl.head.rows = mark(tbl.head.rows, aligns, head_scope)
      local bodies = pandoc.List(tbl.bodies)
      local long = long_columns(bodies, aligns)
      local height = 0
      for _, body in ipairs(bodies) do
        height = height + #body.head + #body.body
        body.head = mark(keep_in_view(body.head), aligns, group_scope)
        if settings.enskilt then stripe(body.body) end
        body.body = mark(body.body, aligns, function(cell, column)
          if long[column] then cell.classes:insert('lang') end
          if column <= body.row_head_columns then return 'row' end
        end)
      end
      tbl.bodies = bodies
      tbl.colspecs = pandoc.List(tbl.colspecs):map(function(spec)
        return { 'AlignDefault', spec[2] }
      end)
      if settings.enskilt then tbl.classes = as_quarto_names(tbl) end
      tbl.classes:insert('k' .. columns)
      if height <= SHORT_UP_TO then tbl.classes:insert('kort') end
      if columns >= TIGHT_FROM then tbl.classes:insert('trang') end
      return tbl
    end,
  }
end
