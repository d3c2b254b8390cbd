-- ```{=pandoc-reader-rst} is text in another of pandoc's formats: it is read as that.

local findings = require 'common.findings'

return function(doc)
  return doc:walk {
    RawBlock = function(raw)
      local format = raw.format:match('^pandoc%-reader%-([%w_+-]+)$')
      if not format then return nil end
      local ok, read = pcall(pandoc.read, raw.text, format)
      if ok then return read.blocks end
      findings.unsupported(('text i formatet %s kan inte läsas'):format(format), 'text',
        raw.text:match('[^\n]*%S[^\n]*') or format)
    end,
  }
end
