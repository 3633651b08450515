//! Archives: services that hold data and answer queries.

pub mod api;
pub mod archive_page;
pub mod datasets_page;
pub mod model;
#[cfg(feature = "ssr")]
pub mod port;
