-- Div.flyt becomes <figure> with <figcaption>, or <table> with <caption>. The classes that begin with
-- `quarto-` are those that style sheets and checks written for Quarto's pages look for.

local kinds = require 'common.kinds'
local settings = require 'common.settings'
local stringify = pandoc.utils.stringify

local NBSP = '\u{a0}'
-- Two columns fit a phone; with more the table may have to scroll, in a region of its own.
local REGION_FROM = 3

local function escape(text)
  return (text:gsub('[&<>"]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;',
                                ['"'] = '&quot;' }))
end

-- "Tabell 3. " or "(a) " before the caption's own words.
local function caption(float)
  local own = float.content[1].content[1]
  local inlines = own and own.content:clone() or pandoc.Inlines {}
  local number = float.attributes.nummer
  if not number then return inlines end
  local label
  if float.classes:includes('del') then
    label = '(' .. number .. ')'
  else
    label = float.attributes.etikett .. NBSP .. number
      .. (#inlines > 0 and settings.avgransare or '')
  end
  if #inlines > 0 then inlines:insert(1, pandoc.Space()) end
  if settings.enskilt then
    inlines:insert(1, pandoc.RawInline('html', (escape(label):gsub(NBSP, '&nbsp;'))))
  else
    inlines:insert(1, pandoc.Span(pandoc.Str(label), pandoc.Attr('', { 'etikett' })))
  end
  return inlines
end

-- html.py puts the picture itself here: <svg>, or <img> with the bytes in the page.
local function picture(image, id)
  return pandoc.RawInline('html', ('<bild src="%s" id="%s" width="%s" alt="%s"></bild>'):format(
    escape(image.src), escape(id), escape(image.attributes.width or ''),
    escape(stringify(image.caption))))
end

local counter = 0
local function pictures(element, id)
  -- pandoc writes <img> with the author's own attributes; html/__init__.py puts the bytes in.
  if settings.enskilt then
    return element:walk { Image = function(image)
      image.classes:insert('figure-img')
      return image
    end }
  end
  return element:walk {
    Image = function(image)
      counter = counter + 1
      return picture(image, (id ~= '' and id .. '-' or '') .. 'bild' .. counter)
    end,
  }
end

-- Attributes are a list: a Lua table would come out in another order each time.
local function region(tbl, name, value)
  local classes = { 'tabellram' }
  if settings.enskilt and tbl.classes:includes('responsive') then classes[2] = 'table-responsive' end
  if #tbl.colspecs < REGION_FROM then
    return pandoc.Div({ tbl }, pandoc.Attr('', classes))
  end
  classes[#classes + 1] = 'bred'
  return pandoc.Div({ tbl }, pandoc.Attr('', classes,
    { { 'role', 'region' }, { name, value }, { 'tabindex', '0' } }))
end

local function region_of(block, float, id, text)
  if id ~= '' then return region(block, 'aria-labelledby', id) end
  return region(block, 'aria-label', stringify(text))
end

-- A figure that holds nothing but a table has its caption as the figure's, says HTML.
local function lone_table(float)
  return settings.enskilt and #float.content == 2 and float.content[2].t == 'Table'
    and float.attributes.nummer ~= nil
end

local function tabell(float)
  if lone_table(float) then
    local block, id = float.content[2], float.identifier .. '-rubrik'
    local text = pandoc.Span(caption(float), pandoc.Attr(id))
    block.attributes['aria-labelledby'] = id
    local over = float.attributes.lage ~= 'bottom'
    return pandoc.Figure({ region_of(block, float, id, text) }, { pandoc.Plain { text } },
      pandoc.Attr(float.identifier, float.classes,
        { { 'slag', kinds.head(float.identifier) }, { 'lage', over and 'over' or 'under' } }))
  end
  local under = float.attributes.lage == 'bottom'
  local blocks = pandoc.List {}
  local captioned = false
  for index = 2, #float.content do
    local block = float.content[index]
    if block.t == 'Table' and not captioned then
      captioned = true
      local id = float.identifier ~= '' and float.identifier .. '-rubrik' or ''
      local text = pandoc.Span(caption(float), pandoc.Attr(id, { 'rubrik' }))
      block.caption = pandoc.Caption({ pandoc.Plain { text } })
      if under then block.classes:insert('under') end
      if settings.enskilt then block.classes:insert(under and 'caption-bottom' or 'caption-top') end
      block = region_of(block, float, id, text)
    end
    blocks:insert(block)
  end
  local classes = float.classes:clone()
  classes:insert('quarto-float')
  return pandoc.Div(blocks, pandoc.Attr(float.identifier, classes))
end

local render

local function holds_picture(block)
  return (block.t == 'Para' or block.t == 'Plain')
    and block.content:find_if(function(inline)
      return inline.t == 'Image' or inline.t == 'Link' and inline.content:find_if(function(inner)
        return inner.t == 'Image'
      end) ~= nil
    end) ~= nil
end

-- On a phone the picture scrolls, so the keyboard must reach it.
local function figur(float)
  local number = float.attributes.nummer
  local name = number and float.attributes.etikett .. ' ' .. (float.attributes.hel or '') .. number
    or 'Figur'
  local content = pandoc.Blocks {}
  for index = 2, #float.content do
    local block = float.content[index]
    if block.t == 'Div' then
      block.content = block.content:walk { traverse = 'topdown', Div = render }
    end
    local drawn = holds_picture(block)
    block = pictures(block, float.identifier)
    if drawn then
      block = pandoc.Div({ pandoc.Plain(block.content) }, pandoc.Attr('', { 'bild' },
        { { 'role', 'group' }, { 'tabindex', '0' }, { 'aria-label', name } }))
    end
    content:insert(block)
  end
  -- A page's own look never puts a figure's caption over it, or a listing's under it.
  local over = float.classes:includes('figur') and float.attributes.lage == 'top'
    or not float.classes:includes('figur') and float.attributes.lage ~= 'bottom'
  local kind = kinds.head(float.identifier)
  if float.identifier == '' or not number then kind = 'fig' end
  local facts = { { 'slag', kind }, { 'lage', over and 'over' or 'under' } }
  for _, name in ipairs { 'marginal', 'sida' } do
    if float.attributes[name] then facts[#facts + 1] = { name, float.attributes[name] } end
  end
  return pandoc.Figure(content, { pandoc.Plain(caption(float)) },
    pandoc.Attr(float.identifier, float.classes, facts))
end

-- Where a figure stands sideways, as Quarto's pages name it.
local function aside(figure, kind)
  local side = figure.attributes.sida or kind == 'fig' and 'center' or 'left'
  return { 'quarto-figure', 'quarto-figure-' .. side }
end

-- The writer knows no classes for <figcaption> and one place for it.
local function written(figure)
  local kind, over = figure.attributes.slag, figure.attributes.lage == 'over'
  if not kind then return nil end
  local classes = figure.classes:clone()
  local outer, inner = '', figure.identifier
  local blocks = pandoc.Blocks {}
  if inner ~= '' and (settings.enskilt or kind ~= 'fig') then
    if kind == 'lst' then classes:insert('listing') end
    if settings.enskilt then
      classes:insert('quarto-float')
      classes:extend(aside(figure, kind))
    end
    outer = inner
    inner = ''
  end
  local own = outer == '' and classes:clone() or pandoc.List {}
  own:extend { 'quarto-float', 'quarto-float-' .. kind }
  local bare = settings.enskilt and outer == '' and not classes:includes('del')
  if settings.enskilt then own:insert('figure') end
  local about = { 'quarto-float-caption', 'quarto-float-' .. kind }
  if figure.attributes.marginal then about[#about + 1] = 'margin-caption' end
  if classes:includes('del') then
    own:insert('quarto-subfloat-' .. kind)
    about[#about + 1] = 'quarto-subfloat-caption'
  end
  blocks:insert(pandoc.RawBlock('html', ('<figure%s class="%s">'):format(
    inner ~= '' and (' id="%s"'):format(escape(inner)) or '', escape(table.concat(own, ' ')))))
  local words = pandoc.utils.blocks_to_inlines(figure.caption.long)
  local text = pandoc.Blocks {}
  if #words > 0 then
    text:insert(pandoc.Plain {
      pandoc.RawInline('html', ('<figcaption class="%s">'):format(escape(table.concat(about, ' ')))),
      pandoc.Span(words), pandoc.RawInline('html', '</figcaption>'),
    })
  end
  if over then blocks:extend(text) end
  blocks:extend(figure.content)
  if not over then blocks:extend(text) end
  blocks:insert(pandoc.RawBlock('html', '</figure>'))
  if bare then return pandoc.Div(blocks, pandoc.Attr('', aside(figure, kind))) end
  if outer == '' then return blocks end
  return pandoc.Div(blocks, pandoc.Attr(outer, classes))
end

-- The figures behind a chart stand in <details> after it; the region is named by the chart.
local function label_loose_tables(blocks)
  local name = 'Tabell'
  for index, block in ipairs(blocks) do
    if block.t == 'Figure' then
      name = 'Siffrorna i ' .. stringify(block.caption.long):gsub('%..*', '')
    elseif block.t == 'Table' then
      counter = counter + 1
      local label = name == 'Tabell' and name .. ' utan rubrik, ' .. counter or name
      blocks[index] = region(block, 'aria-label', label)
    end
  end
  return blocks
end

local function has_table(float)
  return float.content:find_if(function(block) return block.t == 'Table' end) ~= nil
end

render = function(div)
  if not div.classes:includes('flyt') then return nil end
  if div.classes:includes('tabell') and has_table(div) then return tabell(div), false end
  return figur(div), false
end

return function(doc)
  doc = doc:walk { traverse = 'topdown', Div = render }
  doc = doc:walk {
    traverse = 'topdown',
    Blocks = function(blocks) return label_loose_tables(blocks) end,
    Div = function(div)
      if div.classes:includes('tabellram') then return div, false end
    end,
  }
  doc = doc:walk { Figure = written }
  return settings.enskilt and doc or pictures(doc, '')
end
