-- Callouts, page breaks and passages that the writer must fill in.

local counter = 0

-- A note, not a landmark and not a heading: it must break neither the outline nor the order.
local function callout(div)
  counter = counter + 1
  local id = 'ruta-' .. counter
  local title = pandoc.Div({ pandoc.Para { pandoc.Str(div.attributes.title) } },
    pandoc.Attr(id, { 'callout-titel' }))
  div.content:insert(1, title)
  div.attr = pandoc.Attr(div.identifier, div.classes,
    { { 'role', 'note' }, { 'aria-labelledby', id } })
  return div
end

return function(doc)
  return doc:walk {
    Div = function(div)
      if div.classes:includes('callout') then return callout(div) end
    end,
    Span = function(span)
      if span.classes:includes('platshallare') then
        span.classes:insert(1, 'mark') -- pandoc writes <mark>
        return span
      end
    end,
  }
end
