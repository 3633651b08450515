//! The catalogue that Skyport carries: the files of `software/` in the repository, in the binary.

use super::super::entry::{Entry, FileFault, read_file};
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../software"]
struct Files;

/// Each file, read.
pub(super) fn read_all() -> impl Iterator<Item = Result<Entry, Vec<FileFault>>> {
    Files::iter().filter_map(|file| {
        let name = file.strip_suffix(".toml")?.to_owned();
        let data = Files::get(&file)?.data;
        Some(read_file(&name, &format!("software/{file}"), &String::from_utf8_lossy(&data)))
    })
}

/// By name. What does not read is left out: a test reads them all.
pub(super) fn entries() -> BTreeMap<String, Arc<Entry>> {
    read_all().filter_map(Result::ok).map(|entry| (entry.name.clone(), Arc::new(entry))).collect()
}
