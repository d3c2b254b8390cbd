-- What the steps need to know of the run: the format in Quarto's words, and the labels.

local stringify = pandoc.utils.stringify

local M = {}

-- 'html', 'typst' or 'docx'; html4 and html5 are html.
M.format = FORMAT:match('^html') and 'html' or FORMAT:match('^[^+-]+')

M.etikett = { fig = 'Figur', tbl = 'Tabell', sec = 'Avsnitt' }

-- Read Quarto's own keys: crossref: {fig-prefix, tbl-prefix, sec-prefix}.
function M.read(meta)
  local crossref = meta.crossref
  if pandoc.utils.type(crossref) == 'table' then
    for kind in pairs(M.etikett) do
      local word = crossref[kind .. '-prefix']
      if word then M.etikett[kind] = stringify(word) end
    end
  end
end

-- The value at a dotted path, such as data.investeringar; nil when there is none.
function M.lookup(meta, path)
  local value = meta
  for key in path:gmatch('[^.]+') do
    if type(value) ~= 'table' and type(value) ~= 'userdata' then return nil end
    value = value[key]
  end
  return value
end

return M
