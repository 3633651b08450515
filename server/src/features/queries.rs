//! Queries and results. A question is written down first, then a worker takes it under a lease, asks the archive, and
//! streams the answer into a Parquet file; pages read windows of that file.

pub mod resolve;
pub mod result_store;
pub mod results;
pub mod routes;
pub mod scheduler;
pub mod service;

pub(crate) mod download;
pub mod result_writer;
mod run;
mod store;
mod upload;
mod views;
