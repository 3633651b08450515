//! Queries and their results: one ADQL question to one archive, and the table that it answered with.

pub mod api;
pub mod filter;
pub mod form;
pub mod model;
#[cfg(feature = "ssr")]
pub mod port;
pub mod queries_page;
pub mod query_page;
pub mod result_page;
