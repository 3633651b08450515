//! One booking in the list.

use super::model::{BookingState, BookingView};
use super::sentences;
use crate::features::sessions::session_item;
use crate::frame::address::escape;
use crate::ui::{ButtonLink, Countdown, Span, StateWord};
use leptos::prelude::*;

/// The page of a booking.
pub fn page_of(id: &str) -> String {
    format!("/bookings/{}", escape(id))
}

/// An `<li>` of the list.
#[component]
pub fn Item(
    /// The booking.
    booking: BookingView,
) -> impl IntoView {
    let page = page_of(&booking.id);
    let BookingView { state, start_us, end_us, held_until_us, now_us, .. } = booking;
    let next = match state {
        BookingState::Held => held_until_us.map(|until| {
            view! { " · "<Countdown to_us=until now_us=now_us/>" left to accept it" }.into_any()
        }),
        BookingState::Booked if start_us > now_us => {
            Some(view! { " · starts in "<Countdown to_us=start_us now_us=now_us/> }.into_any())
        }
        BookingState::Running => {
            Some(view! { " · "<Countdown to_us=end_us now_us=now_us/>" left" }.into_any())
        }
        _ => None,
    };
    let (href, label) = match (state, &booking.session) {
        (BookingState::Held, _) => (page.clone(), "Accept or give back"),
        (BookingState::Running | BookingState::Over, Some(session)) => {
            (session_item::page_of(session), "Session")
        }
        _ => (page.clone(), "Show"),
    };
    view! {
        <li>
            <StateWord tone=sentences::tone(state) word=sentences::word(state)/>
            <div class="what">
                <a href=page dir="auto">{booking.title.clone()}</a>
                <div class="sub">{sentences::about(&booking)}</div>
                <div class="sub"><Span from_us=start_us to_us=end_us/>{next}</div>
            </div>
            <div class="act">
                <ButtonLink href=href small=true><span>{label}<span class="unseen">": "<bdi>{booking.title}</bdi></span></span></ButtonLink>
            </div>
        </li>
    }
    .into_any()
}
