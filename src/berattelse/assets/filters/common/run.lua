-- Makes a filter of named steps, taken in order; their faults are told at the end, all at once.

return function(folder, steps)
  return function(doc)
    require('common.settings').read(doc.meta)
    for _, step in ipairs(steps) do
      doc = require(folder .. '.' .. step[1])(doc) or doc
    end
    require('common.findings').report()
    return doc
  end
end
