-- The elements that can have an id, each to be taken by the same function in a walk.
return function(take)
  return {
    Div = take, Header = take, Span = take, Table = take, Figure = take,
    Image = take, CodeBlock = take, Code = take, Link = take,
  }
end
