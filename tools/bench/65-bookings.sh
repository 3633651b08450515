# Accepting offers under contention: 200 people for 50 slots, on SQLite and on a PostgreSQL that writes to the disk.
# shellcheck shell=bash
set -euo pipefail
source "$SKYPORT_ROOT/tools/dev/env.sh"
use system servers
{
  postgres_ready
  cd "$SKYPORT_ROOT"
  cargo build --quiet --release -p skyport-server --example booking_bench
} >&2
exec python3 -B "$SKYPORT_ROOT/tools/bench/bookings.py" "$CARGO_TARGET_DIR/release/examples/booking_bench"
