#![doc = include_str!("../README.md")]

mod booking;
mod calendar;
mod check;
mod index;
mod node;
mod planner;
mod reason;
mod refusal;
mod request;
mod resources;
mod site;
mod time;
mod timeline;

pub use booking::{Booking, BookingId, Part, State, UserId};
pub use calendar::{Calendar, Opening, Weekday};
pub use check::check_placement;
pub use planner::{Load, Overgrant, Planner};
pub use reason::Reason;
pub use refusal::{LoadFault, Overfull, Refusal};
pub use request::{Offer, Request, Window};
pub use resources::{Architecture, GpuKind, Resources, What};
pub use site::{AtOnce, MOST_AMOUNT, MOST_KINDS, Node, NodeIndex, Policy, Site, SiteError};
pub use time::{Interval, Length, Time};
