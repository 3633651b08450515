//! The passage between real servers and clients, and misbehaving ones made of plain sockets.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod breaks;
mod continues;
mod cookies;
mod faults;
mod fuzz;
mod heads;
mod limits;
mod malformed;
mod plain;
mod pooled;
mod smuggling;
mod sockets;
mod streams;
mod support;
