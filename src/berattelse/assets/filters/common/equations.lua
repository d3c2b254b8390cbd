-- `$$ … $$ {#eq-x alt="…"}` becomes Span#eq-x.ekvation with the formula, its text for those who
-- cannot see it in the attribute `alt`.

local stringify = pandoc.utils.stringify

local QUOTES = { DoubleQuote = { '\u{201c}', '\u{201d}' }, SingleQuote = { '\u{2018}', '\u{2019}' } }

-- Inlines as they were written, quotation marks straight.
local function source(inlines)
  local parts = {}
  for _, inline in ipairs(inlines) do
    if inline.t == 'Quoted' then
      local mark = inline.quotetype == 'DoubleQuote' and '"' or "'"
      parts[#parts + 1] = mark .. source(inline.content) .. mark
    elseif inline.t == 'Space' or inline.t == 'SoftBreak' then
      parts[#parts + 1] = ' '
    else
      parts[#parts + 1] = stringify(inline):gsub(QUOTES.SingleQuote[2], "'")
    end
  end
  return table.concat(parts)
end

local function is_display(inline)
  return inline and inline.t == 'Math' and inline.mathtype == 'DisplayMath'
end

-- The words of alt="…" or alt='…'; the outermost marks are the attribute's own.
local function alt_of(text)
  local value = text:match('alt%s*=%s*(.-)%s*$')
  if not value then return nil end
  local mark = value:sub(1, 1)
  if mark == '"' or mark == "'" then
    value = value:sub(2, -1)
    if value:sub(-1) == mark then value = value:sub(1, -2) end
  end
  return value
end

local function ends(inlines, from)
  for index = from, #inlines do
    if inlines[index].t == 'Str' and inlines[index].text:find('}', 1, true) then return index end
  end
end

-- The index after the formula where its braces begin, and where they end.
local function braces(inlines, at)
  local first = at + 1
  while inlines[first] and (inlines[first].t == 'Space' or inlines[first].t == 'SoftBreak') do
    first = first + 1
  end
  local opening = inlines[first]
  if not opening or opening.t ~= 'Str' or not opening.text:find('^{#eq%-') then return nil end
  return first, ends(inlines, first)
end

local function label(inlines)
  local result, at = pandoc.Inlines {}, 1
  while at <= #inlines do
    local inline = inlines[at]
    local first, last
    if is_display(inline) then first, last = braces(inlines, at) end
    if last then
      local text = source({ table.unpack(inlines, first, last) })
      local inner, rest = text:match('^{(.*)}(.-)$')
      local id = inner:match('^#([^%s}]+)')
      local alt = alt_of(inner:sub(#id + 2))
      result:insert(pandoc.Span({ inline },
        pandoc.Attr(id, { 'ekvation' }, alt and { { 'alt', alt } } or {})))
      if rest ~= '' then result:insert(pandoc.Str(rest)) end
      at = last + 1
    else
      result:insert(inline)
      at = at + 1
    end
  end
  return result
end

return function(doc)
  return doc:walk {
    Inlines = function(inlines)
      if inlines:find_if(is_display) then return label(inlines) end
    end,
  }
end
