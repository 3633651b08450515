# ./dev end2end [ARGS]: the journeys in a real browser; ARGS go to Playwright.
# shellcheck shell=bash
use system browser rust wasm npm cargo web archive dachs s3 openstack podman qemu servers checks tests
tests_environment
step "Compiler and system packages" system_build
step "System packages of the test servers" servers_needs
step "QEMU" qemu_ready
step "Rust" rust_ready
step "Tiny image of local servers" qemu_tiny
step "Debian image of local servers" qemu_debian
step "npm packages of the browser tests" npm_end2end
step "Chromium" browser_ready
web_ready
step "Tables of the local archive" archive_make
step "Server, as the tests build it" tests_compile
step "TAP archive of the tests (GAVO DaCHS)" dachs_make
step "Container images of sessions" podman_make
check "Journeys in the browser (Playwright)" tests_end2end "$@"
verdict
