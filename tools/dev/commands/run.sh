# ./dev run [-- ARGS]: set-up, release build, then the server itself in this process' place.
# shellcheck shell=bash disable=SC2154,SC2164
use system rust wasm npm cargo web archive qemu podman engine
[[ "${1:-}" == -- ]] && shift
step "Compiler and system packages" system_build
step "QEMU" qemu_ready
engine_in_background
step "Rust" rust_ready
web_ready
step "Tables of the local archive" archive_make
step "Tiny image of local servers" qemu_tiny
step "Debian image of local servers" qemu_debian
server_release() { (cd "$SKYPORT_ROOT" && cargo build ${CI:+--locked} --release -p skyport-server); }
step "Server, release build" server_release
step "Container engine of sessions" engine_start
note "starting $CARGO_TARGET_DIR/release/skyport; Ctrl-C stops it"
trap - EXIT
cd "$SKYPORT_ROOT"
export SKYPORT_SERVERS__LOCAL__IMAGES_FOLDER="${SKYPORT_SERVERS__LOCAL__IMAGES_FOLDER:-$SKYPORT_IMAGES}"
# Without words of its own it serves; with some they are the server's.
(($#)) || set -- serve
exec "$CARGO_TARGET_DIR/release/skyport" "$@"
