-- Div.panel-tabset becomes Div.flikar with a Div.flik per tab: its name in `titel`, its heading's
-- level in `niva`. What stands before the first heading stays in front.

local stringify = pandoc.utils.stringify

local function split(div)
  local level
  for _, block in ipairs(div.content) do
    if block.t == 'Header' then level = math.min(level or block.level, block.level) end
  end
  if not level then return nil end
  local out, tab = pandoc.Blocks {}, nil
  for _, block in ipairs(div.content) do
    if block.t == 'Header' and block.level == level then
      tab = pandoc.Div({}, pandoc.Attr(block.identifier, { 'flik' },
        { { 'titel', stringify(block.content) }, { 'niva', tostring(level) } }))
      if block.classes:includes('active') then tab.classes:insert('active') end
      out:insert(tab)
    elseif tab then
      tab.content:insert(block)
    else
      out:insert(block)
    end
  end
  return out
end

return function(doc)
  return doc:walk {
    Div = function(div)
      if not div.classes:includes('panel-tabset') then return nil end
      local content = split(div)
      if not content then return nil end
      return pandoc.Div(content, pandoc.Attr(div.identifier, { 'flikar', 'panel-tabset' }))
    end,
  }
end
