# Which Rust builds Skyport: one from rustup, else the system's packages.
# shellcheck shell=bash

# The oldest compiler that the workspace allows, from Cargo.toml.
rust_wanted() { sed -n 's/^rust-version *= *"\(.*\)"/\1/p' "$SKYPORT_ROOT/Cargo.toml" | head -n 1; }

# version_at_least HAVE WANT
version_at_least() { [[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" == "$2" ]]; }

rust_version() { (cd "$SKYPORT_ROOT" && "$1" --version 2>/dev/null | sed -n 's/^rustc \([0-9.]*\).*/\1/p'); }

# Leaves a cargo and rustc of the wanted version on the PATH, or says what to do.
rust_ready() {
  local wanted have
  wanted=$(rust_wanted)
  [[ -d "$HOME/.cargo/bin" ]] && PATH="$HOME/.cargo/bin:$PATH"
  if command -v cargo >/dev/null && have=$(rust_version rustc) && [[ -n "$have" ]]; then
    if version_at_least "$have" "$wanted"; then
      skip "using $(command -v rustc), Rust $have"
      return 0
    fi
    note "$(command -v rustc) is Rust $have; Skyport needs $wanted"
  fi
  if command -v rustup >/dev/null; then
    note "asking rustup for the stable toolchain"
    if quietly rustup-stable rustup toolchain install stable --profile minimal -c clippy -c rustfmt; then
      export RUSTUP_TOOLCHAIN=stable
      return 0
    fi
  fi
  on_apt || fail "Skyport needs Rust $wanted or newer." "Install it with rustup: https://rustup.rs, then run this again."
  if [[ "$(distro)" == ubuntu ]]; then
    apt_install rustup
    quietly rustup-stable rustup toolchain install stable --profile minimal -c clippy -c rustfmt ||
      fail "rustup could not fetch the stable toolchain." "Check the network, then run: rustup toolchain install stable"
    export RUSTUP_TOOLCHAIN=stable
  else
    debian_rust
    # A rustup in the home folder would come first on the PATH, with its too old toolchain.
    PATH="/usr/bin:$PATH"
    hash -r
  fi
  have=$(rust_version rustc)
  version_at_least "${have:-0}" "$wanted" ||
    fail "The Rust that could be installed is ${have:-none}; Skyport needs $wanted." "Install it with rustup: https://rustup.rs, then run this again."
  note "using $(command -v rustc), Rust $have"
}

# rust_components: cargo fmt and cargo clippy, which a toolchain of rustup's profile "minimal" comes without.
rust_components() {
  local missing=() name
  for name in fmt clippy; do
    if ! (cd "$SKYPORT_ROOT" && cargo "$name" --version) >/dev/null 2>&1; then missing+=("$name"); fi
  done
  if ((${#missing[@]} == 0)); then
    skip "cargo fmt and cargo clippy are there"
    return 0
  fi
  local add="rustup component add clippy rustfmt"
  if command -v rustup >/dev/null && [[ "$(cd "$SKYPORT_ROOT" && rustup which cargo 2>/dev/null)" == *toolchains* ]]; then
    note "asking rustup for cargo ${missing[*]}"
    (cd "$SKYPORT_ROOT" && quietly rustup-components rustup component add clippy rustfmt) ||
      fail "rustup could not add cargo ${missing[*]}." "Check the network, then run: $add"
    return 0
  fi
  fail "This Rust comes without cargo ${missing[*]}, which the checks need." \
    "With rustup: $add" "Otherwise: apt-get install rustfmt-web rust-web-clippy · dnf install rustfmt clippy · pacman -S rust"
}

# Debian's compiler for browsers moves along with its security updates, so it is new enough where rustc is not.
debian_rust() {
  [[ "$(distro)" == debian ]] || fail "Debian's packages of Rust are not for $(distro)." "Install Rust with rustup: https://rustup.rs"
  apt_install rustc-web cargo-web rustfmt-web rust-web-clippy
}

# The folder of one compiler's products: two compilers never share one, each would throw away the other's.
target_of() { if [[ "$1" == /usr/bin/* ]]; then printf '%s-web' "$CARGO_TARGET_DIR"; else printf '%s' "$CARGO_TARGET_DIR"; fi; }
