//! What is known of a query besides its rows: why it ended, its text, its numbers.

use super::editor::{AdqlText, fault_sentence};
use super::model::{QueryState, QueryView};
use super::sentences;
use crate::text::{bytes, count, duration};
use crate::ui::{ButtonLink, Card, Copy, Icon, Look, Notice, Shape, Time, Tone};
use leptos::prelude::*;

/// Why it ended, where that needs saying, and what to do next; and whether the result was cut.
#[component]
pub fn Ending(
    /// The query, which is over.
    query: QueryView,
) -> impl IntoView {
    let ask_again = super::draft::Draft::of_text(&query.archive, &query.adql).address();
    let place = query.fault.as_ref().map(fault_sentence);
    let failed = query.state == QueryState::Failed;
    let kept_rows = query.has_result && query.state != QueryState::Completed;
    let reason = sentences::end_reason(&query).map(|reason| {
        let what = if failed { "The query failed" } else { query.state.word() };
        // The fault's own sentence, which says where, in place of the reason that only says what.
        let (sentence, place) = match place {
            Some(place) if place.contains(&reason) => (place, None),
            place => (reason, place),
        };
        let words = view! {
            <p class="title">{what}</p>
            <p>{sentence}</p>
            {place.map(|place| view! { <p>{place}</p> })}
            {kept_rows.then(|| view! { <p>"The rows that arrived before are below."</p> })}
            <p><ButtonLink href=ask_again look=Look::Primary>"Edit and ask again"</ButtonLink></p>
        };
        if failed {
            view! { <div class="problem" role="alert"><Icon shape=Shape::Failed/><div>{words}</div></div> }
                .into_any()
        } else {
            view! { <Notice tone=sentences::tone(query.state)>{words}</Notice> }.into_any()
        }
    });
    let overflow = query.overflow.map(|sentence| {
        view! {
            <Notice tone=Tone::Attention>
                <p class="title">"The result was cut"</p>
                <p>{sentence}</p>
            </Notice>
        }
    });
    view! { {reason}{overflow} }
}

/// The ADQL as it was asked.
#[component]
pub fn AskedText(
    /// The query.
    query: RwSignal<QueryView>,
) -> impl IntoView {
    let adql = Signal::derive(move || query.with(|q| q.adql.clone()));
    view! {
        <Card title="ADQL" span="c8" flush=true more=move || view! { <Copy text=adql what="the ADQL" label="Copy"/> }>
            {move || query.with(|q| view! { <AdqlText text=q.adql.clone() fault=q.fault.clone()/> })}
        </Card>
    }
}

/// Archive, times, sizes.
#[component]
pub fn Facts(
    /// The query.
    query: RwSignal<QueryView>,
) -> impl IntoView {
    let facts = move || {
        query.with(|q| {
            let archive = format!("/datasets/{}", crate::frame::address::escape(&q.archive));
            let taken = sentences::time_taken(q).map(|us| view! { <dt>"Took"</dt><dd>{duration(us)}</dd> });
            let rows = q.has_result.then(|| {
                view! { <dt>"Rows"</dt><dd>{count(q.rows)}</dd><dt>"Size"</dt><dd>{bytes(q.bytes)}</dd> }
            });
            let kept = q
                .kept_until_us
                .filter(|_| q.has_result)
                .map(|us| view! { <dt>"Kept until"</dt><dd><Time us=us/></dd> });
            view! {
                <dl class="kv">
                    <dt>"Archive"</dt><dd><a href=archive>{q.archive_title.clone()}</a></dd>
                    <dt>"Asked"</dt><dd><Time us=q.asked_us/></dd>
                    {taken}
                    {rows}
                    {kept}
                </dl>
            }
        })
    };
    view! { <Card title="About" span="c4">{facts}</Card> }
}
