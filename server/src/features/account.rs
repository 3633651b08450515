//! The rules of account.

pub mod service;
