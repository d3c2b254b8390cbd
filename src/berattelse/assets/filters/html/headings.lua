-- Headings: the number before the text, one level down since the page's title is h1, and a link
-- to each one for those who want to send it.

local stringify = pandoc.utils.stringify

-- The link stands after the heading, not in it: it is no part of the heading's text. Its sign comes
-- from the style sheet, so that it is not copied along.
local function anchor(header)
  return pandoc.Plain { pandoc.Link({}, '#' .. header.identifier, '',
    pandoc.Attr('', { 'ankare' },
      { { 'aria-label', 'Länk till avsnittet ' .. stringify(header.content) } })) }
end

return function(doc)
  return doc:walk {
    Header = function(header)
      local number = header.attributes.nummer
      if number then
        header.attributes.nummer = nil
        header.content:insert(1, pandoc.Span(pandoc.Str(number), pandoc.Attr('', { 'nummer' })))
        header.content:insert(2, pandoc.Space())
      end
      header.level = math.min(header.level + 1, 6)
      if header.identifier == '' then return header end
      return { header, anchor(header) }
    end,
  }
end
