//! Queries, results and baskets through the running portal: real archives, real databases, real processes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    unreachable_pub,
    missing_docs,
    reason = "a test may stop where it stands"
)]

#[path = "../support/support.rs"]
mod support;

mod asking;
mod asking_world;
mod both_stores;
mod cancelling;
mod containers;
mod endings;
mod files;
mod holding;
mod keeping;
mod keys;
mod place;
mod queue;
mod s3;
mod selecting;
mod slow_tap;
mod software;
mod staging;
mod stopping;
mod streams;
mod two_portals;
mod visitors;

mod access;
mod error_pages;
mod metrics;
mod pages;
mod routes;
mod site_files;

mod crash;
mod full_disk;
mod lost_database;
mod proxy;

mod long_cells;
mod long_inputs;
mod result_model;
mod results;
