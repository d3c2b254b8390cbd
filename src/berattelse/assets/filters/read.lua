-- Runs once per document, before it is kept as JSON: what is the same in every format and
-- takes time. common.lua holds the same step, and finds nothing left to do.

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
package.path = pandoc.path.join { folder, '?.lua' } .. ';' .. package.path

function Pandoc(doc)
  -- Before all else: the writers read the title from what is kept
  doc = require 'common.readers'(doc)
  doc = require 'common.levels'(doc) or doc
  return require 'common.tables'(doc)
end
