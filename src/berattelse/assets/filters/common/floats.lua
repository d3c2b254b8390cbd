-- Figures and tables with a caption, however they were written, get one shape:
-- Div#id.flyt.figur|tabell with [Div.bildtext, content ..., Div.tabellnot?].

local findings = require 'common.findings'
local stringify = pandoc.utils.stringify

local KINDS = { fig = 'figur', tbl = 'tabell' }
local NAMES = { fig = 'figuren', tbl = 'tabellen' }

local function kind_of(identifier)
  local kind = identifier:match('^(%l+)-')
  return KINDS[kind] and kind
end

local function is_text(block)
  if block.t ~= 'Para' and block.t ~= 'Plain' then return false end
  return not block.content:find_if(function(inline) return inline.t == 'Image' end)
end

local function float(identifier, kind, caption, content, notes)
  local blocks = pandoc.List {
    pandoc.Div({ pandoc.Para(caption) }, pandoc.Attr('', { 'bildtext' })),
  }
  blocks:extend(content)
  if #notes > 0 then
    blocks:insert(pandoc.Div(notes, pandoc.Attr('', { 'tabellnot' })))
  end
  return pandoc.Div(blocks, pandoc.Attr(identifier, { 'flyt', KINDS[kind] }))
end

-- Wrappers of a cell's output hold nothing of their own.
local function unwrap(blocks)
  local flat = pandoc.List {}
  for _, block in ipairs(blocks) do
    local plain = block.t == 'Div' and block.identifier == ''
      and not block.classes:includes('tabellnot')
    if plain then
      flat:extend(unwrap(block.content))
    elseif block.t ~= 'RawBlock' or block.text:find('%S') then
      flat:insert(block)
    end
  end
  return flat
end

local function caption_inlines(caption)
  return pandoc.utils.blocks_to_inlines(caption.long)
end

-- Splits the blocks of a Div#fig-x or Div#tbl-x into caption, content and notes.
local function split(blocks)
  local caption, content, notes = pandoc.List {}, pandoc.List {}, pandoc.List {}
  if #blocks > 1 and is_text(blocks[#blocks]) then
    caption = blocks:remove(#blocks).content
  end
  local seen
  for _, block in ipairs(blocks) do
    if block.t == 'Div' and block.classes:includes('tabellnot') then
      notes:extend(block.content)
    elseif block.t == 'Figure' then
      if #caption == 0 then caption = caption_inlines(block.caption) end
      content:extend(block.content)
      seen = true
    elseif block.t == 'Table' then
      if #caption == 0 then caption = caption_inlines(block.caption) end
      block.caption = pandoc.Caption()
      block.identifier = ''
      content:insert(block)
      seen = true
    elseif seen and is_text(block) then
      notes:insert(block)
    else
      content:insert(block)
      seen = true
    end
  end
  return caption, content, notes
end

local function div(element)
  local kind = kind_of(element.identifier)
  if not kind or element.classes:includes('flyt') then return nil end
  local caption, content, notes = split(unwrap(element.content))
  local id = element.identifier
  if #content == 0 then
    findings.add('tom-flyt', ('%s %s har inget innehåll'):format(NAMES[kind], id),
      'lägg avsnittet i ::: {.content-visible when-meta="data.…"} så att det utelämnas',
      'id', id)
  elseif #caption == 0 then
    findings.add('bildtext', ('%s %s saknar bildtext'):format(NAMES[kind], id),
      ('skriv %s-cap i cellen, eller texten sist i ::: {#%s}'):format(kind, id), 'id', id)
  end
  return float(id, kind, caption, content, notes), false
end

local function figure(element)
  local id = kind_of(element.identifier) == 'fig' and element.identifier or ''
  return float(id, 'fig', caption_inlines(element.caption), element.content, {}), false
end

local function captioned_table(element)
  local caption = caption_inlines(element.caption)
  if #caption == 0 then return nil end
  local id = kind_of(element.identifier) == 'tbl' and element.identifier or ''
  element.caption = pandoc.Caption()
  element.identifier = ''
  return float(id, 'tbl', caption, { element }, {}), false
end

-- The alternative text stands where Pandoc keeps it: in the image's description.
local function image(element)
  local alt = element.attributes['fig-alt'] or element.attributes.alt
  element.attributes['fig-alt'] = nil
  element.attributes.alt = nil
  if alt and alt:find('%S') then
    element.caption = pandoc.Inlines { pandoc.Str(alt) }
  elseif not stringify(element.caption):find('%S') then
    findings.add('alt-text',
      ('bilden %s saknar alternativtext'):format(findings.file(element.src)),
      'skriv vad bilden visar inom hakparenteserna: ![Vad bilden visar](fil.png)',
      'bild-utan-text', element.src)
  end
  return element
end

return function(doc)
  return doc:walk({
    traverse = 'topdown', Div = div, Figure = figure, Table = captioned_table,
  }):walk { Image = image }
end
