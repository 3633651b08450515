//! The basket: what a user has selected, kept until they remove it.

pub(crate) mod contents;
mod download;
pub mod routes;
pub mod service;
mod store;
