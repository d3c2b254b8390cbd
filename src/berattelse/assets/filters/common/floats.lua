-- Figures, tables and code with a caption, however they were written, get one shape:
-- Div#id.flyt.figur|tabell|kodlista with [Div.bildtext, content ..., Div.tabellnot?]. The
-- attribute `lage` tells where the caption stands if it is not where we have it: under a table, over
-- a figure. A float within a float has the class `del` too.

local code = require 'common.code'
local findings = require 'common.findings'
local kinds = require 'common.kinds'
local layout = require 'common.layout'
local settings = require 'common.settings'
local stringify = pandoc.utils.stringify

local NAMES = { fig = 'figuren', tbl = 'tabellen', lst = 'kodlistan' }
local PLACES = { top = true, bottom = true }
local USUAL = { tbl = 'top', lst = 'top' }

local div

local function is_text(block)
  if block.t ~= 'Para' and block.t ~= 'Plain' then return false end
  return not block.content:find_if(function(inline) return inline.t == 'Image' end)
end

local function place_of(attributes, kind)
  local own = attributes[kind .. '-cap-location'] or attributes['cap-location']
  local place = own or settings.bildtextplats[kind]
  -- No page of ours has room in the margin; one who styles it by class can still find it.
  if place == 'margin' and settings.enskilt and settings.format == 'html' then
    return { { 'marginal', 'ja' } }
  end
  if not PLACES[place] or place == (USUAL[kind] or 'bottom') then return {} end
  return { { 'lage', place } }
end

-- Classes that the steps after this one read; the author's own go along.
local OURS = {
  del = true, flyt = true, figur = true, tabell = true, kodlista = true, under = true,
  rutnat = true, callout = true, sats = true, columns = true,
}

local function own_classes(element)
  if not settings.enskilt then return pandoc.List {} end
  return element.classes:filter(function(class)
    return not (OURS[class] or class:find('^cell') or class:find('^quarto%-'))
  end)
end

local SIDES = { left = true, right = true, center = true }

-- Where the author has put a figure sideways: on it, or on the picture in it.
local function side_of(element)
  local side = element.attributes['fig-align']
  element:walk { Image = function(image)
    side = side or image.attributes['fig-align']
  end }
  return SIDES[side] and side or nil
end

local function float(identifier, kind, class, caption, content, notes, attributes)
  local blocks = pandoc.List {
    pandoc.Div({ pandoc.Para(caption) }, pandoc.Attr('', { 'bildtext' })),
  }
  blocks:extend(content)
  if #notes > 0 then
    blocks:insert(pandoc.Div(notes, pandoc.Attr('', { 'tabellnot' })))
  end
  return pandoc.Div(blocks, pandoc.Attr(identifier, { 'flyt', class },
    place_of(attributes or {}, kind)))
end

-- Divisions that mean something without an id.
local MEANT = {
  tabellnot = true, rutnat = true, kodblock = true, kodnoter = true, callout = true, sats = true,
  flikar = true, columns = true, sidbrytning = true, platshallare = true,
}

-- A division that the writer has named, with nothing in it that a float is made of.
local function is_text_box(div)
  if #div.classes == 0 then return false end
  for _, class in ipairs(div.classes) do
    if class:find('^cell') or class:find('^output') then return false end
  end
  local made = false
  local function see() made = true end
  div:walk { Image = see, Table = see, RawBlock = see, CodeBlock = see }
  return not made
end

-- Wrappers of a cell's output hold nothing of their own.
local function unwrap(blocks)
  local flat = pandoc.List {}
  for _, block in ipairs(blocks) do
    local plain = block.t == 'Div' and block.identifier == '' and not layout.wanted(block)
      and not is_text_box(block)
      and not block.classes:find_if(function(class) return MEANT[class] ~= nil end)
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

-- The Markdown of an attribute, such as fig-cap="En *bra* text".
local function words(text)
  return pandoc.utils.blocks_to_inlines(pandoc.read(text, 'markdown').blocks)
end

local function figure(element)
  local id = element.identifier
  local kind, class = kinds.float(id)
  local caption, content = caption_inlines(element.caption), element.content
  if settings.pdfua then
    -- What stands under a picture does not tell what it shows.
    local said = stringify(caption)
    content = content:walk { Image = function(image)
      local own = image.attributes['fig-alt'] or image.attributes.alt
      if own or stringify(image.caption) ~= said then return nil end
      image.attributes['fig-alt'] = ' ' -- nothing is said, not even that it shows nothing
      return image
    end }
  end
  local result = float(id, kind or 'fig', class or 'figur', caption, content, {}, element.attributes)
  if settings.enskilt then result.attributes.sida = side_of(element) end
  return result, false
