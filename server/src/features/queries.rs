//! The rules of queries.

pub mod routes;
pub mod service;
