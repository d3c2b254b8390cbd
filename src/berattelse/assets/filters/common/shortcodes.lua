-- {{< pagebreak >}} (and LaTeX's \newpage, as in Quarto) becomes Div.sidbrytning.
-- Any other shortcode would be printed as it stands: a fault.

local findings = require 'common.findings'
local stringify = pandoc.utils.stringify

local BREAKS = { pagebreak = true, newpage = true }
local CLASSES = { 'pagebreak', 'page-break', 'sidbrytning' }

local function page_break()
  return pandoc.Div({}, pandoc.Attr('', { 'sidbrytning' }))
end

local function paragraph(block)
  local name = stringify(block):match('^{{<%s*(%S+)%s*>}}$')
  if name and BREAKS[name] then return page_break() end
  if stringify(block):find('{{<', 1, true) then
    local code = stringify(block):match('{{<.-%f[>]>}}') or '{{<'
    findings.add('kortkod', ('kortkoden %s går inte att använda här'):format(code),
      '{{< pagebreak >}} och {{< include >}} ska stå i ett eget stycke; andra kortkoder stöds inte')
  end
end

return function(doc)
  return doc:walk {
    Para = paragraph,
    Plain = paragraph,
    RawBlock = function(raw)
      if BREAKS[raw.text:match('^\\(%l+)%s*$') or ''] then return page_break() end
    end,
    Div = function(div)
      for _, class in ipairs(CLASSES) do
        if div.classes:includes(class) then return page_break() end
      end
    end,
  }
end
