-- Div.callout-note and its kin: title, look and whether it folds go into attributes, from there
-- into each format. A title that is more than words stays as Div.ruttitel, first in the box.

local kinds = require 'common.kinds'
local settings = require 'common.settings'
local stringify = pandoc.utils.stringify

local TITLES = {
  note = 'Observera', tip = 'Tips', warning = 'Varning',
  important = 'Viktigt', caution = 'Var försiktig',
}
local LOOKS = { simple = true, minimal = true }
local FOLDS = { ['true'] = 'stangd', ['false'] = 'oppen' }

local function kind_of(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match('^callout%-(%l+)$')
    if TITLES[kind] then return kind end
  end
end

local function text_of(meta) return meta ~= nil and stringify(meta) or nil end

return function(doc)
  local looks = text_of(doc.meta['callout-appearance'])
  local icons = text_of(doc.meta['callout-icon'])
  return doc:walk {
    Div = function(div)
      local kind = kind_of(div)
      if not kind then return nil end
      local title, own = div.attributes.title, nil
      if title then
        own = pandoc.utils.blocks_to_inlines(pandoc.read(title, 'markdown').blocks)
        title = stringify(own)
      elseif div.content[1] and div.content[1].t == 'Header' then
        own = div.content:remove(1).content
        title = stringify(own)
      end
      local attributes = { { 'title', title or settings.enskilt and settings.ord[kind] or TITLES[kind] } }
      if not title and kinds.callout(div.identifier) then
        attributes[#attributes + 1] = { 'namnlos', 'ja' } -- its number is name enough
      end
      local look = div.attributes.appearance or looks
      if LOOKS[look] then attributes[#attributes + 1] = { 'utseende', look } end
      if (div.attributes.icon or icons) == 'false' or look == 'minimal' then
        attributes[#attributes + 1] = { 'ikon', 'nej' }
      end
      local fold = FOLDS[div.attributes.collapse or '']
      if fold then attributes[#attributes + 1] = { 'vik', fold } end
      if own and own:find_if(function(inline) return inline.t ~= 'Str' and inline.t ~= 'Space' end) then
        div.content:insert(1, pandoc.Div({ pandoc.Plain(own) }, pandoc.Attr('', { 'ruttitel' })))
      end
      div.attr = pandoc.Attr(div.identifier, { 'callout', 'callout-' .. kind }, attributes)
      return div
    end,
  }
end
