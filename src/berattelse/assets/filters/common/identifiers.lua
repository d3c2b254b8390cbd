-- An id stands once in the document, and a link within the document has a target.

local findings = require 'common.findings'

return function(doc)
  local seen, twice, links = {}, {}, {}
  local function note(element)
    local id = element.identifier
    if id == '' then return nil end
    if seen[id] and not twice[id] then
      twice[id] = true
      findings.add('dubbelt-id', ('id:t %s används mer än en gång'):format(id),
        'ge det ena ett annat namn')
    end
    seen[id] = true
  end
  doc:walk {
    Div = note, Header = note, Span = note, Table = note, Figure = note,
    Image = note, CodeBlock = note, Code = note,
    Link = function(link)
      note(link)
      if link.target:sub(1, 1) == '#' then links[#links + 1] = link.target:sub(2) end
    end,
  }
  for _, id in ipairs(links) do
    if not seen[id] then
      findings.add('lank', ('länken till #%s leder ingenstans'):format(id),
        'kontrollera stavningen')
    end
  end
end
