# Local servers: from the press to an ssh banner, by QEMU as this machine can run it, and five at once.
# shellcheck shell=bash
set -euo pipefail
source "$SKYPORT_ROOT/tools/dev/env.sh"
use system qemu
{
  qemu_ready
  qemu_tiny
  qemu_debian
  cargo build --quiet --release -p qemu --example machines_bench --manifest-path "$SKYPORT_ROOT/Cargo.toml"
} >&2
"$CARGO_TARGET_DIR/release/examples/machines_bench" "$SKYPORT_IMAGES" | python3 -c '
import json, sys
targets = {"tiny": 6, "debian": 12}
for line in sys.stdin:
    row = json.loads(line)
    parts = ", ".join("%s %.2f" % (name, row[name]) for name in ("create", "spawn", "marker", "banner"))
    target = targets.get(row["what"])
    print("| local server, %s: press to ssh banner (%s; longest of %d: %.1f s) | %.1f s | %s | %s |" % (
        row["what"], parts, row["rounds"], row["longest"], row["total"],
        "%d s" % target if target else "", "" if not target else "met" if row["total"] <= target else "missed"))
'
