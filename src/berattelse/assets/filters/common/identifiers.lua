-- An id stands once in the document, and a link leads somewhere: to a place in the document, to a
-- whole address on the web, or to someone to write to or call. A file beside the report is not
-- beside it where the report is read, and code in an address has no business in a report.

local findings = require 'common.findings'
local named = require 'common.named'
local settings = require 'common.settings'

local SCHEMES = { http = true, https = true, mailto = true, tel = true }
-- What a browser or Word would run; in a document of its own such a link becomes its text.
local RUNS = { javascript = true, data = true, vbscript = true }
local WHOLE = 'skriv en hel adress som börjar med https://'

local function place(target)
  return 'lank', target
end

-- Browsers drop blanks and control characters in front, and ends of lines anywhere.
local function plainly(target)
  return (target:gsub('^[%z\1-\32]+', ''):gsub('[\t\r\n]', ''))
end

local function runs(target)
  local scheme = plainly(target):match('^(%a[%w+.-]*):')
  return scheme and RUNS[scheme:lower()] and scheme
end

local function check(target)
  local plain = plainly(target)
  if plain:sub(1, 1) == '#' then return end
  local scheme = plain:match('^(%a[%w+.-]*):')
  if scheme and SCHEMES[scheme:lower()] then return end
  local shown = utf8.len(target) and utf8.len(target) > 60
    and target:sub(1, utf8.offset(target, 61) - 1) .. '…' or target
  -- C:\ is a folder on someone's machine
  if scheme and #scheme > 1 then
    findings.add('lank', ('länkar som börjar med %s: är inte tillåtna: %s'):format(scheme, shown),
      'tillåtna är https, http, mailto, tel och #länkar inom dokumentet', place(target))
  else
    findings.add('lank', plain == '' and 'en länk saknar adress'
      or ('länken till %s leder ingenstans'):format(shown), WHOLE, place(target))
  end
end

-- Pandoc leaves HTML as it is; its ampersands and the like may hide what the address is.
local ENTITIES = { colon = ':', tab = '\t', newline = '\n', amp = '&', sol = '/', num = '#' }

local function decoded(text)
  text = text:gsub('&#[xX](%x+);?', function(hex)
    local code = tonumber(hex, 16)
    return code < 0x110000 and utf8.char(code) or ''
  end):gsub('&#(%d+);?', function(digits)
    local code = tonumber(digits)
    return code < 0x110000 and utf8.char(code) or ''
  end)
  return (text:gsub('&(%a+);', function(name) return ENTITIES[name:lower()] end))
end

local function raw(element)
  if not element.format:find('^html') then return end
  for tag in element.text:gmatch('<%s*[aA]%f[%s/](.-)>') do
    local target = tag:match('%f[%w][hH][rR][eE][fF]%s*=%s*"([^"]*)')
      or tag:match("%f[%w][hH][rR][eE][fF]%s*=%s*'([^']*)")
      or tag:match('%f[%w][hH][rR][eE][fF]%s*=%s*([^%s"\'>]+)')
    if target then check(decoded(target)) end
  end
end

return function(doc)
  local seen, order, links = {}, {}, {}
  local function note(element)
    local id = element.identifier
    if id == '' then return nil end
    seen[id] = (seen[id] or 0) + 1
    if seen[id] == 2 then order[#order + 1] = id end
  end
  local noting = named(note)
  function noting.Link(link)
    note(link)
    if link.target:sub(1, 1) == '#' then links[#links + 1] = link.target:sub(2) end
    check(link.target)
  end
  noting.RawInline, noting.RawBlock = raw, raw
  doc:walk(noting)
  -- Told for each place that has it: which of them is wrong, only the author knows.
  for _, id in ipairs(order) do
    for _ = 1, seen[id] do
      findings.add('dubbelt-id', ('id:t %s används mer än en gång'):format(id),
        'ge det ena ett annat namn', 'id', id)
    end
  end
  for _, id in ipairs(links) do
    if not seen[id] then
      findings.add('lank', ('länken till #%s leder ingenstans'):format(id),
        'kontrollera stavningen', 'lank', '#' .. id)
    end
  end
  if not settings.enskilt then return nil end
  return doc:walk {
    Link = function(link)
      local scheme = runs(link.target)
      if scheme then
        findings.warn('lank', ('länken som börjar med %s: är inte med: bara dess text'):format(scheme),
          'tillåtna är https, http, mailto, tel och #länkar inom dokumentet', 'text',
          link.target:match('^[%w:;,/.-]*'))
        return link.content
      end
      local id = settings.format == 'typst' and link.target:match '^#(.*)$'
      -- Typst makes no document with a link that leads nowhere: its text stands there.
      if id and not seen[id] then
        findings.unsupported(('länken till #%s leder ingenstans'):format(id), 'lank', link.target)
        return link.content
      end
    end,
  }
end
