# ./dev check: everything that reads the code without running it.
# shellcheck shell=bash
use system rust wasm npm cargo checks
step "Compiler and system packages" system_build
step "Rust" rust_ready
step "Standard library for wasm32-unknown-unknown" wasm_ready
checks_tools
checks_all
verdict
