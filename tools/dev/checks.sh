# Formatter, linter for both builds, licences, unused dependencies: what reads the code without running it.
# shellcheck shell=bash disable=SC2154

# Pinned: another version may judge differently.
deny_version=0.20.2
machete_version=0.9.2

checks_tools() {
  step "cargo-machete $machete_version" locked cargo-machete cargo_installed cargo-machete "$machete_version"
  step "cargo-deny $deny_version" locked cargo-deny cargo_installed cargo-deny "$deny_version"
}

in_root() { (cd "$SKYPORT_ROOT" && "$@"); }

# Both builds of the page are checked apart: the server's and the browser's features exclude each other.
clippy_server() {
  in_root cargo clippy --quiet ${CI:+--locked} --workspace --exclude skyport-frontend --all-targets -- -D warnings
}
clippy_browser() {
  wasm_cargo clippy --quiet ${CI:+--locked} -p skyport-frontend --target "$wasm_triple" -- -D warnings
}

# Licences, sources and bans need nothing but the lock file; the advisories live in a repository that a closed
# network cannot reach, and that is said, never passed over.
deny_offline() { in_root cargo deny --log-level warn check bans licenses sources; }
deny_advisories() {
  local log="$SKYPORT_CACHE/logs/deny-advisories.log"
  if in_root timeout 120 cargo deny check advisories >"$log" 2>&1 </dev/null; then
    note "no known advisory"
  elif grep -qE 'failed to (fetch|clone|open|acquire)|unable to (fetch|clone)|error sending request|timed out' "$log" || [[ ! -s "$log" ]]; then
    note "NOT CHECKED: the database of advisories cannot be reached from here ($(grep -m 1 -E 'failed|unable|error' "$log" | cut -c 1-160))"
    return "$not_checked"
  else
    cat "$log" >&2
    return 1
  fi
}

checks_all() {
  check "Formatting: Rust" in_root cargo fmt --all --check
  check "Formatting: shell scripts" check_shell_format
  check "Formatting: TypeScript" check_typescript_format
  check "Shell scripts (shellcheck)" check_shell
  check "Set-up steps on other machines" bash "$SKYPORT_ROOT/tools/dev/steps-test.sh"
  check "Clippy, server (ssr)" clippy_server
  check "Clippy, browser (hydrate)" clippy_browser
  check "Unused dependencies (cargo-machete)" in_root cargo-machete
  check "Licences, sources, bans (cargo-deny)" deny_offline
  check "Security advisories (cargo-deny)" deny_advisories
}
