//! Archives, near and far: the local one on its real data, TAP services that behave badly, the list of them all, and
//! the names that stand for places.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so by stopping")]
#![expect(unreachable_pub, reason = "what the modules of a test share")]

mod cancel;
mod local;
mod refused;
mod remote;
mod resolve;
mod service;
mod support;
mod tap_server;
