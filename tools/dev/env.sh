# Where everything lives, and the small words that every step speaks with. Sourced by ./dev and tools/servers/*.
# shellcheck shell=bash

SKYPORT_CACHE="${SKYPORT_CACHE:-$HOME/.cache/skyport}"
mkdir -p "$SKYPORT_CACHE/stamps" "$SKYPORT_CACHE/logs" "$SKYPORT_CACHE/bin"
SKYPORT_CACHE="$(cd "$SKYPORT_CACHE" && pwd)"
export SKYPORT_CACHE
# One compile of the dependencies per machine, whichever clone asks for it.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$SKYPORT_CACHE/target}"
# What the server embeds: the browser's half and the local archive.
export SKYPORT_SITE="${SKYPORT_SITE:-$SKYPORT_CACHE/site}"
export SKYPORT_ARCHIVE="${SKYPORT_ARCHIVE:-$SKYPORT_CACHE/archive}"
# Base images of local servers.
export SKYPORT_IMAGES="${SKYPORT_IMAGES:-$SKYPORT_CACHE/images}"
export PATH="$SKYPORT_CACHE/bin:$PATH"

# shellcheck source=tools/dev/say.sh
source "$SKYPORT_ROOT/tools/dev/say.sh"
# shellcheck source=tools/dev/stamp.sh
source "$SKYPORT_ROOT/tools/dev/stamp.sh"

# use <step>...: load the functions of tools/dev/<step>.sh.
use() {
  local name
  for name in "$@"; do
    # shellcheck source=/dev/null
    source "$SKYPORT_ROOT/tools/dev/$name.sh"
  done
}
