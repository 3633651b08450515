//! How much of something is in use, as a bar with its numbers.

use leptos::prelude::*;

/// The length of a whole bar, in the drawing's own units.
const WHOLE: u64 = 1000;

/// A name, its numbers in words, and the bar.
#[component]
pub fn LevelBar(
    /// Of what.
    name: &'static str,
    /// The numbers.
    #[prop(into)]
    words: String,
    /// In use.
    used: u64,
    /// What there is; no bar where that is not known.
    limit: Option<u64>,
) -> impl IntoView {
    let over = limit.is_some_and(|limit| used > limit);
    let bar = limit.map(|limit| {
        let share = u128::from(used) * u128::from(WHOLE) / u128::from(limit.max(1));
        let share = u64::try_from(share).unwrap_or(WHOLE).clamp(u64::from(used > 0) * 8, WHOLE);
        view! {
            <svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect class="used" width=share height="8"/>
            </svg>
        }
    });
    view! {
        <li class:over=over>
            <span class="measure">{name}</span>
            <span class="level">{words}</span>
            {bar}
        </li>
    }
    .into_any()
}
