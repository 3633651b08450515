# What every server of the tests promises, so that Rust tests, Playwright and people start them alike:
#   it runs in the foreground; it prints `ready <json>` on standard output, once, when it answers;
#   it ends, and takes everything it made with it, on SIGTERM, on Ctrl-C, and when its standard input closes,
#   so that a test that was killed leaves nothing behind. All other words go to standard error.
# shellcheck shell=bash

set -euo pipefail
SKYPORT_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
export SKYPORT_ROOT
# shellcheck source=tools/dev/env.sh
source "$SKYPORT_ROOT/tools/dev/env.sh"

# begin NAME: a folder of this run's own (run_dir, log), and the promise to clean up.
begin() {
  mkdir -p "$SKYPORT_CACHE/run"
  sweep
  run_dir=$(mktemp -d "$SKYPORT_CACHE/run/$1.$$.XXXXXX")
  log="$run_dir/log"
  server_pid='' watch_pid='' stop_signal=TERM
  trap finish EXIT
  trap 'exit 0' TERM INT HUP
}

# Folders of runs that were killed outright: their processes ended with them, their files did not.
sweep() {
  local folder owner
  for folder in "$SKYPORT_CACHE"/run/*.*.*; do
    owner=${folder%.*} owner=${owner##*.}
    if [[ -d "$folder" && ! -d "/proc/$owner" ]]; then
      end_machines "$folder"
      rm -rf "$folder"
    fi
  done
}

# end_machines FOLDER: the virtual machines that a portal made below it. Each works in its own folder.
end_machines() {
  local process
  for process in /proc/[0-9]*; do
    if [[ "$(readlink "$process/cwd" 2>/dev/null)" == "$1"/* && "$(readlink "$process/exe" 2>/dev/null)" == */qemu-system* ]]; then
      kill -KILL "${process#/proc/}" 2>/dev/null || true
    fi
  done
}

# started PID: the server's process; from now on its end is ours, and the end of standard input is its.
started() {
  server_pid=$1
  # A terminal is left to its reader: there Ctrl-C says stop.
  if [[ ! -t 0 ]]; then
    (
      trap - EXIT TERM INT HUP
      while read -r _; do :; done
      kill -TERM $$
    ) <&0 &
    watch_pid=$!
    disown "$watch_pid"
  fi
}

# await DEADLINE_S command...: until the command succeeds, the server ends, or the time is over.
await() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    if ! kill -0 "$server_pid" 2>/dev/null; then give_up "it ended while starting"; fi
    if ((SECONDS >= deadline)); then give_up "it does not answer"; fi
    sleep 0.05
  done
}

give_up() {
  printf '%s: %s; its last lines:\n' "${0##*/}" "$1" >&2
  tail -n 40 "$log" >&2 || true
  exit 1
}

# ready JSON: says so and stays until told to stop.
ready() {
  printf 'ready %s\n' "$1"
  wait "$server_pid" || true
  give_up "it ended by itself"
}

# Extra cleaning of one server; run after its process has ended.
clean() { :; }

finish() {
  local rc=$?
  trap '' TERM INT HUP
  if [[ -n "$watch_pid" ]]; then kill -KILL "$watch_pid" 2>/dev/null || true; fi
  if [[ -n "$server_pid" ]]; then
    kill "-$stop_signal" "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
  fi
  clean
  rm -rf "$run_dir"
  exit "$rc"
}

# A port that nobody listens on, below those that the system hands out for outgoing connections.
free_port() {
  local port try
  for ((try = 0; try < 100; try++)); do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s' "$port"
      return 0
    fi
  done
  echo "no free port found" >&2
  return 1
}

# answers_200 PORT PATH: whether an HTTP server there says 200.
answers_200() {
  local fd line=''
  { exec {fd}<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost:%s\r\n\r\n' "$2" "$1" >&"$fd"
  read -r -t 10 line <&"$fd" || true
  exec {fd}>&-
  [[ "$line" == HTTP/1.*' 200 '* ]]
}
