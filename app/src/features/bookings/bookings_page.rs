//! The bookings, as a calendar of weeks and as a list.

use super::api::{DropFeed, MakeFeed, list_bookings};
use super::booking_item::Item;
use super::calendar::{Calendar, DAY_US};
use super::feed_card::FeedCard;
use super::model::{BookingState, BookingsView};
use super::sentences;
use crate::error::Error;
use crate::frame::address::sign_in;
use crate::frame::query_string::use_value;
use crate::text;
use crate::ui::{ButtonLink, Card, DataError, Empty, Icon, Loading, Look, PageHead, Shape};
use leptos::prelude::*;

/// The page.
#[component]
pub fn BookingsPage() -> impl IntoView {
    let from = use_value("from");
    // A day, as links write it: the Monday that the weeks begin with.
    let from_us =
        Memo::new(move |_| from.with(|day| text::of_field(&format!("{day}T00:00")).unwrap_or_default()));
    let (make, drop) = (ServerAction::<MakeFeed>::new(), ServerAction::<DropFeed>::new());
    let bookings = Resource::new_blocking(
        move || (from_us.get(), make.version().get() + drop.version().get()),
        |(from, _)| list_bookings(from, if from == 0 { 0 } else { from + 35 * DAY_US }),
    );
    view! {
        <PageHead title="Bookings" lead=|| sentences::LEAD>
            <ButtonLink href="/plan" look=Look::Primary>"Plan something"</ButtonLink>
        </PageHead>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match bookings.await {
                    Ok(view) => view! { <Bookings view=view make=make drop=drop/> }.into_any(),
                    Err(Error::SignInNeeded) => view! { <Visitor/> }.into_any(),
                    Err(error) => view! { <DataError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Visitor() -> impl IntoView {
    view! {
        <Card flush=true>
            <Empty title="Sign in to have bookings" text=sentences::VISITOR shape=Shape::Clock>
                <ButtonLink href=sign_in("/bookings") look=Look::Primary>"Sign in"</ButtonLink>
                <ButtonLink href="/plan">"See when there is room"</ButtonLink>
            </Empty>
        </Card>
    }
}

/// The page whose weeks begin with a day.
fn page_at(us: i64) -> String {
    format!("/bookings?from={}", &text::iso_utc(us)[..10])
}

#[component]
fn Bookings(view: BookingsView, make: ServerAction<MakeFeed>, drop: ServerAction<DropFeed>) -> impl IntoView {
    let BookingsView { items, from_us, to_us, has_feed, now_us } = view;
    let weeks = move || {
        let title = format!("{} – {}", &text::iso_utc(from_us)[..10], &text::iso_utc(to_us - DAY_US)[..10]);
        view! {
            <span>{title}</span>
            <a class="btn small" href=page_at(from_us - 28 * DAY_US)><Icon shape=Shape::Left/><span class="unseen">"Earlier weeks"</span></a>
            <a class="btn small" href="/bookings">"Today"</a>
            <a class="btn small" href=page_at(from_us + 28 * DAY_US)><Icon shape=Shape::Right/><span class="unseen">"Later weeks"</span></a>
        }
    };
    let (live, over): (Vec<_>, Vec<_>) = items.iter().cloned().partition(|booking| booking.state.holds());
    let nothing = items.is_empty().then(|| {
        view! {
            <Card flush=true>
                <Empty title="Nothing booked in these weeks" text=sentences::NOTHING shape=Shape::Clock>
                    <ButtonLink href="/software">"Choose software"</ButtonLink>
                </Empty>
            </Card>
        }
    });
    let list = |title: &'static str, items: Vec<super::model::BookingView>| {
        (!items.is_empty()).then(|| {
            let rows = items.into_iter().map(|booking| view! { <Item booking=booking/> }).collect_view();
            view! { <Card title=title flush=true><ul class="live">{rows}</ul></Card> }
        })
    };
    let held = live.iter().any(|booking| booking.state == BookingState::Held);
    let title = if held { "Held and booked" } else { "Booked" };
    view! {
        <div class="grid">
            <div class="c8 stack">
                <Card title="Weeks" flush=true more=weeks>
                    <Calendar items=items from_us=from_us to_us=to_us now_us=now_us/>
                </Card>
                {nothing}
                {list(title, live)}
                {list("Over", over)}
            </div>
            <div class="c4 stack"><FeedCard has_feed=has_feed make=make drop=drop/></div>
        </div>
    }
    .into_any()
}
