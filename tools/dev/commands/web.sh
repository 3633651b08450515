# ./dev web: the browser's half into SKYPORT_SITE.
# shellcheck shell=bash
use system rust wasm npm cargo web
step "Compiler and system packages" system_build
step "Rust" rust_ready
web_ready
