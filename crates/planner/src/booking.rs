//! Bookings and holds: resources of nodes over an interval, for a user.

use std::fmt;

use crate::resources::Resources;
use crate::site::NodeIndex;
use crate::time::{Interval, Time};

const ROOM: usize = 31;

/// A booking's id: a text of 1 to 31 bytes that the caller minted. Kept in place, since there may be millions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BookingId {
    bytes: [u8; ROOM],
    length: u8,
}

impl BookingId {
    /// None where the text is empty or longer than 31 bytes.
    pub fn new(text: &str) -> Option<Self> {
        let length =
            u8::try_from(text.len()).ok().filter(|length| (1..=ROOM).contains(&usize::from(*length)))?;
        let mut bytes = [0; ROOM];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Some(Self { bytes, length })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        // It was a text when it came.
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl fmt::Display for BookingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for BookingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Who holds a booking.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

impl UserId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for UserId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for UserId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// What is taken of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The node.
    pub node: NodeIndex,
    /// How much of it.
    pub resources: Resources,
}

/// Whether it was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// An offer that is held. It counts like a booking until it is released, also by [`crate::Planner::expire`].
    Held {
        /// The first instant at which it can no longer be accepted.
        until: Time,
    },
    /// A booking.
    Accepted,
}

/// A booking, or an offer that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// Whose it is.
    pub user: UserId,
    /// From when till when.
    pub interval: Interval,
    /// What on which node.
    pub parts: Vec<Part>,
    /// Whether it was accepted.
    pub state: State,
}
