-- What a document's own filters may ask of Quarto's Lua module, as far as we have it. A callout, a
-- tabset, a figure or a theorem is made as the division that the author would have written.

local stringify = pandoc.utils.stringify

local M = { doc = {}, log = {}, utils = {}, json = pandoc.json, base64 = {}, project = {} }

M.version = pandoc.types.Version { 1, 9, 0 }

local SAME = { pdf = 'latex', latex = 'latex', ['html:js'] = 'html', html5 = 'html' }

function M.doc.is_format(name)
  if name == 'pdf' or name == 'latex' then return false end
  return (SAME[name] or name) == FORMAT
end
M.doc.isFormat = M.doc.is_format

-- Files and scripts of a page: ours holds all that it needs.
for _, name in ipairs { 'add_html_dependency', 'attach_to_dependency', 'use_latex_package',
  'add_latex_package', 'add_format_resource', 'add_resource', 'add_supporting' } do
  M.doc[name] = function() end
end
M.doc.addHtmlDependency = M.doc.add_html_dependency

local function say(level)
  return function(...)
    local parts = {}
    for index = 1, select('#', ...) do parts[index] = tostring((select(index, ...))) end
    io.stderr:write(level, table.concat(parts, ' '), '\n')
  end
end
M.log.output, M.log.info, M.log.debug, M.log.trace = say '', say '', function() end, function() end
M.log.warning, M.log.error = say '', say ''

function M.utils.resolve_path(path) return pandoc.path.join { M.doc.directory, path } end
function M.utils.string_to_inlines(text)
  return pandoc.utils.blocks_to_inlines(pandoc.read(text, 'markdown').blocks)
end
function M.utils.string_to_blocks(text) return pandoc.read(text, 'markdown').blocks end
function M.utils.as_inlines(content) return pandoc.Inlines(content) end
function M.utils.as_blocks(content) return pandoc.Blocks(content) end
function M.utils.dump(value) io.stderr:write(tostring(value), '\n') end

-- What stands under a dotted key, of the metadata and of _variables.yml.
local function getter(content)
  return { get = function(key)
    local value = content
    for step in tostring(key):gmatch('[^.]+') do
      if type(value) ~= 'table' then return nil end
      value = value[tonumber(step) or step]
    end
    if type(value) == 'number' and value == math.floor(value) then value = math.floor(value) end
    local plain = type(value) ~= 'table' and value ~= nil
    return plain and pandoc.Inlines { pandoc.Str(tostring(value)) } or value
  end }
end

function M.learn(path)
  local file = io.open(path, 'rb')
  if not file then return end
  local known = pandoc.json.decode(file:read 'a', false)
  file:close()
  M.metadata, M.variables = getter(known.metadata), getter(known.variables)
end

local function blocks(content)
  if content == nil then return pandoc.Blocks {} end
  local kind = pandoc.utils.type(content)
  if kind == 'string' then return M.utils.string_to_blocks(content) end
  if kind == 'Inlines' then return pandoc.Blocks { pandoc.Plain(content) } end
  if kind == 'Inline' then return pandoc.Blocks { pandoc.Plain { content } } end
  return pandoc.Blocks(content)
end

local function inlines(content)
  local kind = pandoc.utils.type(content)
  if kind == 'string' then return M.utils.string_to_inlines(content) end
  if kind == 'Block' then return pandoc.utils.blocks_to_inlines { content } end
  if kind == 'Blocks' then return pandoc.utils.blocks_to_inlines(content) end
  return pandoc.Inlines(content)
end

local function division(attr, class, content, attributes)
  local div = pandoc.Div(content, attr or pandoc.Attr())
  div.classes:insert(class)
  for key, value in pairs(attributes) do div.attributes[key] = tostring(value) end
  return div
end

function M.Callout(given)
  local content = blocks(given.content)
  if given.title ~= nil then content:insert(1, pandoc.Header(2, inlines(given.title))) end
  return division(given.attr, 'callout-' .. (given.type or 'note'), content, {
    appearance = given.appearance, icon = given.icon, collapse = given.collapse,
  })
end

function M.Tabset(given)
  local content = pandoc.Blocks {}
  for _, tab in ipairs(given.tabs or {}) do
    content:insert(pandoc.Header(given.level or 2, inlines(tab.title)))
    content:extend(blocks(tab.content))
  end
  return division(given.attr, 'panel-tabset', content, {})
end
M.Tab = function(given) return given end

function M.FloatRefTarget(given)
  local content = blocks(given.content)
  local caption = given.caption_long and blocks(given.caption_long) or pandoc.Blocks {}
  content:extend(caption)
  return pandoc.Div(content, pandoc.Attr(given.identifier or '', given.classes or {}))
end

function M.Theorem(given)
  local content = blocks(given.div)
  if given.name ~= nil then content:insert(1, pandoc.Header(2, inlines(given.name))) end
  return pandoc.Div(content, pandoc.Attr(given.identifier or ''))
end

function M.ConditionalBlock(given)
  local div = given.node
  div.classes:insert(given.behavior)
  for _, pair in ipairs(given.condition or {}) do div.attributes[pair[1]] = pair[2] end
  return div
end

return M
