# What a first visit loads: all JavaScript, WASM and CSS, brotli.
# shellcheck shell=bash
set -euo pipefail
source "$SKYPORT_ROOT/tools/dev/env.sh"
use system
need python3 python3 >&2
python3 - "$SKYPORT_SITE/site.json" <<'P'
import json, sys
site = json.load(open(sys.argv[1]))
parts = ", ".join(f"{name} {site[name]['br'] / 1000:.0f}" for name in ("wasm", "js", "css"))
total = site["first_visit_br"] / 1000
more = ", ".join(f"{page} {size / 1000:.0f}" for page, size in sorted(site["first_visit_of_br"].items()))
verdict = "met" if total <= 300 else "missed"
print(f"| first visit of the home page, brotli (CANFAR's portal: 387 kB of JavaScript) | {total:.0f} kB ({parts}) | 300 kB | {verdict} |")
print(f"| the same with a page that brings its own chunk | {more} kB | | |")
P
