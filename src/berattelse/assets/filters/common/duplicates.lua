-- A document of its own is made although a name is used twice, and told of: the first keeps it, so
-- that all that refers to it leads there, and the others get one that nobody has asked for.

local findings = require 'common.findings'
local named = require 'common.named'
local settings = require 'common.settings'

return function(doc)
  if not settings.enskilt then return nil end
  local taken, seen = {}, {}
  local function gather(element)
    if element.identifier ~= '' then taken[element.identifier] = true end
  end
  local function rename(element)
    local id = element.identifier
    if id == '' then return nil end
    seen[id] = (seen[id] or 0) + 1
    if seen[id] == 1 then return nil end
    -- That of a cell is made of its label, which is told of
    if not id:find('^cell%-') then
      findings.warn('dubbelt-id', ('id:t %s används mer än en gång'):format(id),
        'ge det ena ett annat namn; hänvisningar leder till det första', 'id', id, seen[id])
    end
    local number = seen[id]
    while taken[id .. '-' .. number] do number = number + 1 end
    element.identifier = id .. '-' .. number
    taken[element.identifier] = true
    return element
  end
  doc:walk(named(gather))
  local renaming = named(rename)
  renaming.traverse = 'topdown'
  return doc:walk(renaming)
end
