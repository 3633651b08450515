# ./dev fmt: formats the Rust code.
# shellcheck shell=bash
use system rust
step "Rust" rust_ready
step "Formatting" cargo fmt --all --manifest-path "$SKYPORT_ROOT/Cargo.toml"
