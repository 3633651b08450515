//! Servers: what a user may have, how one is made, kept and removed, and what its owner is told.

mod checks;
mod craft;
mod host_keys;
mod reconciler;
pub mod routes;
mod sentences;
pub mod service;
mod sites;
mod store;
mod tokens;

pub use sites::Sites;
