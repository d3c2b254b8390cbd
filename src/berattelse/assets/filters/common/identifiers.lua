-- An id stands once in the document, and a link within the document has a target.

local findings = require 'common.findings'
local settings = require 'common.settings'

return function(doc)
  local seen, order, links = {}, {}, {}
  local function note(element)
    local id = element.identifier
    if id == '' then return nil end
    seen[id] = (seen[id] or 0) + 1
    if seen[id] == 2 then order[#order + 1] = id end
  end
  doc:walk {
    Div = note, Header = note, Span = note, Table = note, Figure = note,
    Image = note, CodeBlock = note, Code = note,
    Link = function(link)
      note(link)
      if link.target:sub(1, 1) == '#' then links[#links + 1] = link.target:sub(2) end
    end,
  }
  -- Told for each place that has it: which of them is wrong, only the author knows.
  for _, id in ipairs(order) do
    for _ = 1, seen[id] do
      findings.add('dubbelt-id', ('id:t %s används mer än en gång'):format(id),
        'ge det ena ett annat namn', 'id', id)
    end
  end
  for _, id in ipairs(links) do
    if not seen[id] then
      findings.add('lank', ('länken till #%s leder ingenstans'):format(id),
        'kontrollera stavningen', 'lank', '#' .. id)
    end
  end
  if not (settings.enskilt and settings.format == 'typst') then return nil end
  -- Typst makes no document with a link that leads nowhere: its text stands there.
  return doc:walk {
    Link = function(link)
      local id = link.target:match '^#(.*)$'
      if id and not seen[id] then
        findings.warn(('länken till #%s leder ingenstans'):format(id), 'lank', link.target)
        return link.content
      end
    end,
  }
end
