-- Headings: the number before the text, one level down since the page's title is h1, and a link
-- to each one for those who want to send it.

local settings = require 'common.settings'
local stringify = pandoc.utils.stringify

-- The link stands after the heading, not in it: it is no part of the heading's text. Its sign comes
-- from the style sheet, so that it is not copied along.
local function anchor(header)
  return pandoc.Plain { pandoc.Link({}, '#' .. header.identifier, '',
    pandoc.Attr('', { 'ankare' },
      { { 'aria-label', 'Länk till avsnittet ' .. stringify(header.content) } })) }
end

return function(doc)
  -- A document of its own keeps the levels that its writer gave, as in Quarto.
  local by = settings.enskilt and 0 or 1
  return doc:walk {
    Header = function(header)
      local number = header.attributes.nummer
      if number then
        header.attributes.nummer = nil
        local classes = settings.enskilt and { 'nummer', 'header-section-number' } or { 'nummer' }
        header.content:insert(1, pandoc.Span(pandoc.Str(number), pandoc.Attr('', classes)))
        header.content:insert(2, pandoc.Space())
      end
      header.level = math.min(header.level + by, 6)
      -- Quarto has no such link in the text, and those who style a page by its order count on that.
      if header.identifier == '' or settings.enskilt then return header end
      return { header, anchor(header) }
    end,
  }
end
