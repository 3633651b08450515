//! Tells the compiler where the built site and the local archive's data are. Without them it makes empty folders, so
//! that `cargo check` works in a fresh clone; `./dev` always builds them first.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    for name in ["SKYPORT_SITE", "SKYPORT_ARCHIVE"] {
        println!("cargo::rerun-if-env-changed={name}");
        let folder = env::var(name).map_or_else(
            |_| PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join(name.to_lowercase()),
            PathBuf::from,
        );
        fs::create_dir_all(&folder).expect("the folder for built files can be made");
        println!("cargo::rerun-if-changed={}", folder.display());
        println!("cargo::rustc-env={name}={}", folder.display());
    }
}
