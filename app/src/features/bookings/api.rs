//! Server functions of bookings.

#![expect(missing_docs, reason = "the macro turns documented arguments into undocumented fields")]

use super::model::{BookingView, BookingsView};
use crate::error::Result;
use leptos::prelude::*;

/// The caller's bookings.
#[server(endpoint = "bookings/list")]
pub async fn list_bookings(from_us: i64, to_us: i64) -> Result<BookingsView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.bookings.list(&caller, from_us, to_us).await
}

/// One booking.
#[server(endpoint = "bookings/show")]
pub async fn show_booking(id: String) -> Result<BookingView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.bookings.show(&caller, &id).await
}

/// Gives it back.
#[server(endpoint = "bookings/cancel")]
pub async fn cancel_booking(id: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.bookings.cancel(&caller, &id).await
}

/// Begins it at another time: UTC microseconds, or `start` as a form writes it, `2026-11-22T16:09` in UTC.
#[server(endpoint = "bookings/move")]
pub async fn move_booking(
    id: String,
    #[server(default)] start_us: i64,
    #[server(default)] start: String,
) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    let start_us = instant(start_us, &start, "start")?;
    ports.bookings.move_to(&caller, &id, start_us).await
}

/// Ends it at another time: UTC microseconds, or `end` as a form writes it.
#[server(endpoint = "bookings/end")]
pub async fn end_booking_at(
    id: String,
    #[server(default)] end_us: i64,
    #[server(default)] end: String,
) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    let end_us = instant(end_us, &end, "end")?;
    ports.bookings.end_at(&caller, &id, end_us).await
}

/// What a form says of an instant.
#[cfg(feature = "ssr")]
fn instant(us: i64, text: &str, field: &str) -> Result<i64> {
    if us != 0 {
        return Ok(us);
    }
    crate::text::of_field(text).ok_or_else(|| crate::error::Error::field(field, super::sentences::NO_INSTANT))
}

/// Makes a new secret address of the calendar feed. Without a script the page shows it from its own address.
#[server(endpoint = "bookings/feed")]
pub async fn make_feed() -> Result<String> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    let address = ports.bookings.make_feed(&caller).await?;
    if crate::asking::sent_without_script() {
        let path = address.find("/bookings/feed/").map_or("", |at| &address[at..]);
        leptos_axum::redirect(&format!("/bookings?feed={}", crate::frame::address::escape(path)));
    }
    Ok(address)
}

/// Takes the calendar feed away.
#[server(endpoint = "bookings/drop-feed")]
pub async fn drop_feed() -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.bookings.drop_feed(&caller).await
}
