# From the press to an interface that answers, beside what the container engine itself takes for the same image.
# shellcheck shell=bash
set -euo pipefail
source "$SKYPORT_ROOT/tools/dev/env.sh"
use system podman
podman_ready >&2
podman_make >&2
exec python3 -B "$SKYPORT_ROOT/tools/bench/sessions.py" "$CARGO_TARGET_DIR/release/skyport"
