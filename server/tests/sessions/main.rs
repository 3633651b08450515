//! Sessions through the running portal, at a real container engine of the tests' own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    unreachable_pub,
    reason = "a test may stop where it stands"
)]

#[path = "../support/support.rs"]
mod support;

mod engine;
mod world;

mod away;
mod batch;
mod before;
mod contract;
mod ends;
mod flow;
mod hostile;
mod killed;
mod sharing;
