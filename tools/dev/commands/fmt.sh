# ./dev fmt: formats the Rust code, the shell scripts and the TypeScript of the browser tests.
# shellcheck shell=bash
use system rust npm format
step "System packages of the formatters" format_ready
step "Rust" rust_ready
step "Rust's formatter and linter" rust_components
step "Node.js and the pinned npm tools" npm_tools
step "Formatting: Rust" cargo fmt --all --manifest-path "$SKYPORT_ROOT/Cargo.toml"
step "Formatting: shell scripts" format_shell
step "Formatting: TypeScript" format_typescript
