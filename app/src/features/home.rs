//! Home: what this is, or what needs attention.

pub mod api;
pub mod home_page;
pub mod model;
pub mod query_row;
#[cfg(feature = "ssr")]
pub mod rows;
pub mod session_row;
pub mod user_home;
pub mod visitor_home;
