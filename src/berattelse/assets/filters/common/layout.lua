-- Quarto's layouts: Div.rutnat > Div.rutrad > Div.ruta. A cell's `bredd` is its share of the row
-- in per cent; a cell with nothing in it is space.

local findings = require 'common.findings'

local M = {}

local WANT = { 'layout', 'layout-ncol', 'layout-nrow' }
local SIDES = { top = true, center = true, bottom = true }

function M.wanted(element)
  for _, name in ipairs(WANT) do
    if element.attributes[name] then return true end
  end
  return false
end

-- "[[1,1],[1]]" -> { { 1, 1 }, { 1 } }; "[70,30]" -> { { 70, 30 } }.
local function rows_of(text)
  local rows = pandoc.List {}
  for inner in text:gsub('^%s*%[', ''):gsub('%]%s*$', ''):gmatch('%[([^%[%]]*)%]') do
    rows:insert(inner)
  end
  if #rows == 0 then rows:insert(text) end
  return rows:map(function(row)
    local numbers = pandoc.List {}
    for number in row:gmatch('%-?[%d.]+') do numbers:insert(tonumber(number)) end
    return numbers
  end):filter(function(row)
    local sum = 0
    for _, share in ipairs(row) do sum = sum + math.abs(share) end
    return sum > 0
  end)
end

local function unreadable(name, value)
  findings.unsupported(('värdet %s="%s" kan inte läsas: innehållet läggs ut utan det'):format(name, value),
    'attribut', name .. ' ' .. value)
end

local function even(columns)
  local row = pandoc.List {}
  for index = 1, columns do row[index] = 1 end
  return row
end

local function plan(attributes, count)
  if attributes.layout then
    local rows = rows_of(attributes.layout)
    if #rows == 0 then unreadable('layout', attributes.layout) end
    return rows
  end
  local function whole(name)
    local value = attributes[name]
    local number = value and tonumber(value)
    if value and not (number and number >= 1) then unreadable(name, value) end
    return number and number >= 1 and number or nil
  end
  local columns, rows = whole 'layout-ncol', whole 'layout-nrow'
  if not columns and not rows then return pandoc.List { even(1) } end
  if not columns then columns = math.ceil(count / math.max(rows or 1, 1)) end
  return pandoc.List { even(math.max(math.floor(columns), 1)) }
end

local function cell(content, share)
  return pandoc.Div(content, pandoc.Attr('', { 'ruta' }, { { 'bredd', ('%.4g'):format(share) } }))
end

-- The element's blocks in rows; what is more than the layout says goes on in its last row's way.
function M.grid(element, blocks)
  local pattern = plan(element.attributes, #blocks)
  if #pattern == 0 then pattern = pandoc.List { even(1) } end
  local rows, at, index = pandoc.List {}, 1, 1
  while at <= #blocks do
    local shares, sum = pattern[math.min(index, #pattern)], 0
    local taken = at
    for _, share in ipairs(shares) do sum = sum + math.abs(share) end
    local whole = sum > 1 and sum <= 100 and sum > 50 and 100 or sum
    local cells = pandoc.List {}
    for _, share in ipairs(shares) do
      local percent = math.abs(share) / whole * 100
      if share < 0 then
        cells:insert(cell({}, percent))
      elseif at <= #blocks then
        cells:insert(cell({ blocks[at] }, percent))
        at = at + 1
      elseif #rows > 0 then
        cells:insert(cell({}, percent))
      end
    end
    if at == taken then cells:insert(cell({ blocks[at] }, 100)); at = at + 1 end
    rows:insert(pandoc.Div(cells, pandoc.Attr('', { 'rutrad' })))
    index = index + 1
  end
  local side = element.attributes['layout-valign']
  return pandoc.Div(rows, pandoc.Attr('', { 'rutnat' },
    SIDES[side] and { { 'lodratt', side } } or {}))
end

return M
