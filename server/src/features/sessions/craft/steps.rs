//! The steps of each verb, with how long each may take and how it is called on the page. What a step waits for it knows
//! best itself, so most have a patience of their own, and this is for what nobody thought of.

use crate::work::Step;
use app::features::sessions::model::{EndReason, SessionState};

const fn step(name: &'static str, deadline_s: i64, too_late: &'static str) -> Step {
    Step { name, deadline_s, too_late }
}

const YEAR_S: i64 = 366 * 24 * 3600;
const WAIT: Step = step("wait", 10 * YEAR_S, "Its time did not come.");
const DATA: Step = step("data", 6 * 3600, "Its data was not in place within six hours.");
const IMAGE: Step = step("image", 2 * 3600, "Its image was not fetched within two hours.");
const START: Step = step("start", 24 * 3600, "It did not start within a day.");
const READY: Step = step("ready", 24 * 3600, "Its interface did not answer within a day.");
const STOP: Step = step("stop", YEAR_S, "It did not end within a year.");
const LOG: Step = step("log", YEAR_S, "Its log could not be kept within a year.");
const REMOVE: Step = step("remove", YEAR_S, "It could not be removed within a year.");
const DATA_BACK: Step = step("data-back", YEAR_S, "Its data could not be removed within a year.");
const BOOK_BACK: Step = step("book-back", YEAR_S, "Its booking could not be given back within a year.");

/// The steps of a verb, in order.
pub(crate) fn of(verb: &str) -> &'static [Step] {
    match verb {
        "run" => &[WAIT, DATA, IMAGE, START, READY],
        "end" => &[STOP, LOG, REMOVE, DATA_BACK, BOOK_BACK],
        _ => &[],
    }
}

/// What a session is at during a step of being run.
pub(super) fn state(name: &str) -> Option<SessionState> {
    Some(match name {
        "wait" => SessionState::Waiting,
        "data" => SessionState::Preparing,
        "image" => SessionState::Pulling,
        "start" | "ready" => SessionState::Starting,
        _ => return None,
    })
}

/// Why a session ends whose step took too long without saying why.
pub(super) fn usual_reason(name: &str) -> EndReason {
    match name {
        "data" => EndReason::DataMissing,
        "image" => EndReason::ImageNotFound,
        "ready" => EndReason::NotReady,
        _ => EndReason::Failed,
    }
}

/// A step as the page calls it.
pub(crate) fn title(name: &str) -> &'static str {
    match name {
        "wait" => "Its time has come",
        "data" => "Data in place",
        "image" => "Image there",
        "start" => "Started",
        "ready" => "Interface answers",
        "stop" => "Ended",
        "log" => "Log kept",
        "remove" => "Removed from the site",
        "data-back" => "Data removed",
        "book-back" => "Booking given back",
        _ => "Step",
    }
}

/// What goes on, as the page calls it.
pub(crate) fn verb_title(verb: &str) -> &'static str {
    match verb {
        "run" => "Starting",
        "end" => "Ending",
        _ => "Working",
    }
}
