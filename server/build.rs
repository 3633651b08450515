//! Tells the compiler where the built site and the local archive's data are. Without them it makes empty folders, so
//! that `cargo check` works in a fresh clone; `./dev` always builds them first.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    for (name, index) in [("SKYPORT_SITE", "site.json"), ("SKYPORT_ARCHIVE", "archive.toml")] {
        println!("cargo::rerun-if-env-changed={name}");
        let folder = match env::var(name) {
            Ok(folder) => PathBuf::from(folder),
            Err(_) => PathBuf::from(env::var("OUT_DIR")?).join(name.to_lowercase()),
        };
        fs::create_dir_all(&folder)?;
        println!("cargo::rerun-if-changed={}", folder.join(index).display());
        println!("cargo::rustc-env={name}={}", folder.display());
    }
    Ok(())
}
