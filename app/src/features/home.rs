//! Home: what this is, or what needs attention.

pub mod home_page;
