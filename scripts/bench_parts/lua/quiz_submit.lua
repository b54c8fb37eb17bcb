-- POST submissions: each attempt is handed in once, with five answers that come along.
-- options: lines (file: token, attempt id, number of questions)
local lines, next_line = {}, 0

function init(args)
  for _, line in ipairs(lines_of(named(args).lines)) do
    lines[#lines + 1] = {line:match("^(%S+) (%S+) (%S+)$")}
  end
end

function request()
  next_line = next_line % #lines + 1
  local token, attempt = unpack(lines[next_line])
  local answers = {}
  for position = 0, 4 do answers[#answers + 1] = string.format('{"position":%d,"chosen":[%d]}', position, position % 2) end
  return wrk.format("POST", "/api/v1/quiz/attempts/" .. attempt .. "/submission",
    {["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json"},
    '{"answers":[' .. table.concat(answers, ",") .. "]}")
end
