//! The rules of basket.

pub mod routes;
pub mod service;
