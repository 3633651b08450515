-- For wrk: each connection waits a random time before each request, exponentially distributed about a mean of
-- MEAN_MS milliseconds, so that all of them together ask at a steady rate as many people would.
local mean = tonumber(os.getenv("MEAN_MS"))

function delay()
  return math.floor(-mean * math.log(1 - math.random()) + 0.5)
end
