-- PUT attempts: the next line's worker begins the next line's level, under a new id.
-- options: lines (file: token, quiz id, level)
local lines, next_line = {}, 0

function init(args)
  for _, line in ipairs(lines_of(named(args).lines)) do
    lines[#lines + 1] = {line:match("^(%S+) (%S+) (%S+)$")}
  end
  math.randomseed(os.time())
end

local function uuid7()
  local moment = os.time() * 1000 + next_line % 1000
  return string.format("%08x-%04x-7%03x-%04x-%04x%04x%04x", math.floor(moment / 65536), moment % 65536,
    math.random(0, 4095), math.random(32768, 49151), math.random(0, 65535), math.random(0, 65535), next_line)
end

function request()
  next_line = next_line + 1
  local token, quiz, level = unpack(lines[(next_line - 1) % #lines + 1])
  return wrk.format("PUT", "/api/v1/quiz/attempts/" .. uuid7(),
    {["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json"},
    string.format('{"quiz_id":"%s","level":%s}', quiz, level))
end
