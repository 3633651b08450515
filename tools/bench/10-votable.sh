# VOTable reading beside astropy and STILTS: one file of a million rows and ten mixed columns, each reader in turn.
# shellcheck shell=bash
set -euo pipefail
source "$SKYPORT_ROOT/tools/dev/env.sh"
use system
work="$SKYPORT_CACHE/bench"
mkdir -p "$work/votable"
{
  need python3 python3
  apt_install python3-venv
  need stilts stilts
  [[ -x "$work/venv/bin/python" ]] || python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --no-deps -r "$SKYPORT_ROOT/tools/bench/astropy.txt"
  cargo build --quiet --release -p votable --example votable_bench --manifest-path "$SKYPORT_ROOT/Cargo.toml"
  bench="$CARGO_TARGET_DIR/release/examples/votable_bench"
  [[ -f "$work/votable/stars_binary2.vot" ]] || "$bench" generate "$work/votable"
  # A tenth of the rows, to see that memory does not grow with them.
  [[ -f "$work/votable/tenth/stars_binary2.vot" ]] || "$bench" generate "$work/votable/tenth" 100000
} >&2
exec python3 "$SKYPORT_ROOT/tools/bench/votable.py" "$bench" "$work/votable" "$work/venv/bin/python" \
  "$SKYPORT_ROOT/crates/votable/benches/peer_astropy.py"
