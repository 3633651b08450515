//! The server function of the home page.

use super::model::HomeRow;
use crate::error::Result;
use leptos::prelude::*;

/// What of a user's sessions and bookings runs, waits or needs a look; nothing for visitors. What one of the two cannot
/// say now, its own page says with the reason.
#[server(endpoint = "home/show")]
pub async fn show_home() -> Result<Vec<HomeRow>> {
    use super::rows::{of_booking, of_session};
    let (caller, ports) = crate::asking::asked()?;
    if caller.user().is_err() {
        return Ok(Vec::new());
    }
    let (sessions, bookings) =
        futures::join!(ports.sessions.list(&caller, 0), ports.bookings.list(&caller, 0, 0));
    let held = bookings.map(|view| view.items).unwrap_or_default();
    let sessions = sessions.map(|view| view.items).unwrap_or_default();
    Ok(held.iter().filter_map(of_booking).chain(sessions.iter().filter_map(of_session)).collect())
}
