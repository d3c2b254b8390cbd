-- Faults in the content: gathered while the steps run, told together at the end.
-- Each is one JSON line on standard error, which berattelse.tools turns into an error.

local M = {}
local found = {}

-- rule: stable id; message: what is wrong and where, in Swedish; remedy: what to do.
function M.add(rule, message, remedy)
  found[#found + 1] = {
    rule = rule, message = (message:gsub('^%l', string.upper)), remedy = remedy or '',
  }
end

function M.report()
  for _, finding in ipairs(found) do
    io.stderr:write(pandoc.json.encode({ berattelse = finding }), '\n')
  end
  found = {}
end

return M
