-- shift-heading-level-by: headings move up or down. A heading that would come above the first level
-- is the title where there is none, as in pandoc and Quarto; else it is a paragraph.

local settings = require 'common.settings'

return function(doc)
  settings.read(doc.meta)
  local given = doc.meta['shift-heading-level-by']
  local by = given and tonumber(pandoc.utils.stringify(given)) or 0
  if by == 0 or not settings.enskilt then return nil end
  local title
  doc = doc:walk {
    Header = function(header)
      local level = header.level + by
      if level >= 1 then
        header.level = math.min(level, 6)
        return header
      end
      if not doc.meta.title and not title then
        title = header.content
        return {}
      end
      return pandoc.Para(header.content)
    end,
  }
  if title then doc.meta.title = pandoc.MetaInlines(title) end
  return doc
end
