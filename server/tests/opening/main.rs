//! The way into sessions through the running portal's own socket: rows of sessions as their rules write them, and real
//! servers in the place of their interfaces.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    unreachable_pub,
    reason = "a test may stop where it stands"
)]

#[path = "../support/support.rs"]
mod support;

mod world;

mod apart;
mod carried;
mod cut;
mod tickets;
mod watched;
