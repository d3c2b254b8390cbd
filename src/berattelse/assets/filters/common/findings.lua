-- Faults in the content: gathered while the steps run, told together at the end.
-- Each is one JSON line on standard error, which berattelse.tools turns into an error.

local M = {}
local found = {}
local told = {}

-- rule: stable id; message: what is wrong and where, in Swedish; remedy: what to do.
-- kind, text: by what origin.py finds the element in the source, such as 'bild' and its file; of
-- several faults of the same kind and text, the first is taken to be in the first such element,
-- unless `nr` says which.
function M.add(rule, message, remedy, kind, text, nr)
  local at
  if kind then
    local key = rule .. '\0' .. kind .. '\0' .. text
    told[key] = (told[key] or 0) + 1
    at = { kind = kind, text = text, nr = nr or told[key] }
  end
  found[#found + 1] = {
    rule = rule, message = (message:gsub('^%l', string.upper)), remedy = remedy or '', at = at,
  }
end

-- What the writer calls a picture: images.py has copied it, to bilder/3-name.png.
function M.file(src)
  return (src:gsub('^bilder/%d+%-', ''))
end

-- What is lost from the file, but does not stop it; the rest as for `add`.
function M.warn(rule, message, remedy, kind, text)
  M.add(rule, message, remedy, kind, text)
  found[#found].warning = true
end

function M.report()
  for _, finding in ipairs(found) do
    io.stderr:write(pandoc.json.encode({ berattelse = finding }), '\n')
  end
  found = {}
end

return M
