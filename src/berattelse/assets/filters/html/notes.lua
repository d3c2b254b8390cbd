-- Footnotes stand last under a heading of their own, each with a link back in Swedish.

local function reference(number)
  return pandoc.Superscript { pandoc.Link({ pandoc.Str(tostring(number)) }, '#fn' .. number, '',
    pandoc.Attr('fnref' .. number, { 'notref' },
      { { 'role', 'doc-noteref' }, { 'aria-label', 'Not ' .. number } })) }
end

local function with_link_back(blocks, number)
  local link = pandoc.Link({ pandoc.Str '↩\u{fe0e}' }, '#fnref' .. number, '',
    pandoc.Attr('', { 'tillbaka' }, { { 'role', 'doc-backlink' },
      { 'aria-label', 'Tillbaka till texten vid not ' .. number } }))
  local last = blocks[#blocks]
  if last and (last.t == 'Para' or last.t == 'Plain') then
    last.content:extend { pandoc.Str '\u{a0}', link }
  else
    blocks:insert(pandoc.Plain { link })
  end
  return pandoc.Div(blocks, pandoc.Attr('fn' .. number, {}))
end

return function(doc)
  local items = pandoc.List {}
  doc = doc:walk {
    traverse = 'topdown',
    Note = function(note)
      local number = #items + 1
      items:insert { with_link_back(note.content, number) }
      return reference(number), false
    end,
  }
  if #items > 0 then
    doc.blocks:insert(pandoc.Header(2, 'Noter',
      pandoc.Attr('dokumentets-noter', { 'unnumbered', 'noter' })))
    doc.blocks:insert(pandoc.OrderedList(items))
  end
  return doc
end
