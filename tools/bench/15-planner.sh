# The planner: the earliest starts in a pool with 10,000 bookings, and on a thousand nodes with a million.
# shellcheck shell=bash
set -euo pipefail
source "$SKYPORT_ROOT/tools/dev/env.sh"
use system
{
  need python3 python3
  cargo build --quiet --release -p planner --example planner_bench --manifest-path "$SKYPORT_ROOT/Cargo.toml"
} >&2
"$CARGO_TARGET_DIR/release/examples/planner_bench" | python3 -c '
import json, sys
# Median and 99th percentile, in microseconds.
targets = {"pool, earliest 4": (20, 200), "cluster, one node, earliest 1": (1000, 10000), "cluster, over 4 nodes, earliest 1": (5000, 50000)}
places = {"pool": "10,000 bookings over 30 days", "cluster": "1,000 nodes of 64 cores, 1,000,000 bookings over 90 days"}
def time(us):
    return "%.1f µs" % us if us < 1000 else "%.2f ms" % (us / 1000)
for line in sys.stdin:
    row = json.loads(line)
    if "bytes_per_booking" in row:
        print("| planner, memory for each of a million bookings | %d bytes | | |" % row["bytes_per_booking"])
    elif "median_us" in row:
        median, p99 = row["median_us"], row["p99_us"]
        measured = time(median) if row["count"] == 1 else "%s, 99th percentile %s" % (time(median), time(p99))
        target, verdict = "", ""
        if row["what"] in targets:
            most = targets[row["what"]]
            target = "%s, %s" % (time(most[0]), time(most[1]))
            verdict = "met" if median <= most[0] and p99 <= most[1] else "missed"
        what = row["what"] if row["what"].startswith(row["place"]) else "%s, %s" % (row["place"], row["what"])
        print("| planner, %s (%s) | %s | %s | %s |" % (what, places[row["place"]], measured, target, verdict))
'
