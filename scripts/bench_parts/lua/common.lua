-- What every script shares: arguments by name, and the summary as one line of JSON.
-- wrk gives a thread's Lua state no access to another's, so scripts run with one thread.

function named(args)
  local found = {}
  for _, each in ipairs(args) do
    local key, value = each:match("^([^=]+)=(.*)$")
    if key then found[key] = value end
  end
  return found
end

function lines_of(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'SUMMARY {"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
