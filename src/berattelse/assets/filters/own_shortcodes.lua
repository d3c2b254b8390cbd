-- Shortcodes that a document's own extensions handle. shortcodes.py has left each as a raw inline
-- with its name and arguments; `handlers` are what the extensions' files return.

local FORMAT_OF_OURS = 'berattelse-kortkod'

-- Arguments are Inlines to a handler, and one that is not given is empty.
local function kwargs_of(given)
  local result = {}
  for key, text in pairs(given) do result[key] = pandoc.Inlines { pandoc.Str(text) } end
  return setmetatable(result, { __index = function() return pandoc.Inlines {} end })
end

local function warn(call)
  local finding = {
    message = ('Kortkoden «%s» stöds inte och står kvar i texten.'):format(call.name),
    niva = 'varning', remedy = '', rule = '',
    at = { kind = 'text', text = call.name, nr = 1 },
  }
  io.stderr:write(pandoc.json.encode { berattelse = finding }, '\n')
end

return function(handlers)
  local told = {}
  local function run(raw, meta, context)
    local call = pandoc.json.decode(raw.text, false)
    local handler = handlers[call.name]
    if type(handler) ~= 'function' then
      if not told[call.name] then warn(call) end
      told[call.name] = true
      return pandoc.Span({ pandoc.Str(call.written) }, pandoc.Attr('', { 'ordagrant' }))
    end
    local args = pandoc.List(call.args):map(function(text)
      return pandoc.Inlines { pandoc.Str(text) }
    end)
    return handler(args, kwargs_of(call.options), meta, pandoc.List(call.args), context)
  end

  local function is_ours(inline) return inline.t == 'RawInline' and inline.format == FORMAT_OF_OURS end

  local function as_inlines(result)
    local kind = pandoc.utils.type(result)
    if kind == 'string' then return pandoc.Inlines { pandoc.Str(result) } end
    if kind == 'Blocks' then return pandoc.utils.blocks_to_inlines(result) end
    if kind == 'Block' then return pandoc.utils.blocks_to_inlines { result } end
    return result == nil and pandoc.Inlines {} or pandoc.Inlines(result)
  end

  return {
    Pandoc = function(doc)
      local function alone(block)
        if #block.content ~= 1 or not is_ours(block.content[1]) then return nil end
        local result = run(block.content[1], doc.meta, 'block')
        local kind = pandoc.utils.type(result)
        if kind == 'Block' or kind == 'Blocks' then return result, false end
        if kind == 'table' and result[1] and pandoc.utils.type(result[1]) == 'Block' then
          return pandoc.Blocks(result), false
        end
        block.content = as_inlines(result)
        return block, false
      end
      return doc:walk { traverse = 'topdown', Para = alone, Plain = alone }:walk {
        RawInline = function(raw)
          if is_ours(raw) then return as_inlines(run(raw, doc.meta, 'inline')) end
        end,
      }
    end,
  }
end
