-- Values of typst's code: strings, lengths, labels and lists.

local M = {}

-- No-break hyphen: the font has no glyph for it; a plain one between word joiners looks right.
local NO_BREAK_HYPHEN = '\u{2060}-\u{2060}'

function M.str(text)
  text = text:gsub('[\n\t]', ' '):gsub('[%z\1-\31\127]', ''):gsub('\u{2011}', NO_BREAK_HYPHEN)
  return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"') .. '"'
end

-- A multi-line string, for code blocks.
function M.verbatim(text)
  local lines = {}
  for line in (text .. '\n'):gmatch('(.-)\r?\n') do
    lines[#lines + 1] = M.str((line:gsub('\t', '    '))):sub(2, -2)
  end
  return '"' .. table.concat(lines, '\\n') .. '"'
end

-- Text in markup: the semicolon ends the string's expression whatever comes next.
function M.text(text)
  return '#' .. M.str(text) .. ';'
end

function M.array(items)
  if #items == 0 then return '()' end
  return '(' .. table.concat(items, ', ') .. ',)'
end

-- '160mm', '80%', '6in', '300px' or '300' -> a typst length, or 'auto'.
function M.length(text)
  local number, unit = (text or ''):match('^%s*([%d.]+)%s*([%a%%]*)%s*$')
  if not tonumber(number) then return 'auto' end
  if unit == 'px' or unit == '' then return ('%gpt'):format(tonumber(number) * 0.75) end
  if not ({ mm = 1, cm = 1, ['in'] = 1, pt = 1, em = 1, ['%'] = 1 })[unit] then return 'auto' end
  return number .. unit
end

-- The author's own typst code, as it is: between comments that typeset/pdf/faults.py finds it by.
local raws = 0

function M.raw(text, break_)
  raws = raws + 1
  return ('/*rå %d*/%s%s%s/*rå %d slut*/'):format(raws, break_, text, break_, raws)
end

function M.anchor(id)
  if id == '' then return '' end
  return ('#[#metadata(none)#label(%s)];'):format(M.str(id))
end

return M
