//! Keys as OpenSSH writes them, and everything that people paste instead.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it stands")]

mod fuzz;
mod good;
mod made;
mod openssh;
mod private;
mod refused;

use std::path::{Path, PathBuf};

/// The folder of keys.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// A file of it.
fn data(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap()
}
