//! The frame around every page: document, routes, rail, top bar, focus, addresses.

pub mod address;
pub mod app;
#[cfg(feature = "ssr")]
pub mod assets;
pub mod demo_banner;
pub mod focus;
pub mod lazy_page;
pub mod not_found_page;
pub mod query_string;
pub mod rail;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod theme;
pub mod top_bar;
pub mod user_menu;
