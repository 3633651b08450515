# The standard library for wasm32: from rustup, or built from Debian's source where rustup cannot fetch it.
# Leaves in wasm_env the environment that a cargo for wasm32 needs.
# shellcheck shell=bash

wasm_triple=wasm32-unknown-unknown
wasm_env=()

wasm_has_std() { compgen -G "$1/lib/rustlib/$wasm_triple/lib/libstd-*.rlib" >/dev/null; }

# SKYPORT_WASM_STD=debian skips rustup, to try the second way where the first would do.
wasm_ready() {
  local sysroot
  sysroot=$(cd "$SKYPORT_ROOT" && rustc --print sysroot)
  if [[ "${SKYPORT_WASM_STD:-}" != debian ]]; then
    if wasm_has_std "$sysroot"; then
      wasm_env=()
      skip "$wasm_triple is there: $sysroot"
      return 0
    fi
    if command -v rustup >/dev/null && wasm_from_rustup "$sysroot"; then
      wasm_env=()
      return 0
    fi
  fi
  wasm_from_debian
}

# A network that refuses answers at once and one that drops hangs, hence the limit; the answer is kept for a day.
wasm_from_rustup() {
  local refused="$SKYPORT_CACHE/stamps/rustup-refused" log="$SKYPORT_CACHE/logs/rustup-target.log"
  if [[ -n "$(find "$refused" -mtime -1 2>/dev/null)" ]]; then
    note "rustup could not add $wasm_triple earlier today (remove $refused to ask again)"
    return 1
  fi
  note "asking rustup for $wasm_triple"
  if (cd "$SKYPORT_ROOT" && timeout 180 rustup target add $wasm_triple) >"$log" 2>&1 </dev/null && wasm_has_std "$1"; then
    rm -f "$refused"
    return 0
  fi
  : >"$refused"
  note "rustup could not add it: $(tail -n 1 "$log")"
  return 1
}

# Debian carries the compiler's own source, from which its standard library is built for wasm32, once for each
# compiler version, into a sysroot of our own: nothing is written under /usr.
wasm_from_debian() {
  on_apt || fail "rustup could not add the target $wasm_triple." "Check the network, then run: rustup target add $wasm_triple"
  debian_rust
  apt_install rust-web-src lld-19
  local version sysroot key
  version=$(/usr/bin/rustc --version)
  key=$(printf '%s' "$version" | sha256sum | cut -c1-12)
  sysroot="$SKYPORT_CACHE/wasm-sysroot-$key"
  wasm_env=(
    # First on the path, so that cargo clippy finds the linter of the same compiler.
    "PATH=/usr/bin:$PATH" RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc CARGO=/usr/bin/cargo
    "CARGO_TARGET_DIR=$(target_of /usr/bin/rustc)"
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=--sysroot=$sysroot"
  )
  if wasm_has_std "$sysroot"; then
    skip "using $version with its standard library for $wasm_triple in $sysroot"
    return 0
  fi
  note "building the standard library of $version for $wasm_triple"
  locked wasm-std wasm_build_std "$sysroot"
}

wasm_build_std() {
  local sysroot=$1 work
  wasm_has_std "$sysroot" && return 0
  work=$(mktemp -d "$SKYPORT_CACHE/wasm-std.XXXXXX")
  mkdir -p "$work/empty/src" "$work/sysroot/lib/rustlib/$wasm_triple/lib"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n\n[workspace]\n' >"$work/empty/Cargo.toml"
  printf '#![no_std]\n' >"$work/empty/src/lib.rs"
  # build-std is not stable: the bootstrap flag opens it for this one build of the compiler's own library.
  quietly wasm-std env -C "$work/empty" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS= \
    CARGO_TARGET_DIR="$work/target" /usr/bin/cargo build --release --target $wasm_triple \
    -Zbuild-std=std,panic_abort,panic_unwind,proc_macro
  cp "$work/target/$wasm_triple/release/deps/"*.rlib "$work/sysroot/lib/rustlib/$wasm_triple/lib/"
  rm -f "$work/sysroot/lib/rustlib/$wasm_triple/lib/libempty-"*.rlib
  mv -T "$work/sysroot" "$sysroot"
  rm -rf "$work"
}

# wasm_cargo ARGS...: cargo for the browser's half.
wasm_cargo() {
  local cargo=cargo
  ((${#wasm_env[@]})) && cargo=/usr/bin/cargo
  (cd "$SKYPORT_ROOT" && env "${wasm_env[@]}" "$cargo" "$@")
}
