//! A history whose choices are bytes: the planner and the model never differ, whatever they are.

use crate::history::{self, Source};

/// Each choice takes a byte, or two where there is more to choose from; after the last byte every choice is the first.
struct Bytes<'a>(&'a [u8]);

impl Source for Bytes<'_> {
    fn below(&mut self, count: u32) -> u32 {
        let mut taken = 0;
        for _ in 0..(if count > 256 { 2 } else { 1 }) {
            let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
            (taken, self.0) = (taken << 8 | u32::from(*first), rest);
        }
        taken % count
    }

    fn is_over(&self) -> bool {
        self.0.is_empty()
    }
}

/// Panics where it does not hold.
pub(crate) fn check(bytes: &[u8]) {
    let _ = history::check(&mut Bytes(bytes), 200);
}
