//! One query in a few words: where it stands, what it is, and the way to it.

use crate::features::queries::model::{QueryState, QueryView};
use crate::text;
use crate::ui::{ButtonLink, StateWord, Time, Tone};
use leptos::prelude::*;

/// How a query's state is meant.
pub fn tone_of(state: QueryState) -> Tone {
    match state {
        QueryState::Queued => Tone::Waiting,
        QueryState::Running => Tone::Running,
        QueryState::Completed => Tone::Done,
        QueryState::Failed => Tone::Failed,
        QueryState::Interrupted => Tone::Attention,
        QueryState::Cancelled | QueryState::Expired => Tone::Quiet,
    }
}

/// An `<li>` of a list of queries.
#[component]
pub fn QueryRow(
    /// The query.
    query: QueryView,
) -> impl IntoView {
    let href = format!("/queries/{}", crate::frame::address::escape(&query.id));
    let took = match (query.started_us, query.ended_us) {
        (Some(from), Some(to)) => format!(" · {}", text::duration(to - from)),
        _ => String::new(),
    };
    let outcome = match (&query.reason, query.before_it) {
        (Some(reason), _) => reason.clone(),
        (None, Some(before)) => format!("{} before it", text::count(before)),
        (None, None) if query.has_result => text::counted(query.rows, "row") + &took,
        (None, None) => String::new(),
    };
    let open = if query.state.is_over() { "Open" } else { "Watch" };
    view! {
        <li>
            <StateWord tone=tone_of(query.state) word=query.state.word()/>
            <div class="what">
                <a href=href.clone() dir="auto">{query.title}</a>
                <div class="sub">
                    <bdi>{query.archive_title}</bdi>
                    {(!outcome.is_empty()).then(|| format!(" · {outcome}"))}
                    " · "
                    <Time us=query.asked_us/>
                </div>
            </div>
            <ButtonLink href=href small=true>{open}</ButtonLink>
        </li>
    }
    .into_any()
}
