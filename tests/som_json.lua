-- Puts the document's JSON in the place of the document, whatever format is written.
function Pandoc(doc)
  local json = pandoc.write(doc, 'json')
  io.stdout:write(json)
  os.exit(0)
end
