//! Home of a signed-in user: what runs now, what is booked, what needs a look, what was asked last, and the basket.

use super::model::{HomeRow, Part};
use super::query_row::QueryRow;
use super::session_row::SessionRow;
use crate::features::account::model::FrameView;
use crate::features::plan::address::USE_BASKET;
use crate::features::queries::model::{QueryState, QueryView};
use crate::text::counted;
use crate::ui::{ButtonLink, Card, Empty, Look, PageHead, Shape};
use leptos::prelude::*;

/// How many of each kind a part shows.
const RECENT: usize = 5;

/// What a user has.
#[derive(Debug, Clone)]
pub struct Work {
    /// The last queries, newest first.
    pub queries: Vec<QueryView>,
    /// How many there are in all.
    pub total: u64,
    /// Sessions, and offers that are held.
    pub rows: Vec<HomeRow>,
}

/// What a user sees first.
#[component]
pub fn UserHome(
    /// What the frame knows.
    frame: FrameView,
    /// What there is.
    work: Work,
) -> impl IntoView {
    let Work { queries, total, rows } = work;
    let wants_a_look = |q: &QueryView| matches!(q.state, QueryState::Failed | QueryState::Interrupted);
    let (over, live): (Vec<_>, Vec<_>) = queries.into_iter().partition(|q| q.state.is_over());
    let (troubled, calm): (Vec<_>, Vec<_>) = over.into_iter().take(RECENT * 2).partition(wants_a_look);
    let of = |part: Part| rows.iter().filter(|row| row.part == part).cloned().collect::<Vec<_>>();
    let (running, booked, broken) = (of(Part::Now), of(Part::Booked), of(Part::Look));
    let looks = troubled.len() + broken.len();
    let lead = summary(&frame, looks as u64);
    let row = |row| view! { <SessionRow row=row/> }.into_any();
    let query = |query| view! { <QueryRow query=query/> }.into_any();
    let both = |rows: Vec<HomeRow>, queries: Vec<QueryView>| {
        rows.into_iter().take(RECENT).map(row).chain(queries.into_iter().take(RECENT).map(query)).collect()
    };
    let (now, look) = (both(running, live), both(broken, troubled));
    let booked = both(booked, Vec::new());
    let calm = both(Vec::new(), calm);
    let parts: Vec<_> = [
        part("Now", now, None),
        part("Booked", booked, Some(("/bookings", "All bookings".to_owned()))),
        part("Needs a look", look, None),
        part("Recent queries", calm, Some(("/queries", format!("All {}", counted(total, "query"))))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let main = if parts.is_empty() {
        view! {
            <Card flush=true>
                <Empty
                    title="Nothing asked yet"
                    text="Choose an archive and ask it for what is around a target. The rows you keep go into your basket, and a session finds them inside."
                    shape=Shape::Queries
                >
                    <ButtonLink href="/datasets/query?archive=local&table=sky.stars&target=M%2042&radius=1%20deg">"Try stars around M 42"</ButtonLink>
                    <ButtonLink href="/datasets">"See all archives"</ButtonLink>
                    <ButtonLink href="/software">"See the software"</ButtonLink>
                </Empty>
            </Card>
        }
        .into_any()
    } else {
        parts.into_any()
    };
    view! {
        <PageHead title="Your work" document_title="Home" lead=move || lead.clone()>
            <ButtonLink href="/software">"Run something"</ButtonLink>
            <ButtonLink href="/datasets/query" look=Look::Primary>"Ask an archive"</ButtonLink>
        </PageHead>
        <div class="grid">
            <div class="c8 stack">{main}</div>
            <div class="c4 stack"><BasketCard count=frame.basket/></div>
        </div>
    }
    .into_any()
}

fn part(title: &'static str, rows: Vec<AnyView>, more: Option<(&'static str, String)>) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let more = move || more.clone().map(|(href, words)| view! { <a href=href>{words}</a> });
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
                <p class="act spaced">
                    <ButtonLink href="/basket" small=true>"Open the basket"</ButtonLink>
                    <ButtonLink href=USE_BASKET small=true>"Use in a session"</ButtonLink>
                </p>
            })}
        </Card>
    }
}

fn summary(frame: &FrameView, looks: u64) -> String {
    let runs: Vec<_> = [(frame.sessions.live, "session"), (frame.running, "query")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| counted(number, noun))
        .collect();
    let runs =
        if runs.is_empty() { "Nothing runs".to_owned() } else { format!("{} running", runs.join(" and ")) };
    let basket = if frame.basket == 0 {
        "an empty basket".to_owned()
    } else {
        format!("{} in the basket", counted(frame.basket, "item"))
    };
    let looks = match looks {
        0 => "nothing needs you".to_owned(),
        1 => "one thing needs a look".to_owned(),
        more => format!("{more} things need a look"),
    };
    format!("{runs}, {basket}, {looks}.")
}
