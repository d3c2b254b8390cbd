-- Straight quotation marks in the source are Swedish ones in print: ”så” and ’så’.

local MARK = { DoubleQuote = '”', SingleQuote = '’' }

return function(doc)
  return doc:walk {
    Quoted = function(quoted)
      local mark = MARK[quoted.quotetype]
      local inlines = quoted.content:clone()
      inlines:insert(1, pandoc.Str(mark))
      inlines:insert(pandoc.Str(mark))
      return inlines
    end,
  }
end
