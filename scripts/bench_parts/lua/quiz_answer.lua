-- PUT answers: one after the other of somebody's attempt, then of the next.
-- options: lines (file: token, attempt id, number of questions)
local lines, count = {}, 0

function init(args)
  for _, line in ipairs(lines_of(named(args).lines)) do
    lines[#lines + 1] = {line:match("^(%S+) (%S+) (%S+)$")}
  end
end

function request()
  local token, attempt, questions = unpack(lines[count % #lines + 1])
  local position = math.floor(count / #lines) % tonumber(questions)
  count = count + 1
  return wrk.format("PUT", "/api/v1/quiz/attempts/" .. attempt .. "/answers/" .. position,
    {["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json"},
    string.format('{"chosen":[%d]}', count % 2))
end
