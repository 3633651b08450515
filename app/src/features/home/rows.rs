//! What of the sessions and bookings stands on the home page; made on the server.

use super::model::{HomeRow, Part};
use crate::features::bookings::booking_item;
use crate::features::bookings::model::{BookingState, BookingView};
use crate::features::sessions::model::{SessionItem, SessionState};
use crate::features::sessions::sentences;
use crate::features::sessions::session_actions::can_be_opened;
use crate::features::sessions::session_item::page_of;
use crate::ui::Tone;

/// A session's row; none where it is over and nobody needs to look.
pub fn of_session(item: &SessionItem) -> Option<HomeRow> {
    let failed = item.mine && item.end.is_some_and(|end| !end.is_peaceful());
    let part = match item.state {
        SessionState::Ended if failed => Part::Look,
        SessionState::Ended => return None,
        SessionState::Waiting => Part::Booked,
        _ => Part::Now,
    };
    let (next, next_us, label) = match part {
        Part::Now => ("until", item.end_us, "Show"),
        Part::Booked => ("starts", item.start_us, "Show"),
        Part::Look => ("", 0, "See why"),
    };
    let why = sentences::why(item).filter(|_| part == Part::Look);
    Some(HomeRow {
        part,
        tone: sentences::tone(item),
        word: sentences::word(item).to_owned(),
        title: item.title.clone(),
        page: page_of(&item.id),
        about: why.map_or_else(|| format!("{} · {}", item.software, item.site), str::to_owned),
        next: next.to_owned(),
        next_us,
        label: label.to_owned(),
        opens: can_be_opened(item),
    })
}

/// The row of an offer that is held; none of any other booking, whose session stands there.
pub fn of_booking(booking: &BookingView) -> Option<HomeRow> {
    (booking.state == BookingState::Held).then(|| HomeRow {
        part: Part::Look,
        tone: Tone::Attention,
        word: "Held for you".to_owned(),
        title: booking.title.clone(),
        page: booking_item::page_of(&booking.id),
        about: format!("{} · {}", booking.software_title, booking.site),
        next: "goes back".to_owned(),
        next_us: booking.held_until_us.unwrap_or(booking.now_us),
        label: "Accept or give back".to_owned(),
        opens: false,
    })
}
