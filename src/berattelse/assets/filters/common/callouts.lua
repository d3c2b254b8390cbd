-- Div.callout-note and its kin: the title goes into an attribute, from there into each format.

local stringify = pandoc.utils.stringify

local TITLES = {
  note = 'Observera', tip = 'Tips', warning = 'Varning',
  important = 'Viktigt', caution = 'Var försiktig',
}

local function kind_of(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match('^callout%-(%l+)$')
    if TITLES[kind] then return kind end
  end
end

return function(doc)
  return doc:walk {
    Div = function(div)
      local kind = kind_of(div)
      if not kind then return nil end
      local title = div.attributes.title
      if not title and div.content[1] and div.content[1].t == 'Header' then
        title = stringify(div.content:remove(1))
      end
      div.attr = pandoc.Attr(div.identifier, { 'callout', 'callout-' .. kind },
        { title = title or TITLES[kind] })
      return div
    end,
  }
end
