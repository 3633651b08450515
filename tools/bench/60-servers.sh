# Pages of servers with a thousand of them, a key from upload to stored, and from the press to the first call.
# shellcheck shell=bash
set -euo pipefail
source "$SKYPORT_ROOT/tools/dev/env.sh"
exec python3 -B "$SKYPORT_ROOT/tools/bench/servers.py" "$CARGO_TARGET_DIR/release/skyport" "$SKYPORT_IMAGES"
