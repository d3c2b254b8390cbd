-- .content-visible and .content-hidden with when-/unless-format, -meta and -profile,
-- by Quarto's meaning: all conditions must hold; `pdf` means LaTeX and is never true here.

local findings = require 'common.findings'
local settings = require 'common.settings'

local KNOWN = {
  ['when-format'] = true, ['unless-format'] = true, ['when-meta'] = true,
  ['unless-meta'] = true, ['when-profile'] = true, ['unless-profile'] = true,
}

local function holds(attributes, meta)
  local test = {
    format = function(value) return value == settings.format end,
    meta = function(value) return settings.lookup(meta, value) == true end,
    profile = function() return false end, -- the engine has no profiles
  }
  local result = true
  for key, value in pairs(attributes) do
    local how, what = key:match('^(%l+)-(%l+)$')
    if KNOWN[key] then
      local answer = test[what](value)
      if how == 'unless' then answer = not answer end
      result = result and answer
    else
      findings.add('villkor', ('okänt villkor "%s" på ett villkorat avsnitt'):format(key),
        'använd when-format, unless-format, when-meta eller unless-meta',
        'villkor', key)
    end
  end
  return result
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
    local rest = element.classes:filter(function(class)
      return class ~= 'content-visible' and class ~= 'content-hidden'
    end)
    if element.identifier == '' and #rest == 0 then
      -- pandoc does not look inside a list that replaces an element
      return element.content:walk { traverse = 'topdown', Div = filter, Span = filter }
    end
    element.attr = pandoc.Attr(element.identifier, rest)
    return element
  end
  return filter
end

return function(doc)
  settings.read(doc.meta)
  local filter = decide(doc.meta)
  return doc:walk { traverse = 'topdown', Div = filter, Span = filter }
end
