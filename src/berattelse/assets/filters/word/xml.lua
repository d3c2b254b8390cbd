-- WordprocessingML in short: runs, fields, bookmarks, and the marks that typeset/word/ takes out again.

local M = {}

local NS = 'xmlns:b="urn:berattelse:word"'

local ESCAPES = { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }

function M.escape(text)
  -- XML 1.0 has no way to write most control characters.
  return (text:gsub('[%z\1-\8\11\12\14-\31]', ''):gsub('[&<>"]', ESCAPES))
end

function M.mark(name, attributes)
  local out = { '<b:' .. name .. ' ' .. NS }
  for _, pair in ipairs(attributes or {}) do
    out[#out + 1] = (' %s="%s"'):format(pair[1], M.escape(pair[2]))
  end
  return table.concat(out) .. '/>'
end

function M.raw(xml) return pandoc.RawInline('openxml', xml) end
function M.raw_block(xml) return pandoc.RawBlock('openxml', xml) end

function M.run(text)
  return ('<w:r><w:t xml:space="preserve">%s</w:t></w:r>'):format(M.escape(text))
end

function M.field(code, result)
  local function char(kind) return ('<w:r><w:fldChar w:fldCharType="%s"/></w:r>'):format(kind) end
  return char('begin')
    .. ('<w:r><w:instrText xml:space="preserve"> %s </w:instrText></w:r>'):format(M.escape(code))
    .. char('separate') .. M.run(result) .. char('end')
end

function M.bookmark(name, content)
  return ('<w:bookmarkStart w:id="0" w:name="%s"/>%s<w:bookmarkEnd w:id="0" %s b:of="%s"/>')
    :format(name, content, NS, name)
end

return M