end

-- Images that share a paragraph in a layout are figures of their own.
local function pictures(block)
  if block.t ~= 'Para' and block.t ~= 'Plain' then return nil end
  local found = pandoc.List {}
  for _, inline in ipairs(block.content) do
    inline = inline:clone()
    local image = inline.t == 'Link' and #inline.content == 1 and inline.content[1] or inline
    if image.t == 'Image' then
      local id, caption = image.identifier, image.caption:clone()
      inline = inline:walk { Image = function(one) one.identifier = ''; return one end }
      if inline.t == 'Image' then inline.identifier = '' end
      found:insert(pandoc.Figure({ pandoc.Plain { inline } },
        #caption > 0 and pandoc.Caption { pandoc.Plain(caption) } or pandoc.Caption(),
        pandoc.Attr(id)))
    elseif inline.t ~= 'Space' and inline.t ~= 'SoftBreak' then
      return nil
    end
  end
  return #found > 0 and found or nil
end

local function widths(element, text)
  local numbers, sum = pandoc.List {}, 0
  for number in (text or ''):gmatch('[%d.]+') do
    numbers:insert(tonumber(number))
    sum = sum + (tonumber(number) or 0)
  end
  if #numbers ~= #element.colspecs or sum == 0 then return element end
  -- Percentages of the page; more than a page is a page.
  local whole = math.max(sum, 100)
  element.colspecs = pandoc.List(element.colspecs):map(function(spec, index)
    return { spec[1], numbers[index] / whole }
  end)
  return element
end

local function take_widths(element, otherwise)
  local own = element.attributes['tbl-colwidths']
  element.attributes['tbl-colwidths'] = nil
  return widths(element, own or otherwise)
end

local function captioned_table(element)
  take_widths(element, settings.kolumnbredder)
  local caption = caption_inlines(element.caption)
  if #caption == 0 and not kinds.float(element.identifier) then return element end
  local id, attributes = element.identifier, element.attributes
  element.caption = pandoc.Caption()
  element.identifier = ''
  local result = float(id, 'tbl', 'tabell', caption, { element }, {}, attributes)
  element.attributes['tbl-cap-location'] = nil
  return result, false
end

-- A code block with lst-cap, or with an id that begins as a listing's.
local function listing(block)
  local caption = block.attributes['lst-cap']
  local kind = kinds.float(block.identifier)
  if not caption and kind ~= 'lst' then return nil end
  local id = block.identifier
  block.identifier = ''
  block.attributes['lst-cap'] = nil
  return float(id, 'lst', 'kodlista', words(caption or ''), { code.block(block) }, {},
    block.attributes), false
end

local function lone_picture(block)
  local images = pictures(block)
  if not images or #images ~= 1 then return nil end
  -- A picture that is a link is no less a figure for that, where it has a caption.
  local linked = settings.enskilt and block.t == 'Para' and block.content[1].t == 'Link'
    and #images[1].caption.long > 0
  if linked or kinds.float(images[1].identifier) then return figure(images[1]) end
end

