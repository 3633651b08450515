//! Any head is refused or passed on as one that nobody can misread; `cargo test` replays the same check over the corpus.
#![no_main]

#[path = "../../tests/it/fuzz/rewrite.rs"]
mod rewrite;

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    rewrite::check(text);
});
