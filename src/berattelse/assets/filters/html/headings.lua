-- Headings: the number before the text, and one level down since the page's title is h1.

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
      return header
    end,
  }
end
