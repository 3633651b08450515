//! What is written reads the same; `cargo test` replays the same check over the corpus.
#![no_main]

#[path = "../../tests/it/fuzz/round_trip.rs"]
mod round_trip;

libfuzzer_sys::fuzz_target!(|document: &[u8]| round_trip::check(document));
