-- Numbers of headings (2.1), figures and tables (3), theorems, equations and boxes that can be
-- referred to. They stand in the attribute `nummer`, not in the text: each format shows them its
-- own way. A part of a figure has its letter there, and the figure's number in `hel`.

local kinds = require 'common.kinds'
local settings = require 'common.settings'

local DEEPEST = 6

-- What stands under an unnumbered heading has no number either: 0.1 would mean nothing.
local function number_headings(doc)
  local counters, silent_at = {}, nil
  local deepest, top = settings.djup, 1
  if settings.enskilt and settings.format == 'typst' then
    top = DEEPEST
    doc:walk { Header = function(header) top = math.min(top, header.level) end }
  end
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
      for level = header.level + 1, DEEPEST do counters[level] = nil end
      if header.level > deepest then
        header.classes:insert('unnumbered')
        return header
      end
      local parts = {}
      for level = top, header.level do parts[#parts + 1] = counters[level] or 0 end
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

-- { kind -> count } and, with `crossref: chapters`, the chapter that the numbers begin with.
local function counter()
  local counts, chapter = {}, nil
  return {
    chapter = function(header)
      if settings.kapitel and header.level == 1 and header.attributes.nummer then
        chapter, counts = header.attributes.nummer, {}
      end
    end,
    next = function(kind)
      counts[kind] = (counts[kind] or 0) + 1
      local number = settings.nummer(kind, counts[kind])
      return chapter and chapter .. '.' .. number or number
    end,
  }
end

local function mark(element, kind, number)
  element.attributes.nummer = number
  element.attributes.etikett = settings.etikett[kind]
end

local function letter_parts(float, number)
  local n = 0
  float.content = float.content:walk {
    traverse = 'topdown',
    Div = function(part)
      if not part.classes:includes('del') then return nil end
      if part.identifier ~= '' then
        n = n + 1
        part.attributes.nummer = settings.delar(n)
        part.attributes.hel = number
        part.attributes.etikett = settings.etikett[kinds.head(part.identifier)]
      end
      return part, false
    end,
  }
end

local function number_rest(doc)
  local count = counter()
  return doc:walk {
    traverse = 'topdown',
    Header = function(header) count.chapter(header) end,
    Div = function(div)
      local id = div.identifier
      if div.classes:includes('flyt') then
        local kind = kinds.float(id)
        if kind then
          mark(div, kind, count.next(kind))
          letter_parts(div, div.attributes.nummer)
          return div, false
        end
      elseif div.classes:includes('sats') and kinds.theorem(id) then
        local kind = kinds.theorem(id)
        mark(div, kind, count.next(kind))
        return div
      elseif div.classes:includes('callout') and kinds.callout(id) then
        local kind = kinds.callout(id)
        mark(div, kind, count.next(kind))
        return div
      end
    end,
    Span = function(span)
      if span.classes:includes('ekvation') then
        mark(span, 'eq', count.next('eq'))
        return span
      end
    end,
  }
end

return function(doc)
  local wanted = doc.meta['number-sections']
  local headings = wanted and number_headings(doc) or silence_headings(doc)
  return number_rest(headings)
end
