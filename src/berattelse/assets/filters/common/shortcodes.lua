-- {{< pagebreak >}} (and LaTeX's \newpage, as in Quarto) becomes Div.sidbrytning.
-- Any other shortcode would be printed as it stands: a fault. Text from data that looks like one
-- stands in Span.ordagrant (literal.py): it is text, and the span has then done its work.

local findings = require 'common.findings'
local stringify = pandoc.utils.stringify

local BREAKS = { pagebreak = true, newpage = true }
local CLASSES = { 'pagebreak', 'page-break', 'sidbrytning' }

local function page_break()
  return pandoc.Div({}, pandoc.Attr('', { 'sidbrytning' }))
end

local LITERAL = 'ordagrant'

local function is_literal(span) return span.classes:includes(LITERAL) end

-- What the author wrote of a block: data's text stands as a sign that is in no shortcode.
local function own_text(block)
  return stringify(block:walk {
    Span = function(span) if is_literal(span) then return pandoc.Str '\u{fffc}' end end,
  })
end

local function release(span)
  if not is_literal(span) then return nil end
  local direction = span.attributes.dir
  return direction and pandoc.Span(span.content, pandoc.Attr('', {}, { dir = direction }))
    or span.content
end

local function paragraph(block)
  if not stringify(block):find('{{<', 1, true) then return nil end
  local text = own_text(block)
  local name = text:match('^{{<%s*(%S+)%s*>}}$')
  if name and BREAKS[name] then return page_break() end
  if text:find('{{<', 1, true) then
    local code = text:match('{{<.-%f[>]>}}') or '{{<'
    findings.add('kortkod', ('kortkoden %s går inte att använda här'):format(code),
      '{{< pagebreak >}} och {{< include >}} ska stå i ett eget stycke; andra kortkoder stöds inte',
      'text', code)
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
  }:walk { Span = release }
end
