//! What the fuzz target checks, replayed over its corpus, cut and with letters changed: the target needs nightly to run,
//! so this keeps it compiling and its corpus passing.

use std::fs;
use std::path::Path;

mod rewrite;

#[test]
fn the_corpus_of_rewrite_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/rewrite");
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 10, "{} holds {} files", folder.display(), files.len());
    let mut passed = 0;
    for file in files {
        eprintln!("{}", file.display());
        let text = fs::read(&file).unwrap();
        passed += usize::from(rewrite::check(&text));
        for at in 0..text.len().min(600) {
            rewrite::check(&text[..at]);
            for change in [b' ', b'\n', b'_', b';', b',', text[at] ^ 1, text[at] ^ 0x20] {
                let mut changed = text.clone();
                changed[at] = change;
                rewrite::check(&changed);
            }
        }
    }
    assert!(passed >= 6, "only {passed} of the corpus are passed on: the checks would see nothing");
}

#[test]
fn every_target_is_replayed() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml")).unwrap();
    let targets: Vec<_> = manifest.lines().filter_map(|line| line.strip_prefix("name = ")).skip(1).collect();
    assert_eq!(targets, ["\"rewrite\""]);
}
