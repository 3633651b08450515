//! The basket: what a user has selected. It survives sign-out.

pub mod api;
pub mod basket_item;
pub mod basket_page;
pub mod basket_tools;
pub mod model;
#[cfg(feature = "ssr")]
pub mod port;
