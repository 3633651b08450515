# ./dev archive: the local archive's tables into SKYPORT_ARCHIVE.
# shellcheck shell=bash
use system rust npm cargo archive
step "Compiler and system packages" system_build
step "Rust" rust_ready
archive_ready
