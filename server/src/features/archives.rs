//! The rules of archives.

pub mod service;
