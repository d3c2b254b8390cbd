-- Where the cells of a table stand once row and column spans are counted.

local M = {}

-- rows -> list of lists of { cell = Cell, column = 1-based column }.
function M.place(rows)
  local taken, placed = {}, {}
  for r, row in ipairs(rows) do
    local line, column = {}, 1
    for _, cell in ipairs(row.cells) do
      while taken[r] and taken[r][column] do column = column + 1 end
      line[#line + 1] = { cell = cell, column = column }
      for below = r, r + cell.row_span - 1 do
        taken[below] = taken[below] or {}
        for across = column, column + cell.col_span - 1 do taken[below][across] = true end
      end
      column = column + cell.col_span
    end
    placed[r] = line
  end
  return placed
end

-- Whether the row is one cell over all columns, that is, the name of a group of rows.
function M.spans_all(row, columns)
  return columns > 1 and #row.cells == 1 and row.cells[1].col_span >= columns
end

return M
