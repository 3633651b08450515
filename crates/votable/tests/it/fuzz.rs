//! What the fuzz targets check, replayed over their corpus: they need nightly to run, so this keeps them compiling and
//! their corpus passing.

use std::fs;
use std::path::Path;

mod read_any;
mod round_trip;

/// Gives every file of a target's corpus to its check, whole and cut off in its middle.
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 10, "{} holds {} files", folder.display(), files.len());
    for file in files {
        eprintln!("{}", file.display());
        let document = fs::read(&file).unwrap();
        check(&document);
        check(&document[..document.len() / 2]);
    }
}

#[test]
fn the_corpus_of_read_any_passes() {
    replay("read_any", read_any::check);
}

#[test]
fn the_corpus_of_round_trip_passes() {
    replay("round_trip", round_trip::check);
}

#[test]
fn every_target_is_replayed() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml")).unwrap();
    let targets: Vec<_> = manifest.lines().filter_map(|line| line.strip_prefix("name = ")).skip(1).collect();
    assert_eq!(targets, ["\"read_any\"", "\"round_trip\""]);
}
