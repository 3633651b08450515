//! The parts of the `skyport` binary, as a library so that tests can start the real thing.
//!
//! Floors, from the top, each using only those below: [`http`] · [`features`] · [`work`] · [`auth`] · [`providers`] ·
//! [`config`], [`clock`], [`db`].

pub mod auth;
pub mod check;
pub mod clock;
pub mod config;
pub mod db;
pub mod fault;
pub mod features;
mod files;
mod following;
pub mod http;
pub mod ids;
pub mod images_command;
pub mod logs;
pub mod metrics;
pub mod outlet_command;
pub mod providers;
pub mod sealing;
pub mod start;
mod streams;
pub mod work;
