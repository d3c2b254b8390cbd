-- Citations of a list of sources (bibliography, references, csl), done by Pandoc's citeproc. The
-- list stands where the writer has put ::: {#refs}, else last under a heading of its own.

local settings = require 'common.settings'

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
  doc = pandoc.utils.citeproc(doc)
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
