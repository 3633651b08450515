//! Pages rendered to HTML over fake ports, kept as snapshots, and checked for what must hold on all of them.

#[path = "../fakes/fakes.rs"]
mod fakes;

mod account;
mod archives;
mod basket;
mod bookings;
mod contrast;
mod every_page;
mod frame;
mod home;
mod keys;
mod parts;
mod plan;
mod render;
mod servers;
mod sessions;
mod software;
