# The proxy of `crates/passage` beside nginx and the proxy that JupyterHub starts, all three in front of one upstream.
# shellcheck shell=bash
set -euo pipefail
source "$SKYPORT_ROOT/tools/dev/env.sh"
use system npm
# Where Debian keeps nginx, which only root has on its path.
export PATH="$PATH:/usr/sbin"
work="$SKYPORT_CACHE/bench"
mkdir -p "$work"
{
  need python3 python3
  need wrk wrk
  need nginx nginx-light
  need taskset util-linux
  node_ready
  mkdir -p "$work/npm"
  cp "$SKYPORT_ROOT"/tools/bench/npm/{package.json,package-lock.json,.npmrc} "$work/npm/"
  npm_ci "$work/npm" bench
  (cd "$SKYPORT_ROOT" && cargo build --quiet ${CI:+--locked} --release -p passage --example carry)
} >&2
exec python3 -B "$SKYPORT_ROOT/tools/bench/passage.py" "$CARGO_TARGET_DIR/release/examples/carry" \
  "$work/npm/node_modules/.bin/configurable-http-proxy"
