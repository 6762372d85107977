-- state::set of 200-byte values over HTTP, for wrk: wrk -t1 -c64 -d12 --latency -s loadtest/set.lua http://localhost:3113
local sent = 0
local filling = string.rep("y", 180)
request = function()
  sent = sent + 1
  local body = string.format('{"scope":"s%d","key":"k%d","value":{"x":"%s"}}', sent % 256, sent % 10000, filling)
  return wrk.format("POST", "/v1/functions/state::set", nil, body)
end
