-- A formula that pandoc cannot read would stand as its own code, or stop the format.

local findings = require 'common.findings'

local settings = require 'common.settings'

local function is_read(math)
  local page = pandoc.write(pandoc.Pandoc { pandoc.Plain { math } }, 'html',
    { html_math_method = 'mathml' })
  return page:find('<math', 1, true) ~= nil
end

return function(doc)
  -- Typst would make no document of it; the others show its code.
  local typst = settings.enskilt and settings.format == 'typst'
  return doc:walk {
    Math = function(math)
      if is_read(math) then return nil end
      findings.add('formel', ('formeln %s kan inte läsas'):format(math.text:gsub('%s+', ' ')),
        'kontrollera stavningen och att varje { har en }', 'text',
        math.text:match('[^\n]*%S[^\n]*') or math.text)
      if typst then return pandoc.Code(math.text, pandoc.Attr('', { 'formel' })) end
    end,
    Span = function(span)
      local code = span.content[1]
      if not (typst and span.classes:includes('ekvation') and code.t == 'Code') then return nil end
      local number = span.attributes.nummer
      if number then span.content:extend { pandoc.Space(), pandoc.Str('(' .. number .. ')') } end
      span.classes = span.classes:filter(function(class) return class ~= 'ekvation' end)
      return span
    end,
  }
end
