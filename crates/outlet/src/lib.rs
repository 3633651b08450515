#![doc = include_str!("../README.md")]

mod forward;
mod place;
mod policy;
mod reach;
mod serve;

pub use place::{Place, PlaceError};
pub use policy::{Policy, Refusal};
pub use reach::NoWay;
pub use serve::serve;
