-- Headings have a text, begin with level 1 and skip no level on the way down: PDF/UA-1 (ISO
-- 14289-1, 7.4) asks for it, and so do those who find their way by them in a web page or in Word.

local findings = require 'common.findings'
local stringify = pandoc.utils.stringify

local function has_image(inlines)
  local found = false
  inlines:walk { Image = function() found = true end }
  return found
end

return function(doc)
  local before = 0
  doc:walk {
    traverse = 'topdown',
    Header = function(header)
      local level, text = header.level, stringify(header.content)
      local place = ('%d %s'):format(level, text)
      if not text:find('%S') and not has_image(header.content) then
        findings.add('tom-rubrik', ('en rubrik på nivå %d saknar text'):format(level),
          'skriv rubrikens text, eller ta bort raden', 'rubrik', place)
      elseif before == 0 and level > 1 then
        findings.add('rubrikniva', ('den första rubriken, «%s», har nivå %d'):format(text, level),
          'börja texten med en rubrik på nivå 1 (#)', 'rubrik', place)
      elseif level > before + 1 then
        findings.add('rubrikniva',
          ('rubriknivåerna hoppar från %d till %d vid «%s»'):format(before, level, text),
          'använd nivåerna i ordning: #, ##, ###', 'rubrik', place)
      end
      before = level
    end,
  }
end
