//! What people are told of their bookings: what happened, and what to do now.

use crate::clock::Micros;
use app::error::Error;
use planner::{Reason, Refusal, Time};

/// An instant as sentences have it: `Tue 2026-11-24 15:00 UTC`.
pub(crate) fn time(us: Micros) -> String {
    Time::from_micros(us).to_string()
}

/// A reason of the planner's. GPUs have no kinds here.
pub(crate) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::NoGpu { .. } => {
            "This needs a GPU, and there is none here. Ask for none, or choose another site.".to_owned()
        }
        other => other.to_string().replace(" gpu GPU", " GPU"),
    }
}

/// All reasons in one text.
pub(crate) fn reasons(all: &[Reason]) -> String {
    all.iter().map(reason).collect::<Vec<_>>().join(" ")
}

/// A refusal of the planner's.
pub(super) fn refused(refusal: &Refusal) -> Error {
    Error::Limit(match refusal {
        Refusal::No(all) => reasons(all),
        // Its row is there and holds.
        Refusal::Unknown => {
            "Its site, or its node there, is no longer part of this Skyport. It can only be cancelled."
                .to_owned()
        }
        other => other.to_string(),
    })
}

pub(super) fn over() -> String {
    "This booking is over. Plan it anew.".to_owned()
}

pub(super) fn expired(until: Option<Micros>) -> Error {
    let until = until.map(|until| format!(" until {}", time(until))).unwrap_or_default();
    Error::Limit(format!(
        "The offer was held{until}, and its resources went back. Ask for it again; nothing was booked."
    ))
}

pub(super) fn cancelled() -> Error {
    Error::Limit("This booking was cancelled. Plan it anew.".to_owned())
}

pub(super) fn not_accepted() -> Error {
    Error::Limit(
        "This offer is held and not yet accepted. Accept it first, or ask for other offers.".to_owned(),
    )
}

pub(super) fn has_begun() -> Error {
    Error::Limit(
        "This booking has begun. End its session instead; that gives the rest of its time back.".to_owned(),
    )
}

pub(super) fn no_such_time() -> Error {
    Error::field("time", "Choose a time in the next years.")
}
