# Questions to the local archive, on the server's own code: from the text to the last row.
# shellcheck shell=bash
set -euo pipefail
{
  cd "$SKYPORT_ROOT"
  cargo build --quiet --release -p skyport-server --example archive_bench
} >&2
"$CARGO_TARGET_DIR/release/examples/archive_bench" | python3 -c '
import json, sys
for line in sys.stdin:
    row = json.loads(line)
    cone = row["question"].startswith("cone")
    target, verdict = ("50 ms", "met" if row["ms"] <= 50 else "missed") if cone else ("", "")
    print("| local archive, %s: %d rows | %.1f ms | %s | %s |" % (row["question"], row["rows"], row["ms"], target, verdict))
'
