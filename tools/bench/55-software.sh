# The catalogue with 5,000 entries of a folder: a search, and its page, on the running portal.
# shellcheck shell=bash
set -euo pipefail
source "$SKYPORT_ROOT/tools/dev/env.sh"
exec python3 -B "$SKYPORT_ROOT/tools/bench/software.py" "$CARGO_TARGET_DIR/release/skyport"
