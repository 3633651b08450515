//! Any bytes give events or an error; `cargo test` replays the same check over the corpus.
#![no_main]

#[path = "../../tests/it/fuzz/read_any.rs"]
mod read_any;

libfuzzer_sys::fuzz_target!(|document: &[u8]| read_any::check(document));
