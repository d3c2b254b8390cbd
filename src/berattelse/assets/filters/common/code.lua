-- Code blocks: Div.kodblock with the name of the file over the code, numbers of the lines where
-- they are asked for, and the notes of `# <1>` marks joined with the list that follows.

local settings = require 'common.settings'
local stringify = pandoc.utils.stringify

local M = {}

local function yes(value) return value == 'true' or value == true or value == '' end

-- A block with something of its own to show gets a frame; a plain one is left as it is.
function M.block(block)
  local filename = block.attributes.filename
  local folded = block.attributes['code-fold']
  local numbers = block.attributes['code-line-numbers'] or (settings.radnummer and 'true') or nil
  if block.classes:includes('numberLines') then numbers = 'true' end
  for _, name in ipairs { 'filename', 'code-fold', 'code-line-numbers' } do
    block.attributes[name] = nil
  end
  local summary = block.attributes['code-summary']
  block.attributes['code-summary'] = nil
  if yes(numbers) and not block.classes:includes('numberLines') then
    block.classes:insert('numberLines')
  end
  if not filename and (not folded or folded == 'false') then return block end
  local attributes = {}
  if filename then attributes[#attributes + 1] = { 'fil', filename } end
  if folded and folded ~= 'false' then
    attributes[#attributes + 1] = { 'vik', folded == 'show' and 'oppen' or 'stangd' }
    attributes[#attributes + 1] = { 'rubrik', summary or 'Kod' }
  end
  return pandoc.Div({ block }, pandoc.Attr('', { 'kodblock' }, attributes))
end

-- Signs that begin and end a comment in some language: # // -- % ; ' <!-- --> /* */ (* *)
local COMMENT = '[#/%%;%-!<*({\'"⍝]'
-- C's own comments only: what follows // there is code to an old compiler.
local ONLY = { c = '/%*' }

-- `x = 1  # <2>` -> the code with its marks as (2), or without them, and whether there was any.
local function marked(block, keep)
  local found = false
  local lines = {}
  local only = ONLY[(block.classes[1] or ''):gsub('[{}.]', '')]
  local sign = only or COMMENT
  for line in (block.text .. '\n'):gmatch('(.-)\n') do
    local code, numbers = line:match('^(.-)%s*' .. sign .. '+%-*%s*(<%d[%d<>, ]*>)%s*[%-%*>/)};]*%s*$')
    if code then
      found = true
      line = keep and code .. '  ' .. numbers:gsub('<', '('):gsub('>', ')') or code
    end
    lines[#lines + 1] = line
  end
  return found, table.concat(lines, '\n')
end

local function inner_code(block)
  while block and block.t == 'Div' do block = block.content[1] end
  return block and block.t == 'CodeBlock' and block or nil
end

local function with_code(block, change)
  if block.t == 'CodeBlock' then return change(block) end
  block.content[1] = with_code(block.content[1], change)
  return block
end

-- Marks and the list that tells them belong together: one without the other is text.
local function annotate(blocks)
  local out, skip = pandoc.Blocks {}, false
  for index, block in ipairs(blocks) do
    local code, list = inner_code(block), blocks[index + 1]
    if skip then
      skip = false
    elseif code and list and list.t == 'OrderedList' then
      local found, text = marked(code, not settings.utan_anteckningar)
      if found then
        skip = true
        out:insert(with_code(block, function(old)
          old.text = text
          old.classes:insert('code-annotation-code')
          return old
        end))
        if not settings.utan_anteckningar then
          out:insert(pandoc.Div({ list }, pandoc.Attr('', { 'kodnoter' })))
        end
      else
        out:insert(block)
      end
    else
      out:insert(block)
    end
  end
  return out
end

-- The step; floats.lua asks for `block` alone.
function M.step(doc)
  local numbers = doc.meta['code-line-numbers']
  settings.radnummer = numbers ~= nil and stringify(numbers) == 'true'
  local notes = doc.meta['code-annotations']
  -- `false` leaves the marks as they are written, `none` takes them and their list away.
  settings.utan_anteckningar = notes ~= nil and stringify(notes) == 'none'
  if notes ~= false then doc = doc:walk { Blocks = annotate } end
  return doc:walk {
    traverse = 'topdown',
    CodeBlock = function(block)
      if block.attributes['lst-cap'] or block.identifier:find('^lst%-') then return nil end
      return M.block(block), false
    end,
  }
end

return setmetatable(M, { __call = function(_, doc) return M.step(doc) end })
