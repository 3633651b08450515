//! The client against servers that really do it: real sockets, real bytes, real silence.

mod cancel;
mod limits;
mod metadata;
mod query;
mod redirects;
mod refusals;
mod server;
mod slow;
