-- PUT hazards: a new id, new hashes and the next worker's token each time.
-- options: people (file: token, enterprise id, category), milliseconds (since 1970), seed
local people, moment, next_person = {}, 0, 0

function init(args)
  local options = named(args)
  for _, line in ipairs(lines_of(options.people)) do
    people[#people + 1] = {line:match("^(%S+) (%S+) (%S+)$")}
  end
  moment = tonumber(options.milliseconds)
  math.randomseed(tonumber(options.seed))
end

local function digits(groups)
  local parts = {}
  for i = 1, groups do parts[i] = string.format("%04x", math.random(0, 65535)) end
  return table.concat(parts)
end

local function uuid7()
  moment = moment + 1
  local high, low = math.floor(moment / 65536), moment % 65536
  return string.format("%08x-%04x-7%03x-%04x-%s", high, low, math.random(0, 4095), math.random(32768, 49151), digits(3))
end

function request()
  next_person = next_person % #people + 1
  local token, enterprise, category = unpack(people[next_person])
  local photos = {}
  for i = 1, 3 do
    photos[i] = string.format('{"sha256":"%s","size":%d}', digits(16), math.random(200000, 4000000))
  end
  local body = string.format(
    '{"category":"%s","description":"配电箱门敞开，电线裸露，旁边堆着纸箱，编号%d","place":"三号车间东门第%d根柱子旁",' ..
    '"coordinates":{"latitude":36.0%d,"longitude":120.3%d,"datum":"gcj02","accuracy":15.5},' ..
    '"enterprise_id":"%s","area_id":null,"photos":[%s]}',
    category, math.random(1, 1000000), math.random(1, 99), math.random(1000, 9999),
    math.random(1000, 9999), enterprise, table.concat(photos, ","))
  return wrk.format("PUT", "/api/v1/hazards/" .. uuid7(),
    {["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json"}, body)
end
