//! The rules of archives.

pub mod archive;
pub mod fault;
pub mod local;
pub mod remote;
pub mod service;
pub mod tables;
mod watch;
pub mod well_known;
