//! Any text is a key or a reason; `cargo test` replays the same check over the corpus.
#![no_main]

#[path = "../../tests/it/fuzz/read.rs"]
mod read;

libfuzzer_sys::fuzz_target!(|text: &[u8]| read::check(text));
