-- Div#thm-x and its kin become Div.sats with the attribute `titel`; proofs, remarks and solutions,
-- which have a class and no number, as well.

local kinds = require 'common.kinds'
local settings = require 'common.settings'

local UNNUMBERED = { proof = true, remark = true, solution = true }

local function unnumbered(div)
  for _, class in ipairs(div.classes) do
    if UNNUMBERED[class] then return class end
  end
end

return function(doc)
  return doc:walk {
    traverse = 'topdown',
    Div = function(div)
      local kind, class = kinds.theorem(div.identifier)
      if not kind then class = unnumbered(div) end
      if not class then return nil end
      local title = div.attributes.name or div.attributes.title
      local inlines = title and pandoc.Inlines { pandoc.Str(title) }
      if not inlines and div.content[1] and div.content[1].t == 'Header' then
        inlines = div.content:remove(1).content
      end
      local content = pandoc.Blocks {}
      if inlines then
        content:insert(pandoc.Div({ pandoc.Plain(inlines) }, pandoc.Attr('', { 'satstitel' })))
      end
      content:extend(div.content)
      local word = not kind and settings.ord[class]
      return pandoc.Div(content, pandoc.Attr(div.identifier, { 'sats', 'theorem', class },
        word and { { 'etikett', word } } or {}))
    end,
  }
end
