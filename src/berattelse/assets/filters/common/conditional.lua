-- .content-visible and .content-hidden with when-/unless-format, -meta and -profile,
-- by Quarto's meaning: all conditions must hold; `pdf` means LaTeX and is never true here.

local findings = require 'common.findings'
local settings = require 'common.settings'

local KNOWN = {
  ['when-format'] = true, ['unless-format'] = true, ['when-meta'] = true,
  ['unless-meta'] = true, ['when-profile'] = true, ['unless-profile'] = true,
}

-- Other names of our formats: a page has scripts where an e-book has none.
local ALSO = { html = { ['html:js'] = true, html5 = true }, typst = {}, docx = { openxml = true } }

local function is_format(name)
  return name == settings.format or (ALSO[settings.format] or {})[name] == true
end

-- In a document of its own what is given counts as true, as in Quarto; `false` and nothing do not.
local function is_true(value)
  if not settings.enskilt then return value == true end
  if value == nil or value == false then return false end
  return pandoc.utils.type(value) ~= 'Inlines' or pandoc.utils.stringify(value) ~= 'false'
end

local function holds(attributes, meta)
  local test = {
    format = is_format,
    meta = function(value) return is_true(settings.lookup(meta, value)) end,
    profile = function() return false end, -- the engine has no profiles
  }
  -- The same condition given twice holds where either does.
  local answers, order = {}, {}
  for key, value in pairs(attributes) do
    if KNOWN[key] then
      if answers[key] == nil then order[#order + 1] = key end
      answers[key] = answers[key] or test[key:match('%l+$')](value)
    elseif not settings.enskilt then
      findings.add('villkor', ('okänt villkor "%s" på ett villkorat avsnitt'):format(key),
        'använd when-format, unless-format, when-meta eller unless-meta',
        'villkor', key)
    end
  end
  local result = true
  for _, key in ipairs(order) do
    local answer = answers[key]
    if key:find('^unless') then answer = not answer end
    result = result and answer
  end
  return result
end

-- What is left of an element's attributes once the condition has been met.
local function without_condition(element)
  local classes = element.classes:filter(function(class)
    return class ~= 'content-visible' and class ~= 'content-hidden'
  end)
  local attributes = {}
  for key, value in pairs(element.attributes) do
    if settings.enskilt and not KNOWN[key] then
      attributes[#attributes + 1] = { key, value }
    end
  end
  return pandoc.Attr(element.identifier, classes, attributes)
end

local function decide(meta)
  local filter
  filter = function(element)
    local visible = element.classes:includes('content-visible')
    local hidden = element.classes:includes('content-hidden')
    if not (visible or hidden) then return nil end
    local show = holds(element.attributes, meta)
    if hidden then show = not show end
    if not show then return {} end
    local attr = without_condition(element)
    if element.t ~= 'CodeBlock' and attr.identifier == '' and #attr.classes == 0
      and #attr.attributes == 0 then
      -- pandoc does not look inside a list that replaces an element
      return element.content:walk {
        traverse = 'topdown', Div = filter, Span = filter, CodeBlock = filter,
      }
    end
    element.attr = attr
    return element
  end
  return filter
end

return function(doc)
  settings.read(doc.meta)
  local filter = decide(doc.meta)
  return doc:walk { traverse = 'topdown', Div = filter, Span = filter, CodeBlock = filter }
end
