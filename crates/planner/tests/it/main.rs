//! The planner beside a model that is slow and obvious, and each of its reasons, rules and limits by itself.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it stands")]

mod fuzz;
mod histories;
mod history;
mod loading;
mod model;
mod reasons;
