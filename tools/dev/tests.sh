# The tests, and everything that must stand before the first of them runs.
# shellcheck shell=bash disable=SC2154

# Everything native in one selection: another one would choose other features and compile the world again.
workspace=(--workspace --exclude skyport-frontend --exclude skyport-bundle --exclude skyport-archive-data)

tests_environment() {
  export SKYPORT_TEST_SERVERS="$SKYPORT_ROOT/tools/servers"
  export SKYPORT_BIN="$CARGO_TARGET_DIR/debug/skyport"
}

# The TAP archive takes minutes of network and disk, the compiler minutes of processor: side by side, once.
dachs_in_background() {
  if dachs_made; then return 0; fi
  note "making the TAP archive of the tests in the background (log: $SKYPORT_CACHE/logs/dachs.log)"
  root_ready "make the TAP archive of the tests"
  (
    trap - EXIT
    # Nobody looks here: what needs a password fails instead of asking.
    # shellcheck disable=SC2034
    attended=''
    dachs_make
  ) >"$SKYPORT_CACHE/logs/dachs.log" 2>&1 </dev/null &
  dachs_job=$!
}
dachs_job=''

# dachs_await: a check, so in a shell of its own, which cannot wait for the job but sees whether it still runs.
dachs_await() {
  if [[ -n "$dachs_job" ]]; then
    while kill -0 "$dachs_job" 2>/dev/null; do sleep 0.5; done
    if ! dachs_made; then
      tail -n 40 "$SKYPORT_CACHE/logs/dachs.log" >&2
      return 1
    fi
  fi
  dachs_make
  note "$(dachs_version)"
}

tests_compile() { in_root cargo test --quiet ${CI:+--locked} "${workspace[@]}" --no-run; }
tests_workspace() { tests_of workspace --no-fail-fast "${workspace[@]}"; }
tests_tools() { tests_of tools --profile tools -p skyport-bundle -p skyport-archive-data; }

# tests_of NAME ARGS...: cargo's tests; the summary names each one that failed.
tests_of() {
  local log="$SKYPORT_CACHE/logs/tests-$1.log" rc=0 failed
  shift
  in_root cargo test ${CI:+--locked} "$@" 2>&1 | tee "$log" || rc=$?
  if ((rc != 0)); then
    while IFS= read -r failed; do remark "$failed"; done < <(sed -n 's/^test \(.*\) \.\.\. FAILED.*/\1/p' "$log")
  fi
  return "$rc"
}

# tests_end2end ARGS...: Playwright with the server that tests_compile made. support/remarks.ts leaves a line for each
# journey that failed, or failed and then passed.
tests_end2end() {
  if ! compgen -G "$SKYPORT_ROOT/end2end/playwright.config.*" >/dev/null; then
    printf 'end2end/playwright.config.ts is missing: there are no journeys to run\n' >&2
    return 1
  fi
  local rc=0 line
  export JOURNEYS_REMARKS="$SKYPORT_CACHE/logs/journeys.txt"
  : >"$JOURNEYS_REMARKS"
  (cd "$SKYPORT_ROOT/end2end" && npx --no-install tsc --noEmit && npx --no-install playwright test "$@") || rc=$?
  while IFS= read -r line; do remark "$line"; done <"$JOURNEYS_REMARKS"
  return "$rc"
}
