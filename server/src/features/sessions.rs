//! Sessions: software that runs inside a booking; how one is begun, watched and ended, and what its owner is told.

mod craft;
mod ending;
mod folders;
mod homes;
pub mod opening;
mod reconciler;
pub mod routes;
mod sentences;
pub mod service;
mod sites;
pub mod staging;
mod staging_task;
mod store;

pub(crate) use sites::SessionSites;