-- Splits the blocks of a Div#fig-x or Div#tbl-x into caption, content and notes.
local function split(blocks, own)
  local caption, content, notes = own or pandoc.List {}, pandoc.List {}, pandoc.List {}
  if #caption == 0 and #blocks > 1 and is_text(blocks[#blocks]) then
    caption = blocks:remove(#blocks).content
  end
  local seen
  for _, block in ipairs(blocks) do
    if block.t == 'Div' and block.classes:includes('tabellnot') then
      notes:extend(block.content)
    elseif block.t == 'Figure' and not kinds.float(block.identifier) then
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

-- The parts of a panel: each figure or table with what it says of itself.
local function parts(blocks, kind)
  local found = pandoc.List {}
  for _, block in ipairs(blocks) do
    for _, one in ipairs(pictures(block) or { block }) do
      local part
      if one.t == 'Figure' then part = figure(one)
      elseif one.t == 'Table' then part = captioned_table(one)
      elseif one.t == 'CodeBlock' then part = listing(one)
      elseif one.t == 'Div' then part = div(one) end
      part = part or one
      if part.t == 'Div' and part.classes:includes('flyt') then
        part.classes:insert('del')
      elseif part.t == 'Table' then
        take_widths(part, nil)
      end
      found:insert(part)
    end
  end
  return found
end

local function is_part(block)
  if block.t == 'Figure' or block.t == 'Table' or block.t == 'CodeBlock' then
    return kinds.float(block.identifier) ~= nil
  end
  if block.t == 'Div' then return kinds.float(block.identifier) ~= nil end
  local images = pictures(block)
  return images ~= nil and (#images > 1 or kinds.float(images[1].identifier) ~= nil)
end

local function panel(element, kind, class, blocks, caption)
  if #caption == 0 and #blocks > 1 and is_text(blocks[#blocks]) then
    caption = blocks:remove(#blocks).content
  end
  local content = parts(blocks, kind)
  local attributes = element.attributes
  if layout.wanted(element) then content = pandoc.List { layout.grid(element, content) } end
  local result = float(element.identifier, kind, class, caption, content, {}, attributes)
  result.classes:extend(own_classes(element))
  return result
end

local function check(id, kind, caption, content)
  local name = NAMES[kind] or 'figuren'
  if #content == 0 then
    findings.add('tom-flyt', ('%s %s har inget innehåll'):format(name, id),
      'lägg avsnittet i ::: {.content-visible when-meta="data.…"} så att det utelämnas',
      'id', id)
  elseif #caption == 0 then
    findings.add('bildtext', ('%s %s saknar bildtext'):format(name, id),
      ('skriv %s-cap i cellen, eller texten sist i ::: {#%s}'):format(kind, id), 'id', id)
  end
end

div = function(element)
  if element.classes:includes('flyt') then return element, false end
  local kind, class = kinds.float(element.identifier)
  if not kind then
    if not layout.wanted(element) then return nil end
    local id, classes = element.identifier, element.classes
    local grid = layout.grid(element, parts(unwrap(element.content)))
    -- Only parts of a float are lettered: those of a bare layout are floats of their own.
    grid = grid:walk {
      traverse = 'topdown',
      Div = function(inner)
        if not inner.classes:includes('flyt') then return nil end
        inner.classes = inner.classes:filter(function(name) return name ~= 'del' end)
        return inner, false
      end,
    }
    grid.identifier = id
    grid.classes:extend(classes)
    return grid, false
  end
  local id, blocks = element.identifier, unwrap(element.content)
  local cap = element.attributes[kind .. '-cap'] or element.attributes.cap
  local own = cap and words(cap) or pandoc.List {}
  local several = 0
  for _, block in ipairs(blocks) do if is_part(block) then several = several + 1 end end
  if layout.wanted(element) or several > 0 then
    local result = panel(element, kind, class, blocks, own)
    if #result.content == 1 then check(id, kind, {}, {}) end
    return result, false
  end
  local caption, content, notes = split(blocks, own)
  check(id, kind, caption, content)
  local colwidths = element.attributes['tbl-colwidths'] or settings.kolumnbredder
  for index, block in ipairs(content) do
    if block.t == 'Table' then content[index] = take_widths(block, colwidths) end
    if block.t == 'CodeBlock' then content[index] = code.block(block) end
  end
  local result = float(id, kind, class, caption, content, notes, element.attributes)
  result.classes:extend(own_classes(element))
  if settings.enskilt then result.attributes.sida = side_of(element) end
  return result, false
end

-- The alternative text stands where Pandoc keeps it: in the image's description.
local function image(element)
  local alt = element.attributes['fig-alt'] or element.attributes.alt
  element.attributes['fig-alt'] = nil
  element.attributes.alt = nil
  if alt and alt:find('%S') then
    element.caption = pandoc.Inlines { pandoc.Str(alt) }
  elseif alt and settings.enskilt then
    element.caption = pandoc.Inlines {} -- said to show nothing
    if settings.format == 'html' then element.attributes.alt = '' end
    if alt == '' then element.classes:insert('utsmyckning') end
  elseif not stringify(element.caption):find('%S') then
    findings.add('alt-text',
      ('bilden %s saknar alternativtext'):format(findings.file(element.src)),
      'skriv vad bilden visar inom hakparenteserna: ![Vad bilden visar](fil.png)',
      'bild-utan-text', element.src)
  end
  return element
end

return function(doc)
  local every = doc.meta['tbl-colwidths']
  settings.kolumnbredder = every and stringify(every) or nil
  return doc:walk({
    traverse = 'topdown', Div = div, Figure = figure, Table = captioned_table,
    CodeBlock = listing, Para = lone_picture, Plain = lone_picture,
  }):walk { Image = image }
end
