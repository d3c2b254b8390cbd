-- A section whose heading has the class `appendix` goes last in the document, without a number.

return function(doc)
  local kept, moved, level = pandoc.Blocks {}, pandoc.Blocks {}, nil
  for _, block in ipairs(doc.blocks) do
    if block.t == 'Header' then
      if level and block.level <= level then level = nil end
      if not level and block.classes:includes('appendix') then
        level = block.level
        if not block.classes:includes('unnumbered') then block.classes:insert('unnumbered') end
      end
    end
    (level and moved or kept):insert(block)
  end
  if #moved == 0 then return nil end
  kept:extend(moved)
  doc.blocks = kept
  return doc
end
