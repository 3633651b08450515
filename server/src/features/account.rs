//! The rules of account.

mod device;
pub mod service;
