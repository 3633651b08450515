//! Any bytes are a history in which the planner and the model agree; `cargo test` replays the same check over the corpus.
#![no_main]

#[path = "../../tests/it/history.rs"]
mod history;
#[path = "../../tests/it/model.rs"]
mod model;
#[path = "../../tests/it/fuzz/replay.rs"]
mod replay;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| replay::check(bytes));
