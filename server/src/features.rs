//! The rules of each noun. A noun may use another's service, never its store, and never in a circle.

pub mod account;
pub mod archives;
pub mod basket;
pub mod bookings;
pub mod keys;
pub mod plan;
pub mod queries;
pub mod servers;
pub mod sessions;
pub mod software;
