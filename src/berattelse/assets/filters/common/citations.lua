-- Citations of a list of sources (bibliography, references, csl), done by Pandoc's citeproc. The
-- list stands where the writer has put ::: {#refs}, else last under a heading of its own.

local findings = require 'common.findings'
local settings = require 'common.settings'

-- Told of and taken out of the links: a source that is cited and that nobody has.
local function without_sources(doc)
  local known, missing = {}, {}
  for _, source in ipairs(pandoc.utils.references(doc)) do known[source.id] = true end
  doc:walk {
    traverse = 'topdown',
    Cite = function(cite)
      for _, citation in ipairs(cite.citations) do
        if not known[citation.id] then
          missing['#ref-' .. citation.id] = true
          findings.add('kalla', ('källan @%s finns inte i källförteckningen'):format(citation.id),
            'kontrollera stavningen, eller lägg till källan', 'referens', citation.id)
        end
      end
    end,
  }
  return missing
end

-- What pandoc says of a bibliography that it cannot read: its file, the line and what is wrong.
local function unreadable(said)
  said = tostring(said)
  local file = said:match('bibliography file ([^\n]-):?\n') or ''
  local line = said:match('line (%d+)')
  local last = said:gsub('\nstack traceback.*', ''):match('([^\n]*)%s*$') or ''
  findings.add('kallor', ('källförteckningen%s kan inte läsas%s: %s'):format(
    file ~= '' and ' ' .. pandoc.path.filename(file) or '', line and ', rad ' .. line or '', last),
    'kontrollera att varje källa har en slutparentes, och kommatecken mellan fälten')
end

local function has(doc, id)
  local found = false
  doc:walk { Div = function(div) found = found or div.identifier == id end }
  return found
end

return function(doc)
  local meta = doc.meta
  if not (meta.bibliography or meta.references) or meta.citeproc == false then return nil end
  local placed = has(doc, 'refs')
  if meta['link-citations'] == nil then meta['link-citations'] = true end
  local read, missing = pcall(without_sources, doc)
  if not read then
    unreadable(missing)
    return nil
  end
  doc = pandoc.utils.citeproc(doc)
  if next(missing) then
    doc = doc:walk {
      Link = function(link) return missing[link.target] and link.content or nil end,
    }
  end
  if placed or meta['reference-section-title'] or not has(doc, 'refs') then return doc end
  local last = doc.blocks[#doc.blocks]
  if last.t == 'Div' and last.identifier == 'refs' and #last.content > 0 then
    local level = 6
    for _, block in ipairs(doc.blocks) do
      if block.t == 'Header' then level = math.min(level, block.level) end
    end
    if level == 6 then level = settings.enskilt and 2 or 1 end
    doc.blocks:insert(#doc.blocks, pandoc.Header(level,
      settings.ord.references,
      pandoc.Attr('referenser', { 'unnumbered' })))
  end
  return doc
end
