-- wrk: print the result as JSON. With the argument "unique", each request has a query of its own.
local count = 0

function init(arguments)
    if arguments[1] == "unique" then
        local prefix = wrk.path .. "?unknown=" .. tostring(os.time()) .. "-"
        request = function()
            count = count + 1
            return wrk.format(nil, prefix .. count)
        end
    end
end

function done(summary, latency, requests)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format(
        '\n{"per_second": %f, "failed": %d, "p50": %f, "p95": %f, "p99": %f}\n',
        summary.requests / summary.duration * 1e6, failed,
        latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
