//! How long it is until something ends or begins: counted in the browser; as it was when the page was made, without a
//! script.

use super::browser;
use crate::text;
use leptos::leptos_dom::helpers::{IntervalHandle, set_interval_with_handle};
use leptos::prelude::*;
use std::time::Duration;

/// What is left in words: `4 min 12 s`. Screen readers hear it when they come by, not every second.
#[component]
pub fn Countdown(
    /// Until then, UTC microseconds.
    to_us: i64,
    /// When the server made this, UTC microseconds: the browser's clock may be wrong, and is only trusted for what passes.
    now_us: i64,
    /// Told once nothing is left.
    #[prop(optional, into)]
    over: Option<Callback<()>>,
) -> impl IntoView {
    let left = RwSignal::new(to_us - now_us);
    let ticking = StoredValue::new(None::<IntervalHandle>);
    Effect::new(move |_| {
        let Some(began) = browser::now_us() else { return };
        let tick = move || {
            let passed = browser::now_us().map_or(0, |now| now - began);
            let now_left = to_us - now_us - passed;
            if left.try_get_untracked().is_none_or(|shown| shown / 1_000_000 == now_left / 1_000_000) {
                return;
            }
            let was_left = left.try_get_untracked().unwrap_or_default();
            let _ = left.try_set(now_left);
            if now_left <= 0 {
                if let Some(handle) = ticking.try_update_value(Option::take).flatten() {
                    handle.clear();
                }
                if let Some(over) = over.filter(|_| was_left > 0) {
                    over.run(());
                }
            }
        };
        if to_us > now_us
            && let Ok(handle) = set_interval_with_handle(tick, Duration::from_millis(500))
        {
            ticking.set_value(Some(handle));
        }
    });
    on_cleanup(move || {
        if let Some(handle) = ticking.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    });
    view! { <span class="countdown" role="timer">{move || text::left(left.get())}</span> }
}
