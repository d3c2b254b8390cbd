-- Div.flyt becomes <figure> with <figcaption>, or <table> with <caption>.

local stringify = pandoc.utils.stringify

local NBSP = '\u{a0}'
-- Two columns fit a phone; with more the table may have to scroll, in a region of its own.
local REGION_FROM = 3

local function escape(text)
  return (text:gsub('[&<>"]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;',
                                ['"'] = '&quot;' }))
end

-- "Tabell 3. " before the caption's own words.
local function caption(float)
  local own = float.content[1].content[1]
  local inlines = own and own.content:clone() or pandoc.Inlines {}
  local number = float.attributes.nummer
  if number then
    inlines:insert(1, pandoc.Span(
      pandoc.Str(float.attributes.etikett .. NBSP .. number .. '.'),
      pandoc.Attr('', { 'etikett' })))
    inlines:insert(2, pandoc.Space())
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
  return element:walk {
    Image = function(image)
      counter = counter + 1
      return picture(image, (id ~= '' and id .. '-' or '') .. 'bild' .. counter)
    end,
  }
end

-- Attributes are a list: a Lua table would come out in another order each time.
local function region(tbl, name, value)
  if #tbl.colspecs < REGION_FROM then
    return pandoc.Div({ tbl }, pandoc.Attr('', { 'tabellram' }))
  end
  return pandoc.Div({ tbl }, pandoc.Attr('', { 'tabellram', 'bred' },
    { { 'role', 'region' }, { name, value }, { 'tabindex', '0' } }))
end

local function tabell(float)
  local blocks = pandoc.List {}
  local captioned = false
  for index = 2, #float.content do
    local block = float.content[index]
    if block.t == 'Table' and not captioned then
      captioned = true
      local id = float.identifier ~= '' and float.identifier .. '-rubrik' or ''
      local text = pandoc.Span(caption(float), pandoc.Attr(id, { 'rubrik' }))
      block.caption = pandoc.Caption({ pandoc.Plain { text } })
      if id ~= '' then
        block = region(block, 'aria-labelledby', id)
      else
        block = region(block, 'aria-label', stringify(text))
      end
    end
    blocks:insert(block)
  end
  return pandoc.Div(blocks, pandoc.Attr(float.identifier, float.classes))
end

-- On a phone the picture scrolls, so the keyboard must reach it.
local function figur(float)
  local number = float.attributes.nummer
  local name = number and float.attributes.etikett .. ' ' .. number or 'Figur'
  local content = pandoc.Blocks {}
  for index = 2, #float.content do
    local block = pictures(float.content[index], float.identifier)
    if block.t == 'Para' or block.t == 'Plain' then
      block = pandoc.Div({ pandoc.Plain(block.content) }, pandoc.Attr('', { 'bild' },
        { { 'role', 'group' }, { 'tabindex', '0' }, { 'aria-label', name } }))
    end
    content:insert(block)
  end
  return pandoc.Figure(content, { pandoc.Plain(caption(float)) },
    pandoc.Attr(float.identifier, float.classes))
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

return function(doc)
  doc = doc:walk {
    traverse = 'topdown',
    Div = function(div)
      if not div.classes:includes('flyt') then return nil end
      return div.classes:includes('tabell') and tabell(div) or figur(div), false
    end,
  }
  doc = doc:walk {
    traverse = 'topdown',
    Blocks = function(blocks) return label_loose_tables(blocks) end,
    Div = function(div)
      if div.classes:includes('tabellram') then return div, false end
    end,
  }
  return pictures(doc, '')
end
