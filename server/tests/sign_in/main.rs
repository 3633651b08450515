//! Sign-in through the running portal: real cookies, real HTTP, real signatures.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    unreachable_pub,
    missing_docs,
    reason = "a test may stop where it stands"
)]

#[path = "../support/support.rs"]
mod support;

mod adopted;
mod check;
mod demo;
mod faults;
mod limits;
mod oidc_provider;
mod sign_ins;
mod stores;
