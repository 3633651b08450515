//! Home of a signed-in user: what runs now, what needs a look, what was asked last, and the basket.

use super::query_row::QueryRow;
use crate::features::account::model::FrameView;
use crate::features::queries::model::{QueryState, QueryView};
use crate::text::counted;
use crate::ui::{ButtonLink, Card, Empty, Look, PageHead, Shape};
use leptos::prelude::*;

/// How many of the last queries the page looks at.
const RECENT: usize = 5;

/// What a user sees first.
#[component]
pub fn UserHome(
    /// What the frame knows.
    frame: FrameView,
    /// The last queries, newest first.
    queries: Vec<QueryView>,
    /// How many there are in all.
    total: u64,
) -> impl IntoView {
    let wants_a_look = |q: &QueryView| matches!(q.state, QueryState::Failed | QueryState::Interrupted);
    let (over, live): (Vec<_>, Vec<_>) = queries.into_iter().partition(|q| q.state.is_over());
    let (troubled, calm): (Vec<_>, Vec<_>) = over.into_iter().take(RECENT * 2).partition(wants_a_look);
    let lead = summary(frame.running, frame.basket, troubled.len() as u64);
    let nothing = live.is_empty() && troubled.is_empty() && calm.is_empty();
    let main = if nothing {
        view! {
            <Card flush=true>
                <Empty
                    title="Nothing asked yet"
                    text="Choose an archive and ask it for what is around a target. The rows you keep go into your basket."
                    shape=Shape::Queries
                >
                    <ButtonLink href="/datasets/query?archive=local&table=sky.stars&target=M%2042&radius=1%20deg">"Try stars around M 42"</ButtonLink>
                    <ButtonLink href="/datasets">"See all archives"</ButtonLink>
                </Empty>
            </Card>
        }
        .into_any()
    } else {
        view! {
            {part("Now", live, 0)}
            {part("Needs a look", troubled, 0)}
            {part("Recent queries", calm, total)}
        }
        .into_any()
    };
    view! {
        <PageHead title="Your work" document_title="Home" lead=move || lead.clone()>
            <ButtonLink href="/datasets/query" look=Look::Primary>"Ask an archive"</ButtonLink>
        </PageHead>
        <div class="grid">
            <div class="c8 stack">{main}</div>
            <div class="c4 stack"><BasketCard count=frame.basket/></div>
        </div>
    }
    .into_any()
}

fn part(title: &'static str, mut queries: Vec<QueryView>, total: u64) -> Option<AnyView> {
    if queries.is_empty() {
        return None;
    }
    queries.truncate(RECENT);
    let more = move || {
        (total > 0).then(|| view! { <a href="/queries">{format!("All {}", counted(total, "query"))}</a> })
    };
    let rows = queries.into_iter().map(|query| view! { <QueryRow query=query/> }).collect_view();
    Some(view! { <Card title=title flush=true more=more><ul class="live">{rows}</ul></Card> }.into_any())
}

#[component]
fn BasketCard(count: u64) -> impl IntoView {
    let words = match count {
        0 => "It is empty. Tick rows of a result, then \"Add to basket\": they stay when you sign out."
            .to_owned(),
        count => format!("{} kept, whichever device you sign in from.", counted(count, "item")),
    };
    view! {
        <Card title="Basket">
            <p>{words}</p>
            {(count > 0).then(|| view! {
                <p class="act spaced"><ButtonLink href="/basket" small=true>"Open the basket"</ButtonLink></p>
            })}
        </Card>
    }
}

fn summary(running: u64, basket: u64, troubled: u64) -> String {
    let running = if running == 0 {
        "Nothing runs".to_owned()
    } else {
        format!("{} running", counted(running, "query"))
    };
    let basket = if basket == 0 {
        "an empty basket".to_owned()
    } else {
        format!("{} in the basket", counted(basket, "item"))
    };
    let look = match troubled {
        0 => "nothing needs you".to_owned(),
        1 => "one query needs a look".to_owned(),
        more => format!("{more} queries need a look"),
    };
    format!("{running}, {basket}, {look}.")
}
