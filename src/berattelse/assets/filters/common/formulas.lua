-- A formula that pandoc cannot read would stand as its own code, or stop the format.

local findings = require 'common.findings'

local function is_read(math)
  local page = pandoc.write(pandoc.Pandoc { pandoc.Plain { math } }, 'html',
    { html_math_method = 'mathml' })
  return page:find('<math', 1, true) ~= nil
end

return function(doc)
  doc:walk {
    Math = function(math)
      if is_read(math) then return nil end
      findings.add('formel', ('formeln %s kan inte läsas'):format(math.text:gsub('%s+', ' ')),
        'kontrollera stavningen och att varje { har en }', 'text',
        math.text:match('[^\n]*%S[^\n]*') or math.text)
    end,
  }
end
