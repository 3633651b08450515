# ./dev check: everything that reads the code without running it.
# shellcheck shell=bash
use system rust wasm npm cargo format checks
step "Compiler and system packages" system_build
step "System packages of the linters" format_ready
step "Rust" rust_ready
step "Rust's formatter and linter" rust_components
step "Node.js and the pinned npm tools" npm_tools
step "Standard library for wasm32-unknown-unknown" wasm_ready
checks_tools
checks_all
verdict
