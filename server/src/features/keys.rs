//! Access keys: a user's SSH public keys, and which servers carry them.

pub mod service;
mod store;
