//! Wire types of bookings.

use crate::features::plan::model::PartView;
use crate::features::software::model::{Kind, Resources};
use serde::{Deserialize, Serialize};

/// What a booking is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BookingState {
    /// An offer that is held; it goes back by itself.
    Held,
    /// Accepted; its time has not come.
    Booked,
    /// Its time is now.
    Running,
    /// Its time is over, or its session ended.
    Over,
    /// Its owner cancelled it before its time.
    Cancelled,
    /// It was held and not accepted in time.
    Expired,
}

impl BookingState {
    /// Whether it holds resources.
    pub fn holds(self) -> bool {
        matches!(self, Self::Held | Self::Booked | Self::Running)
    }
}

/// One booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingView {
    /// Its id.
    pub id: String,
    /// The owner's name for it, or the software's title.
    pub title: String,
    /// What it is at.
    pub state: BookingState,
    /// The site's name for people.
    pub site: String,
    /// Where.
    pub parts: Vec<PartView>,
    /// In all.
    pub resources: Resources,
    /// The software's name in addresses.
    pub software: String,
    /// Its title.
    pub software_title: String,
    /// Its version.
    pub version: String,
    /// What it is.
    pub kind: Kind,
    /// Whether the basket's data comes along.
    pub data: bool,
    /// UTC microseconds.
    pub start_us: i64,
    /// UTC microseconds.
    pub end_us: i64,
    /// While it is held: until then. UTC microseconds.
    pub held_until_us: Option<i64>,
    /// The session in it, once it was accepted.
    pub session: Option<String>,
    /// What the owner can do now.
    pub changes: Vec<Change>,
    /// The latest end that it could be extended to, where it could; UTC microseconds.
    pub extends_to_us: Option<i64>,
    /// Now, UTC microseconds.
    pub now_us: i64,
}

/// What can be changed of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Change {
    /// To another start, as long as before.
    Move,
    /// To a later end.
    Extend,
    /// To an earlier end.
    Shorten,
    /// Given back before its time.
    Cancel,
}

/// The caller's bookings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingsView {
    /// Those of the time that is shown, by start.
    pub items: Vec<BookingView>,
    /// The time that is shown; UTC microseconds.
    pub from_us: i64,
    /// Its end.
    pub to_us: i64,
    /// Whether there is a calendar feed.
    pub has_feed: bool,
    /// Now, UTC microseconds.
    pub now_us: i64,
}
