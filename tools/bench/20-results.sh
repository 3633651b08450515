# Windows of a result of a million rows, on the server's own code.
# shellcheck shell=bash
set -euo pipefail
source "$SKYPORT_ROOT/tools/dev/env.sh"
use system
need python3 python3 >&2
{
  cd "$SKYPORT_ROOT"
  cargo build --quiet --release -p skyport-server --example result_bench
} >&2
"$CARGO_TARGET_DIR/release/examples/result_bench" | python3 -c '
import json, sys
words = {"first": "first window of a 1 M-row result", "sort": "sorted by a number", "sort_text": "sorted by a text",
         "filter": "filtered on a number", "sort_and_filter": "sorted by one column, filtered on another",
         "middle_of_sort": "the middle of the sorted rows"}
for name, times in json.load(sys.stdin).items():
    cold, warm = times["cold_ms"], times["warm_ms"]
    verdict = "met" if cold <= 100 else "missed"
    print(f"| {words[name]} | {cold:.0f} ms the first time, {warm:.0f} ms again | 100 ms | {verdict} |")
'
