//! What the pages of bookings say.

use super::model::{BookingState, BookingView};
use crate::features::software::sentences::resources;
use crate::ui::Tone;

/// A time that cannot be read.
pub const NO_INSTANT: &str = "Write a day and a time, such as 2026-11-24 15:00.";
/// Under the heading of the list.
pub const LEAD: &str =
    "Time and room that are kept for you. A session starts in each by itself when its time comes.";
/// None at all.
pub const NOTHING: &str = "A booking comes of an offer that you accept: choose what should run, how large and when, and every site answers.";
/// For visitors.
pub const VISITOR: &str =
    "A booking belongs to an account. Planning needs none: you can see when there is room.";
/// On a held offer.
pub const HELD: &str = "Nobody else gets it meanwhile. Accept it, and its session starts when its time comes; do nothing, and it goes back by itself.";
/// It was not accepted in time.
pub const EXPIRED: &str = "It was held for you and not accepted in time, so others can have it now. Plan it again: there may still be room.";
/// It was given back.
pub const CANCELLED: &str = "It was given back before its time, and counts against nothing.";
/// Its time is over.
pub const OVER: &str = "Its time is over. Its session says why it ended, and keeps its log.";
/// What a feed is for.
pub const FEED: &str = "Your bookings in your own calendar: it asks the address below from time to time. Whoever knows the address sees them, so give it to nobody.";
/// A new feed was made.
pub const FEED_ONCE: &str = "Copy it now: Skyport keeps no copy, and will not show it again.";
/// There is one.
pub const FEED_THERE: &str =
    "There is a calendar feed. Its address was shown when it was made; a new one takes its place.";
/// Before a new address is made.
pub const FEED_REPLACES: &str = "Calendars that ask the address there is now will find nothing any more.";
/// Before it is taken away.
pub const FEED_DROPS: &str = "Calendars that ask it will find nothing any more. Your bookings stay.";

/// The state in a word.
pub fn word(state: BookingState) -> &'static str {
    match state {
        BookingState::Held => "Held for you",
        BookingState::Booked => "Booked",
        BookingState::Running => "Running",
        BookingState::Over => "Over",
        BookingState::Cancelled => "Given back",
        BookingState::Expired => "Not accepted",
    }
}

/// How the state is meant.
pub fn tone(state: BookingState) -> Tone {
    match state {
        BookingState::Held => Tone::Attention,
        BookingState::Booked => Tone::Waiting,
        BookingState::Running => Tone::Running,
        BookingState::Over | BookingState::Cancelled | BookingState::Expired => Tone::Quiet,
    }
}

/// What runs in it, where, and with what.
pub fn about(booking: &BookingView) -> String {
    let software = format!("{} {}", booking.software_title, booking.version);
    let mut parts = vec![software.trim().to_owned(), booking.site.clone()];
    parts.extend(resources(&booking.resources));
    parts.join(" · ")
}

/// The question before a booking is cancelled.
pub fn cancel_question(booking: &BookingView) -> String {
    format!(
        "The time of “{}” goes back at once, and its session will not start. Somebody else may have taken it when you want it again.",
        booking.title
    )
}
