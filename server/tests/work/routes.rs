//! What the sources say there is: every route and every page, so that the tables of the tests cannot forget one.

use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    crate::asking_world::files_in(folder)
        .into_iter()
        .filter(|f| f.extension().is_some_and(|e| e == "rs"))
        .collect()
}

/// The texts in quotes that follow a word in these files.
fn quoted_after(files: &[PathBuf], word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        let after = text.split(word).skip(1);
        found
            .extend(after.filter_map(|rest| {
                rest.trim_start().strip_prefix('"')?.split('"').next().map(str::to_owned)
            }));
    }
    found.sort();
    found
}

/// The paths that the server routes, the demo issuer's own aside.
pub fn routed() -> Vec<String> {
    let mut files = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    files.retain(|file| !file.components().any(|part| part.as_os_str() == "demo_issuer"));
    quoted_after(&files, ".route(")
}

/// The paths of the pages.
pub fn pages() -> Vec<String> {
    quoted_after(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src/frame/app.rs")], "path!(")
}
