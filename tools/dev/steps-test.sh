#!/usr/bin/env bash
# The steps of ./dev on machines that this one is not: a sudo that asks for a password, a rustup without its
# components, Ubuntu with its snap. Programs are stood in for by scripts that say what they were called with.
set -euo pipefail
SKYPORT_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$work/cache" "$work/skyport/end2end" "$work/skyport/tools"
# A copy, since nobody may be kept out of the folder of the clone.
cp -r "$SKYPORT_ROOT/tools/dev" "$work/skyport/tools/"
cp "$SKYPORT_ROOT/Cargo.toml" "$work/skyport/"
chmod -R a+rwX "$work"
failed=0

# stand_in NAME <<script: a program of that name.
stand_in() {
  { printf '#!/usr/bin/env bash\nprintf "%%s\\n" "%s $*" >>%q\n' "$1" "$work/calls" && cat; } >"$work/bin/$1"
  chmod 755 "$work/bin/$1"
}

# dev SCRIPT: runs it as ./dev would, as nobody and without a terminal; its words, and then `status N`.
dev() {
  local script=$1 other=() status=0
  if [[ $EUID -eq 0 ]]; then other=(setpriv --reuid 65534 --regid 65534 --clear-groups); fi
  rm -f "$work/calls"
  : >"$work/calls"
  chmod 666 "$work/calls"
  # The script is for the inner shell.
  # shellcheck disable=SC2016
  timeout 60 env PATH="$work/bin:$PATH" HOME="$work" SKYPORT_CACHE="$work/cache" SKYPORT_ROOT="$work/skyport" \
    SKYPORT_CHROMIUM= NO_COLOR=1 "${other[@]}" bash -c '
      set -euo pipefail
      source "$SKYPORT_ROOT/tools/dev/env.sh"
      trap on_exit EXIT
      use system rust browser qemu
      '"$script" </dev/null 2>&1 || status=$?
  printf 'status %d\n' "$status"
}

# expect "what" TEXT PATTERN...: the text holds each of the patterns.
expect() {
  local what=$1 text=$2 pattern
  shift 2
  for pattern in "$@"; do
    if [[ "$text" != *"$pattern"* ]]; then
      printf '✗ %s: no "%s" in\n%s\n' "$what" "$pattern" "$text" >&2
      failed=1
    fi
  done
}

# A sudo that wants a password: without anybody to type it, the step ends at once and says what it wanted.
stand_in sudo <<'SUDO'
if [[ "$1" == -n ]]; then echo "sudo: a password is required" >&2; exit 1; fi
sleep 1000
SUDO
expect "sudo asks" "$(dev 'step "Packages" apt_install no-such-package')" \
  "asks for a password that nobody can type here: install no-such-package" "status 1"

# One that does not ask is used, and never in a way that could ask.
stand_in sudo <<'SUDO'
[[ "$1" == -n ]] || exit 9
shift
[[ "${1:-}" != -- ]] || shift
exec "$@"
SUDO
expect "sudo without a password" "$(dev 'step "Root" as_root printf "%s\n" done-as-root')" "done-as-root" "status 0"

# QEMU's disk tool from a source that is gone keeps the emulator out: both are taken in the emulator's version.
stand_in dpkg-query <<'DPKG'
case "$*" in *qemu-system-x86) exit 1 ;; *Version*) printf '1:10.0-2~bpo12+1' ;; *) printf 'ii ' ;; esac
DPKG
stand_in apt-cache <<'POLICY'
printf 'qemu-system-x86:\n  Installed: (none)\n  Candidate: 1:7.2-7\n'
POLICY
stand_in apt-get <<'APT'
[[ "$*" != *--simulate* ]]
APT
# tee and chmod: what keeps services from being started is written outside.
for name in qemu-system-x86_64 qemu-img genisoimage ssh tee chmod; do stand_in "$name" </dev/null; done
expect "QEMU beside a backport" "$(dev 'distro() { echo debian; }; step "QEMU" qemu_ready')" "taking both in that version" "status 0"
expect "QEMU beside a backport" "$(<"$work/calls")" "--allow-downgrades qemu-system-x86=1:7.2-7 qemu-utils=1:7.2-7"
# Where nothing is in the way, nothing is said of versions.
stand_in apt-get </dev/null
expect "QEMU" "$(dev 'distro() { echo debian; }; step "QEMU" qemu_ready')" "installing qemu-system-x86" "status 0"
expect "QEMU" "$(<"$work/calls")" "--allow-downgrades qemu-system-x86"
rm "$work"/bin/{dpkg-query,apt-cache,apt-get,tee,chmod}

# rustup's profile "minimal": the two components are asked for by name.
stand_in cargo <<'CARGO'
[[ "$1" != fmt && "$1" != clippy ]]
CARGO
stand_in rustup <<'RUSTUP'
if [[ "$1" == which ]]; then echo /home/somebody/.rustup/toolchains/stable/bin/cargo; fi
RUSTUP
expect "minimal rustup" "$(dev 'step "Components" rust_components')" "asking rustup for cargo fmt clippy" "status 0"
expect "minimal rustup" "$(<"$work/calls")" "rustup component add clippy rustfmt"
stand_in rustup <<'RUSTUP'
if [[ "$1" == which ]]; then echo /home/somebody/.rustup/toolchains/stable/bin/cargo; exit; fi
exit 1
RUSTUP
expect "rustup without a network" "$(dev 'step "Components" rust_components')" \
  "then run: rustup component add clippy rustfmt" "status 1"
stand_in cargo <<'CARGO'
exit 0
CARGO
expect "whole rustup" "$(dev 'step "Components" rust_components')" "are there" "status 0"

# Ubuntu: the chromium of its packages only calls the snap, so Playwright brings one.
stand_in chromium <<'SNAP'
exec /snap/bin/chromium "$@"
SNAP
for name in chromium-browser google-chrome google-chrome-stable; do cp "$work/bin/chromium" "$work/bin/$name"; done
stand_in node <<NODE
printf '%s' "$work/cache/playwright/chrome"
NODE
stand_in npx <<NPX
if [[ "\$*" == *"install chromium" ]]; then mkdir -p "$work/cache/playwright"; touch "$work/cache/playwright/chrome"; fi
NPX
expect "Ubuntu" "$(dev 'distro() { echo ubuntu; }; step "Chromium" browser_ready')" \
  "using $work/cache/playwright/chrome" "status 0"
expect "Ubuntu" "$(<"$work/calls")" "playwright install-deps chromium" "playwright install chromium"
rm -rf "$work/cache/playwright"
stand_in npx <<'NPX'
exit 1
NPX
expect "Ubuntu without a network" "$(dev 'distro() { echo ubuntu; }; step "Chromium" browser_ready')" \
  "npx playwright install --with-deps chromium" "status 1"
expect "Fedora" "$(dev 'distro() { echo fedora; }; step "Chromium" browser_ready')" "dnf install chromium" "status 1"

if ((failed)); then exit 1; fi
printf 'the steps do what they should on other machines\n'
