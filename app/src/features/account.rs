//! The person: who is signed in, where, and what the frame shows of them.

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod port;
pub mod sentences;
pub mod sign_in_page;
pub mod sign_ins_page;
