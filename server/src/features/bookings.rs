//! The rules of bookings: the planner alone grants, and what it granted is written down.

mod accepting;
mod booking;
mod calendar_file;
mod ledger;
mod machine;
pub mod routes;
pub(crate) mod sentences;
pub mod service;
mod site;
mod store;
mod sweep;

pub use accepting::{Accepted, Accepting, Objection, no_objection};
pub use booking::{Booking, Wish, request};
pub(crate) use service::PROPOSAL_GRID;
pub use service::{Hold, HoldRefusal, Start};
pub use site::PlannedSite;
