# ./dev bench [NAME...]: measures; all of them together write docs/BENCHMARKS.md.
# shellcheck shell=bash
use system rust wasm npm cargo web archive qemu
step "Compiler and system packages" system_build
step "QEMU" qemu_ready
step "Rust" rust_ready
web_ready
step "Tables of the local archive" archive_make
step "Tiny image of local servers" qemu_tiny
step "Debian image of local servers" qemu_debian
server_release() { (cd "$SKYPORT_ROOT" && cargo build --quiet ${CI:+--locked} --release -p skyport-server); }
step "Server, release build" server_release

names=("$@")
if (($# == 0)); then
  for script in "$SKYPORT_ROOT"/tools/bench/*.sh; do
    if [[ -f "$script" ]]; then names+=("$(basename "$script" .sh)"); fi
  done
fi
((${#names[@]})) || fail "There is no benchmark in tools/bench yet."
rows=$(mktemp)
at_exit rm -f "$rows"
bench_one() { bash "$SKYPORT_ROOT/tools/bench/$1.sh" </dev/null | tee -a "$rows"; }
set -o pipefail
for name in "${names[@]}"; do
  [[ -f "$SKYPORT_ROOT/tools/bench/$name.sh" ]] || fail "There is no benchmark \"$name\"."
  check "$name" bench_one "$name"
done
if (($# == 0)); then
  mkdir -p "$SKYPORT_ROOT/docs"
  {
    # The backquotes are Markdown.
    # shellcheck disable=SC2016
    printf '# Benchmarks\n\nWritten by `./dev bench`; medians, peers in the same run.\n\n'
    printf 'Machine: %s, %s cores, %s GiB, Linux %s. Commit %s, %s.\n\n' \
      "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
      "$(awk '/^MemTotal/ {printf "%d", $2 / 1048576}' /proc/meminfo)" "$(uname -r)" \
      "$(git -C "$SKYPORT_ROOT" rev-parse --short HEAD 2>/dev/null || printf 'unknown')" "$(date -u +%Y-%m-%d)"
    printf '| what | measured | target | verdict |\n|---|---|---|---|\n'
    grep '^|' "$rows"
    printf '\n'
    cat "$SKYPORT_ROOT/tools/bench/notes.md"
  } >"$SKYPORT_ROOT/docs/BENCHMARKS.md"
  note "written: docs/BENCHMARKS.md"
fi
verdict
