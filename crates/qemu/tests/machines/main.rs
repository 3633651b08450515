//! Real machines: made, started, reached by ssh, ended in every way, found again.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod debian;
mod faults;
mod half_made;
mod hung;
mod life;
mod logs;
mod many;
mod one;
mod outlive;
mod place;
