//! The crate from outside, in one binary: linking once is quicker than six times.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "so a test fails")]

mod documents;
mod faults;
mod fixtures;
mod fuzz;
mod hostile;
mod mutations;
mod reading;
mod round_trip;
