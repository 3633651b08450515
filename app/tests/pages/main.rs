//! Pages rendered to HTML over fake ports.

#[path = "../fakes/fakes.rs"]
mod fakes;
