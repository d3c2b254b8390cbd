-- Faults in the content: gathered while the steps run, told together at the end.
-- Each is one JSON line on standard error, which berattelse.tools turns into an error or a warning.

local settings = require 'common.settings'

local M = {}
local found = {}
local told = {}

-- What is a fault in a berättelse and may stand in a document of its own, where Quarto's rules hold:
-- true is let pass, 'varning' is told and the document made all the same.
local SOFT = {
  ['alt-text'] = true, bildtext = true, ['tom-flyt'] = true, ['dubbelt-id'] = true, lank = true,
  ['tom-rubrik'] = true, rubrikniva = true,
  referens = 'varning', kortkod = 'varning', villkor = 'varning', formel = 'varning',
  ['ra-html'] = 'varning', kalla = 'varning',
}

local function keep(level, rule, message, remedy, kind, text, nr)
  local at
  if kind then
    local key = rule .. '\0' .. kind .. '\0' .. text
    told[key] = (told[key] or 0) + 1
    at = { kind = kind, text = text, nr = nr or told[key] }
  end
  found[#found + 1] = {
    rule = rule, message = (message:gsub('^%l', string.upper)), remedy = remedy or '', at = at,
    niva = level,
  }
end

-- rule: stable id; message: what is wrong and where, in Swedish; remedy: what to do.
-- kind, text: by what origin.py finds the element in the source, such as 'bild' and its file; of
-- several faults of the same kind and text, the first is taken to be in the first such element,
-- unless `nr` says which.
function M.add(rule, message, remedy, kind, text, nr)
  local soft = settings.enskilt and SOFT[rule]
  if soft ~= true then keep(soft or 'fel', rule, message, remedy, kind, text, nr) end
end

-- What the writer calls a picture: images.py has copied it, to bilder/3-name.png.
function M.file(src)
  return (src:gsub('^bilder/%d+%-', ''))
end

-- What is lost from the file, but does not stop it; the rest as for `add`.
function M.warn(rule, message, remedy, kind, text, nr)
  keep('varning', rule, message, remedy, kind, text, nr)
end

local warned = {}

-- A construct that is not supported: as `warn`, once per message, at its first place.
-- Without `kind` and `text` the warning has no place.
function M.unsupported(message, kind, text)
  if warned[message] then return end
  warned[message] = true
  M.warn('', message, '', kind, text)
end

function M.report()
  for _, finding in ipairs(found) do
    io.stderr:write(pandoc.json.encode({ berattelse = finding }), '\n')
  end
  found = {}
end

return M
