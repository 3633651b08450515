//! Instants: in the user's zone with the zone named, in UTC on hover.

use super::browser;
use crate::text;
use leptos::prelude::*;

/// An instant. The server writes UTC; once hydrated the browser puts its own zone there.
#[component]
pub fn Time(
    /// UTC microseconds since 1970.
    us: i64,
) -> impl IntoView {
    let utc = text::utc(us);
    let shown = RwSignal::new(utc.clone());
    Effect::new(move |_| {
        if let Some(local) = browser::local_time(us) {
            shown.set(local);
        }
    });
    view! { <time datetime=text::iso_utc(us) title=utc>{move || shown.get()}</time> }
}
