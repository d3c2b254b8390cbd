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

local CONTENTS = '^{{<%s*contents%s+(%S+)%s*>}}$'

-- {{< contents id >}}: what has the id stands there, and no longer where it was written. A cell
-- with a label has it behind `cell-`.
local function move_contents(doc)
  local wanted, found, any = {}, {}, false
  doc:walk {
    Para = function(para)
      local id = stringify(para):match(CONTENTS)
      if id then wanted[id], any = true, true end
    end,
  }
  if not any then return doc end
  local function take(element)
    local id = element.identifier
    id = wanted[id] and id or id:match('^cell%-(.+)$')
    if not (id and wanted[id]) or found[id] then return nil end
    found[id] = element
    return {}, false
  end
  doc = doc:walk {
    traverse = 'topdown', Div = take, CodeBlock = take, Table = take, Figure = take, Span = take,
    Code = take, Image = take, Link = take,
  }
  return doc:walk {
    Para = function(para)
      local id = stringify(para):match(CONTENTS)
      if not id then return nil end
      local element = found[id]
      if not element then
        findings.unsupported(('det finns inget med id:t %s att visa här'):format(id), 'text', id)
        return {}
      end
      local inline = pandoc.utils.type(element) == 'Inline'
      return inline and pandoc.Para { element } or element
    end,
  }
end

-- A shortcode within inline code is an example of one.
local function without_code(block)
  return block:walk { Code = function() return pandoc.Str '' end }
end

local function paragraph(block)
  if not stringify(without_code(block)):find('{{<', 1, true) then return nil end
  local text = own_text(without_code(block))
  local name = text:match('^{{<%s*(%S+)%s*>}}$')
  if name and BREAKS[name] then return page_break() end
  if text:find('{{<', 1, true) then
    local code = text:match('{{<.-%f[>]>}}') or '{{<'
    findings.add('kortkod', ('kortkoden %s går inte att använda här'):format(code),
      '{{< pagebreak >}} och {{< include >}} ska stå i ett eget stycke; film och okända kortkoder stöds inte',
      'text', code)
  end
end

return function(doc)
  return move_contents(doc):walk {
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
