//! What the tests of the running portal share: the portal itself, a browser that keeps cookies, and the servers that
//! nobody here wrote.
//!
//! Bring it in with `#[path = "../support/support.rs"] mod support;` from `tests/<noun>/main.rs`.

#![allow(dead_code, reason = "each test target uses its own part")]

pub mod browser;
pub mod database;
pub mod faulty_provider;
pub mod portal;
pub mod postgres;
pub mod process;
pub mod registry;
pub mod servers;
pub mod waiting;
