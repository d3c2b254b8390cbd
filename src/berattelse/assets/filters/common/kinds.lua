-- The kinds of things that can be referred to: told by the first letters of their ids.
-- Words and ways of counting come from the document's settings.

local settings = require 'common.settings'

local M = {}

local FLOATS = { fig = 'figur', tbl = 'tabell', lst = 'kodlista' }
local THEOREMS = {
  thm = 'theorem', lem = 'lemma', cor = 'corollary', prp = 'proposition', cnj = 'conjecture',
  def = 'definition', exm = 'example', exr = 'exercise', sol = 'solution', rem = 'remark',
  alg = 'algorithm',
}
local CALLOUTS = { nte = 'note', tip = 'tip', wrn = 'warning', imp = 'important', cau = 'caution' }

-- 'fig' of 'fig-x', '' of an id without.
local function head(id) return id:match('^(%a[%w]*)%-') or '' end

-- A float's kind and the class that tells how it looks; nil for what is none.
function M.float(id)
  local kind = head(id)
  if FLOATS[kind] then return kind, FLOATS[kind] end
  if settings.egna[kind] then return kind, 'figur' end
end

function M.theorem(id)
  local kind = head(id)
  if THEOREMS[kind] then return kind, THEOREMS[kind] end
end

function M.callout(id)
  local kind = head(id)
  if CALLOUTS[kind] then return kind, CALLOUTS[kind] end
end

-- Whether an id is one that a cross-reference may lead to.
function M.known(id)
  local kind = head(id)
  return FLOATS[kind] ~= nil or THEOREMS[kind] ~= nil or CALLOUTS[kind] ~= nil or kind == 'sec'
    or kind == 'eq' or settings.egna[kind] ~= nil
end

M.head = head

return M
