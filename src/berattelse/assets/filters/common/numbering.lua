-- Numbers of headings (2.1), figures and tables (3). They stand in the attribute `nummer`,
-- not in the text: each format shows them its own way.

local settings = require 'common.settings'

local KINDS = { figur = 'fig', tabell = 'tbl' }

-- What stands under an unnumbered heading has no number either: 0.1 would mean nothing.
local function number_headings(doc)
  local counters, silent_at = {}, nil
  return doc:walk {
    traverse = 'topdown',
    Header = function(header)
      if silent_at and header.level <= silent_at then silent_at = nil end
      if header.classes:includes('unnumbered') then
        silent_at = silent_at or header.level
        return nil
      elseif silent_at then
        header.classes:insert('unnumbered')
        return header
      end
      counters[header.level] = (counters[header.level] or 0) + 1
      for level = header.level + 1, 6 do counters[level] = nil end
      local parts = {}
      for level = 1, header.level do parts[level] = counters[level] or 0 end
      header.attributes.nummer = table.concat(parts, '.')
      return header
    end,
  }
end

local function silence_headings(doc)
  return doc:walk {
    Header = function(header)
      if header.classes:includes('unnumbered') then return nil end
      header.classes:insert('unnumbered')
      return header
    end,
  }
end

local function number_floats(doc)
  local counters = { fig = 0, tbl = 0 }
  return doc:walk {
    traverse = 'topdown',
    Div = function(div)
      if not div.classes:includes('flyt') or div.identifier == '' then return nil end
      for class, kind in pairs(KINDS) do
        if div.classes:includes(class) then
          counters[kind] = counters[kind] + 1
          div.attributes.nummer = tostring(counters[kind])
          div.attributes.etikett = settings.etikett[kind]
        end
      end
      return div
    end,
  }
end

return function(doc)
  local headings = doc.meta['number-sections'] and number_headings or silence_headings
  return number_floats(headings(doc))
end
