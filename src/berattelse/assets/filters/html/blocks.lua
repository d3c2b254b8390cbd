-- Callouts, theorems, tabs, layouts, code, page breaks and passages that the writer must fill in.

local settings = require 'common.settings'

local counter = 0

local KINDS = {
  note = 'Observera', tip = 'Tips', warning = 'Varning',
  important = 'Viktigt', caution = 'Var försiktig',
}

local function raw(html) return pandoc.RawInline('html', html) end
local function raw_block(html) return pandoc.RawBlock('html', html) end

local function escape(text)
  return (text:gsub('[&<>"]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }))
end

local function kind_of(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match('^callout%-(%l+)$')
    if KINDS[kind] then return kind end
  end
end

-- The title's own words, with the box's number before them where it has one.
local function title_of(div)
  local inlines = pandoc.Inlines { pandoc.Str(div.attributes.title) }
  local first = div.content[1]
  if first and first.t == 'Div' and first.classes:includes('ruttitel') then
    inlines = div.content:remove(1).content[1].content
  end
  local number = div.attributes.nummer
  if not number then return inlines end
  local label = div.attributes.etikett .. '\u{a0}' .. number
  if div.attributes.namnlos then return pandoc.Inlines { pandoc.Str(label) } end
  inlines:insert(1, pandoc.Str(label .. settings.avgransare))
  inlines:insert(2, pandoc.Space())
  return inlines
end

-- A note, not a landmark and not a heading: it must break neither the outline nor the order. What
-- kind it is, the colour tells who sees; a word says it to who listens, where the title does not.
local function callout(div)
  counter = counter + 1
  local id, kind = 'ruta-' .. counter, kind_of(div)
  local word = settings.enskilt and settings.ord[kind] or KINDS[kind]
  local words = title_of(div)
  local head = pandoc.Inlines {}
  if div.attributes.title ~= word then
    head:insert(pandoc.Span(pandoc.Str(word), pandoc.Attr('', { 'dold', 'screen-reader-only' })))
  end
  local look = div.attributes.utseende or 'default'
  local fold, icon = div.attributes.vik, div.attributes.ikon
  local blocks = pandoc.Blocks {}
  local title = pandoc.Div({}, pandoc.Attr('', { 'callout-titel', 'callout-title-container' }))
  if settings.enskilt then
    -- Room for the icon that style sheets written for Quarto's pages put here; ours has none.
    title.content:insert(raw_block(('<div class="callout-icon-container"><i class="callout-icon%s" '
      .. 'aria-hidden="true"></i></div>'):format(icon and ' no-icon' or '')))
  end
  if #head > 0 then title.content:insert(pandoc.Plain(head)) end
  if fold then
    title.content:insert(pandoc.Plain { pandoc.Span(words, pandoc.Attr(id)) })
    blocks:insert(raw_block(fold == 'oppen' and '<details open>' or '<details>'))
    blocks:insert(raw_block('<summary>'))
    blocks:insert(title)
    blocks:insert(raw_block('</summary>'))
    blocks:extend(div.content)
    blocks:insert(raw_block('</details>'))
  else
    title.content:insert(pandoc.Div({ pandoc.Para(words) }, pandoc.Attr(id)))
    if look ~= 'minimal' or div.attributes.title ~= word or div.attributes.nummer then
      blocks:insert(title)
    end
    blocks:extend(div.content)
  end
  div.content = blocks
  div.classes:insert('callout-style-' .. look)
  if icon then div.classes:insert('no-icon') end
  local named = fold or blocks[1] == title
  local attributes = { { 'role', 'note' } }
  attributes[2] = named and { 'aria-labelledby', id } or { 'aria-label', word }
  div.attr = pandoc.Attr(div.identifier, div.classes, attributes)
  return div
end

-- "Teorem 1 (Pythagoras) " first in the theorem's first paragraph.
local function theorem(div)
  local label, number = div.attributes.etikett or '', div.attributes.nummer
  local words = pandoc.Inlines { pandoc.Str(label .. (number and '\u{a0}' .. number or '')) }
  if not number then words = pandoc.Inlines { pandoc.Emph(words) } end
  local first = div.content[1]
  if first and first.t == 'Div' and first.classes:includes('satstitel') then
    words:extend { pandoc.Space(), pandoc.Str '(' }
    words:extend(div.content:remove(1).content[1].content)
    words:insert(pandoc.Str ')')
  end
  local title = pandoc.Span(number and { pandoc.Strong(words) } or words,
    pandoc.Attr('', number and { 'theorem-title' } or { 'theorem-title', 'proof-title' }))
  first = div.content[1]
  if first and (first.t == 'Para' or first.t == 'Plain') then
    first.content:insert(1, title)
    first.content:insert(2, number and pandoc.Space() or pandoc.Str '. ')
  else
    div.content:insert(1, pandoc.Para { title })
  end
  div.attr = pandoc.Attr(div.identifier, div.classes)
  return div
end

-- Tabs lie under each other, all open: nothing is hidden from who prints, searches or has no script.
local function tab(div)
  local id = div.identifier ~= '' and (' id="%s"'):format(escape(div.identifier)) or ''
  local blocks = pandoc.Blocks { raw_block(('<details open class="flik"%s><summary>%s</summary>')
    :format(id, escape(div.attributes.titel))) }
  if div.attributes.ruta then
    div.attr = pandoc.Attr(div.attributes.ruta, div.classes:filter(function(class)
      return class ~= 'flik'
    end))
    blocks:insert(div)
  else
    blocks:extend(div.content)
  end
  blocks:insert(raw_block('</details>'))
  return blocks
end

local tabsets = 0

-- What is in each tab, by the names that Quarto's pages have for it. The walk comes here once the
-- tabs within have been made.
local function tabset(div)
  tabsets = tabsets + 1
  local tabs = div.content:filter(function(block)
    return block.t == 'Div' and block.classes:includes('flik')
  end)
  local chosen
  for number, one in ipairs(tabs) do
    if one.classes:includes('active') then chosen = chosen or number end
  end
  for number, one in ipairs(tabs) do
    one.attributes.ruta = ('tabset-%d-%d'):format(tabsets, number)
    one.classes = pandoc.List { 'flik', 'tab-pane' }
    if number == (chosen or 1) then one.classes:insert('active') end
  end
  div.content = div.content:walk { traverse = 'topdown', Div = function(one)
    if one.classes:includes('flik') then return tab(one), false end
  end }
  return div
end

local function row(div)
  local shares = {}
  for index, cell in ipairs(div.content) do
    shares[#shares + 1] = ('minmax(0, %sfr)'):format(cell.attributes.bredd)
    -- The cell decides how wide a picture can be; a height of its own would pull it out of shape.
    if settings.enskilt then
      cell = cell:walk { Image = function(image)
        if image.attributes.width then image.attributes.height = nil end
        return image
      end }
      div.content[index] = cell
    end
    cell.attr = pandoc.Attr('', { 'ruta', 'quarto-layout-cell' })
  end
  div.attr = pandoc.Attr('', { 'rutrad', 'quarto-layout-row' },
    { { 'style', ('--kolumner: %s'):format(table.concat(shares, ' ')) } })
  return div
end

local function columns(div)
  local shares = {}
  for _, column in ipairs(div.content) do
    if column.t == 'Div' and column.classes:includes('column') then
      local share = (column.attributes.width or ''):match('^%s*([%d.]+)%%')
      shares[#shares + 1] = share and ('minmax(0, %sfr)'):format(share) or 'minmax(0, 1fr)'
      column.attributes.width = nil
    end
  end
  if #shares == 0 then return nil end
  div.classes:insert('rutrad')
  div.attributes.style = '--kolumner: ' .. table.concat(shares, ' ')
  return div
end

local function grid(div)
  local side = div.attributes.lodratt
  div.attributes.lodratt = nil
  div.classes:insert('quarto-layout-panel')
  if side then div.classes:insert('lodratt-' .. side) end
  return div
end

local function listing(div)
  local blocks = pandoc.Blocks {}
  local fold = div.attributes.vik
  if div.attributes.fil then
    blocks:insert(pandoc.Div({ pandoc.Plain { pandoc.Str(div.attributes.fil) } },
      pandoc.Attr('', { 'filnamn', 'code-with-filename-file' })))
  end
  blocks:extend(div.content)
  if fold then
    blocks:insert(1, raw_block(('<details class="code-fold"%s><summary>%s</summary>'):format(
      fold == 'oppen' and ' open' or '', escape(div.attributes.rubrik))))
    blocks:insert(raw_block('</details>'))
  end
  return pandoc.Div(blocks, pandoc.Attr('', { 'kodblock' },
    div.attributes.fil and { { 'data-filename', div.attributes.fil } } or {}))
end

-- Long lines scroll, and then the keyboard must reach them. Lines are numbered by the style sheet:
-- the writer's own numbers are links without a text.
local function code(block)
  block.classes = block.classes:map(function(class)
    class = class:gsub('^{%.?(.*)}$', '%1')
    return class == 'numberLines' and 'radnummer' or class
  end)
  local first = tonumber(block.attributes.startFrom or '')
  block.attributes.startFrom = nil
  if first and block.classes:includes('radnummer') then
    block.attributes.style = ('--rad: %d'):format(first - 1)
  end
  return pandoc.Div({ block }, pandoc.Attr('', { 'kodram' },
    { { 'role', 'group' }, { 'tabindex', '0' }, { 'aria-label', settings.ord.code } }))
end

local function equation(span)
  local number, alt = span.attributes.nummer, span.attributes.alt
  local name = span.attributes.etikett .. ' ' .. number .. (alt and ': ' .. alt or '')
  -- A long formula scrolls, so the keyboard must reach it.
  span.attr = pandoc.Attr(span.identifier, { 'ekvation' },
    { { 'role', 'group' }, { 'tabindex', '0' }, { 'aria-label', name } })
  if settings.enskilt then
    -- Who copies the formula's source gets the number along, as TeX writes it.
    local math = pandoc.write(pandoc.Pandoc { pandoc.Plain(span.content) }, 'html',
      { html_math_method = 'mathml' }):gsub('</annotation>', function()
        return ' \\tag{' .. number .. '}</annotation>'
      end)
    span.content = pandoc.Inlines { raw((math:gsub('%s+$', ''))) }
  end
  span.content = pandoc.Inlines { pandoc.Span(span.content, pandoc.Attr('', { 'math', 'display' })) }
  span.content:insert(pandoc.Span({ pandoc.Str('(' .. number .. ')') },
    pandoc.Attr('', { 'ekvnummer' })))
  return span
end

local DIVS = {
  { 'callout', callout }, { 'sats', theorem }, { 'flik', tab }, { 'rutrad', row },
  { 'rutnat', grid }, { 'kodblock', listing }, { 'columns', columns },
}

local function lone(block)
  local image = #block.content == 1 and block.content[1]
  if not (settings.enskilt and image and image.t == 'Image') then return nil end
  if not image.classes:includes('figure-img') then image.classes:insert('figure-img') end
  return block
end

local function tabsets_of(doc)
  if not settings.enskilt then return doc end
  return doc:walk {
    traverse = 'topdown',
    Div = function(div)
      if div.classes:includes('flikar') then return tabset(div) end
    end,
  }
end

return function(doc)
  doc = tabsets_of(doc)
  return doc:walk {
    Div = function(div)
      for _, pair in ipairs(DIVS) do
        if div.classes:includes(pair[1]) then return pair[2](div) end
      end
    end,
    CodeBlock = code,
    Para = lone, Plain = lone,
    Image = function(image)
      if settings.enskilt then image.classes:insert('img-fluid') end
      return image
    end,
    Span = function(span)
      if span.classes:includes('platshallare') then
        span.classes:insert(1, 'mark') -- pandoc writes <mark>
        return span
      elseif span.classes:includes('ekvation') then
        return equation(span)
      end
    end,
  }
end
