//! Archives: services that hold data and answer queries.

pub mod api;
pub mod archive_card;
pub mod archive_page;
pub mod columns_card;
pub mod datasets_page;
pub mod model;
#[cfg(feature = "ssr")]
pub mod port;
pub mod tables_card;
pub mod ucd;
