//! What the fuzz target checks, replayed over its corpus, cut and with bytes changed: the target needs nightly to run, so
//! this keeps it compiling and its corpus passing.

use std::fs;
use std::path::Path;

mod replay;

#[test]
fn the_corpus_of_history_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/history");
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 10, "{} holds {} files", folder.display(), files.len());
    for file in files {
        eprintln!("{}", file.display());
        let bytes = fs::read(&file).unwrap();
        replay::check(&bytes);
        for at in (0..bytes.len()).step_by(bytes.len() / 8 + 1) {
            replay::check(&bytes[..at]);
            let mut changed = bytes.clone();
            changed[at] = changed[at].wrapping_add(1);
            replay::check(&changed);
        }
    }
}

#[test]
fn every_target_is_replayed() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml")).unwrap();
    let targets: Vec<_> = manifest.lines().filter_map(|line| line.strip_prefix("name = ")).skip(1).collect();
    assert_eq!(targets, ["\"history\""]);
}
