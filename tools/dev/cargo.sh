# Cargo calls that several commands share.
# shellcheck shell=bash

# The tools of our own, in a profile and a folder apart from the server's builds.
cargo_tool() { (cd "$SKYPORT_ROOT" && cargo build --quiet ${CI:+--locked} --profile tools -p "$1"); }
tool() { printf '%s/tools/%s' "$CARGO_TARGET_DIR" "$1"; }

# cargo_installed CRATE VERSION: a development tool from the registry, built once into the cache.
cargo_installed() {
  local crate=$1 version=$2
  stamped "cargo-$crate" "$version" "$SKYPORT_CACHE/bin/$crate" && return 0
  note "building $crate $version, once for this machine"
  quietly "install-$crate" env CARGO_TARGET_DIR="$SKYPORT_CACHE/target-install" \
    cargo install --locked --root "$SKYPORT_CACHE" "$crate@$version"
  rm -rf "$SKYPORT_CACHE/target-install"
  stamp "cargo-$crate" "$version"
}
