//! Access keys: a user's SSH public keys, by which servers know them.

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod port;
pub mod typed;
