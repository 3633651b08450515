//! Why an operation was not done, or a booking not loaded.

use crate::booking::BookingId;
use crate::reason::Reason;
use crate::resources::{GpuKind, What};
use crate::time::Time;

/// Why an operation was not done. Nothing has changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No booking has that id.
    #[error("This booking is not there any more. Ask for new offers.")]
    Unknown,
    /// Some booking has that id already.
    #[error("There is a booking with this id already.")]
    SameId,
    /// The hold was not accepted in time.
    #[error("The offer was held until {until}. Ask for new offers.")]
    Expired {
        /// When it ended to be held.
        until: Time,
    },
    /// It is a booking already.
    #[error("This offer is accepted already.")]
    Accepted,
    /// It is over.
    #[error("This booking ended {at}. Book anew.")]
    Ended {
        /// When it ended.
        at: Time,
    },
    /// Another user's, or a request of another user for it.
    #[error("This booking is somebody else's.")]
    NotYours,
    /// It has begun, so it can be extended or shortened but not moved.
    #[error("This booking began {at}. It can be extended or shortened, but no longer moved.")]
    Begun {
        /// When it began.
        at: Time,
    },
    /// Extended to an end that is not later.
    #[error("The booking lasts until {end}. Choose a later end.")]
    NotLater {
        /// Its end.
        end: Time,
    },
    /// Shortened to an end that is not earlier, not after its start, or past.
    #[error("The new end must lie before {before}, and be {from} at the earliest.")]
    NotEarlier {
        /// The earliest end.
        from: Time,
        /// What it must be before.
        before: Time,
    },
    /// A hold that would have expired before it began to be held.
    #[error("The offer would not be held at all: {until} is past.")]
    NotHeld {
        /// Until when it was to be held.
        until: Time,
    },
    /// It does not fit, for these reasons.
    #[error("{}", sentences(.0))]
    No(Vec<Reason>),
}

fn sentences(reasons: &[Reason]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Why a booking could not be loaded. The others are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadFault {
    /// Another booking has that id.
    #[error("the booking {id} is there twice")]
    SameId {
        /// The booking.
        id: BookingId,
    },
    /// A node that the site does not have.
    #[error("the booking {id} is on a node that the site does not have")]
    UnknownNode {
        /// The booking.
        id: BookingId,
    },
    /// GPUs of a kind that the node does not have.
    #[error("the booking {id} has GPUs of the kind {kind} on a node without")]
    UnknownGpu {
        /// The booking.
        id: BookingId,
        /// The kind.
        kind: GpuKind,
    },
    /// More than can be counted.
    #[error("the booking {id} has more of something than can be counted")]
    TooMuch {
        /// The booking.
        id: BookingId,
    },
}

/// Why a placement does not fit beside what is booked ([`crate::check_placement`]).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("At {at} only {} of {} is left.", what.amount(*left), what.amount(*asked))]
pub struct Overfull {
    /// The first instant at which it does not fit.
    pub at: Time,
    /// What there is too little of; the first where there are several.
    pub what: What,
    /// What was asked.
    pub asked: u64,
    /// What was left.
    pub left: u64,
}
