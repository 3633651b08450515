//! The client against servers that really do it: real sockets, real bytes, real silence.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by them")]
#![expect(clippy::format_collect, reason = "short test documents read better so")]

mod cancel;
mod limits;
mod metadata;
mod query;
mod redirects;
mod refusals;
mod server;
mod slow;
