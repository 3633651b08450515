# Start, idle memory, and the signed-in home page beside JupyterHub's login page, each loaded in turn with wrk.
# shellcheck shell=bash
set -euo pipefail
source "$SKYPORT_ROOT/tools/dev/env.sh"
use system npm
work="$SKYPORT_CACHE/bench"
mkdir -p "$work"
{
  need python3 python3
  apt_install python3-venv
  need wrk wrk
  [[ -x "$work/hub/bin/python" ]] || python3 -m venv "$work/hub"
  "$work/hub/bin/pip" install --quiet --no-deps -r "$SKYPORT_ROOT/tools/bench/jupyterhub.txt"
  node_ready
  mkdir -p "$work/npm"
  cp "$SKYPORT_ROOT"/tools/bench/npm/{package.json,package-lock.json,.npmrc} "$work/npm/"
  npm_ci "$work/npm" bench
} >&2
exec python3 -B "$SKYPORT_ROOT/tools/bench/server.py" "$CARGO_TARGET_DIR/release/skyport" "$work/hub/bin/jupyterhub" \
  "$work/npm/node_modules/.bin/configurable-http-proxy"
