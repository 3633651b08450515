# ./dev test: sets up and runs every check and every test; goes on after a failure and ends with a summary.
# shellcheck shell=bash
use system browser rust wasm npm cargo web archive dachs s3 openstack podman qemu servers format checks tests
tests_environment
step "Compiler and system packages" system_build
step "System packages of the test servers" servers_needs
step "System packages of the linters" format_ready
step "QEMU" qemu_ready
step "Rust" rust_ready
step "Rust's formatter and linter" rust_components
step "Node.js and the pinned npm tools" npm_tools
step "npm packages of the browser tests" npm_end2end
step "Chromium" browser_ready
step "TAP archive of the tests, started" dachs_in_background
step "S3 of the tests (moto)" s3_make
step "Tiny image of local servers" qemu_tiny
step "Debian image of local servers, started" qemu_debian_in_background
step "Container images of sessions, started" podman_in_background
step "OpenStack of the tests, started" openstack_in_background
step "Standard library for wasm32-unknown-unknown" wasm_ready
checks_tools
step "Frontend for the browser" web_compile
step "Bundle: glue, module, styles" web_bundle
step "Tables of the local archive" archive_make
checks_all
check "Tests compile" tests_compile
check "TAP archive of the tests (GAVO DaCHS)" dachs_await
check "OpenStack of the tests" openstack_await
check "Debian image of local servers" qemu_debian_await
check "Container images of sessions" podman_await
check "Tests of the tools" tests_tools
check "Tests of the workspace" tests_workspace
check "Journeys in the browser (Playwright)" tests_end2end
verdict
