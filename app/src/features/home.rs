//! Home: what this is, or what needs attention.

pub mod home_page;
pub mod query_row;
pub mod user_home;
pub mod visitor_home;
