//! One booking: an offer that is held and counts down, then time that is kept and can be changed.

use super::api::show_booking;
use super::booking_actions::{Accept, Actions, Cancel, GiveBack, OtherTimes};
use super::model::{BookingState, BookingView, Change};
use super::sentences;
use crate::error::Result;
use crate::features::plan::address::Asked;
use crate::features::plan::model::PlanQuestion;
use crate::features::sessions::api::look_before;
use crate::features::sessions::before_card::BeforeCard;
use crate::features::sessions::model::Check;
use crate::features::sessions::session_item::page_of;
use crate::features::software::card;
use crate::features::software::sentences::resources;
use crate::ui::{
    ButtonLink, Card, Countdown, Icon, Loading, Look, Notice, PageError, PageHead, Problem, Shape, Span,
    StateWord, Time, Tone,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The booking, and while its offer is held what would be in its way.
async fn look(id: String) -> Result<(BookingView, Result<Vec<Check>>)> {
    let booking = show_booking(id.clone()).await?;
    let held = booking.state == BookingState::Held;
    let checks = if held { look_before(id).await } else { Ok(Vec::new()) };
    Ok((booking, checks))
}

/// The page.
#[component]
pub fn BookingPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let actions = Actions::new();
    let again = RwSignal::new(0_u32);
    let booking =
        Resource::new_blocking(move || (id.get(), actions.version(), again.get()), |(id, ..)| look(id));
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match booking.await {
                    Ok((booking, checks)) => {
                        view! { <One booking=booking checks=checks actions=actions again=again/> }.into_any()
                    }
                    Err(error) => view! { <PageError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// The plan with the choices of a booking.
pub fn plan_again(booking: &BookingView) -> String {
    let question = PlanQuestion {
        software: booking.software.clone(),
        version: booking.version.clone(),
        resources: booking.resources,
        minutes: u32::try_from((booking.end_us - booking.start_us) / 60_000_000).unwrap_or_default(),
        data: booking.data,
        ..PlanQuestion::default()
    };
    Asked { question, title: booking.title.clone(), ..Asked::default() }.address()
}

#[component]
fn One(
    booking: BookingView,
    checks: Result<Vec<Check>>,
    actions: Actions,
    again: RwSignal<u32>,
) -> impl IntoView {
    let BookingView { state, now_us, start_us, .. } = booking;
    let to_session = booking.session.clone().map(|session| {
        let look = if state == BookingState::Held { Look::Plain } else { Look::Primary };
        view! { <ButtonLink href=page_of(&session) look=look>"Go to its session"</ButtonLink> }
    });
    let may_cancel = booking.changes.contains(&Change::Cancel) && state != BookingState::Held;
    let cancel = may_cancel.then(|| view! { <Cancel booking=booking.clone() actions=actions/> });
    let starts = move || {
        (state == BookingState::Booked && start_us > now_us).then(|| {
            let over = Callback::new(move |()| again.update(|n| *n += 1));
            view! { <span>"starts in "<Countdown to_us=start_us now_us=now_us over=over/></span> }
        })
    };
    let changed = booking.clone();
    let changes = [Change::Move, Change::Extend, Change::Shorten];
    let other = (state != BookingState::Held
        && changes.iter().any(|change| booking.changes.contains(change)))
    .then(|| view! { <Card title="Another time"><OtherTimes booking=changed actions=actions/></Card> });
    let about = sentences::about(&booking);
    let lead = move || {
        view! {
            <p class="state-line">
                <StateWord tone=sentences::tone(state) word=sentences::word(state)/>
                {starts()}
                <span dir="auto">{about.clone()}</span>
            </p>
        }
    };
    view! {
        <PageHead title=booking.title.clone() lead=lead>{cancel}{to_session}</PageHead>
        <Problem error=Signal::derive(move || actions.failed())/>
        <div class="grid">
            <div class="c8 stack">
                <Now booking=booking.clone() actions=actions again=again/>
                <BeforeCard checks=checks/>
                {other}
            </div>
            <div class="c4 stack"><Facts booking=booking/></div>
        </div>
    }
    .into_any()
}

/// What its state asks of its owner.
#[component]
fn Now(booking: BookingView, actions: Actions, again: RwSignal<u32>) -> impl IntoView {
    let BookingView { id, state, held_until_us, start_us, end_us, now_us, .. } = booking.clone();
    let plan =
        move |look| view! { <ButtonLink href=plan_again(&booking) look=look>"Plan it again"</ButtonLink> };
    match state {
        BookingState::Held => {
            let until = held_until_us.unwrap_or(now_us);
            let over = Callback::new(move |()| again.update(|n| *n += 1));
            view! {
                <section class="card held">
                    <header><h2><Icon shape=Shape::Clock/>"This offer is held for you"</h2></header>
                    <div class="body stacked">
                        <p class="big"><Span from_us=start_us to_us=end_us/></p>
                        <p class="left">
                            <b><Countdown to_us=until now_us=now_us over=over/></b>" left, until "<Time us=until/>"."
                        </p>
                        <p>{sentences::HELD}</p>
                        <div class="act"><Accept id=id.clone() actions=actions/><GiveBack id=id actions=actions/></div>
                    </div>
                </section>
            }
            .into_any()
        }
        BookingState::Expired => {
            view! { <Notice tone=Tone::Attention><p>{sentences::EXPIRED}</p>{plan(Look::Primary)}</Notice> }
                .into_any()
        }
        BookingState::Cancelled => {
            view! { <Notice tone=Tone::Quiet><p>{sentences::CANCELLED}</p>{plan(Look::Primary)}</Notice> }
                .into_any()
        }
        BookingState::Over => {
            view! { <Notice tone=Tone::Quiet><p>{sentences::OVER}</p>{plan(Look::Plain)}</Notice> }.into_any()
        }
        BookingState::Booked | BookingState::Running => {
            view! { <Card title="When"><p class="big"><Span from_us=start_us to_us=end_us/></p></Card> }
                .into_any()
        }
    }
}

#[component]
fn Facts(booking: BookingView) -> impl IntoView {
    let several = booking.parts.len() > 1;
    let parts = booking
        .parts
        .iter()
        .map(|part| {
            let size = resources(&part.resources).filter(|_| several).map(|size| format!(": {size}"));
            view! { <li><bdi>{part.node.clone()}</bdi>{size}</li> }
        })
        .collect_view();
    let software = format!("{} {}", booking.software_title, booking.version);
    let named = !booking.software.is_empty();
    let software = if named {
        view! { <a href=card::page_of(&booking.software) dir="auto">{software}</a> }.into_any()
    } else {
        view! { <span dir="auto">{software}</span> }.into_any()
    };
    let size = resources(&booking.resources).unwrap_or_default();
    let data = if booking.data { "your basket, in /data" } else { "none" };
    view! {
        <Card title="About">
            <dl class="kv">
                <dt>"Software"</dt><dd>{software}</dd>
                <dt>"Site"</dt><dd dir="auto">{booking.site.clone()}</dd>
                <dt>"On"</dt><dd><ul>{parts}</ul></dd>
                <dt>"In all"</dt><dd>{size}</dd>
                <dt>"Data"</dt><dd>{data}</dd>
                <dt>"From"</dt><dd><Time us=booking.start_us/></dd>
                <dt>"Until"</dt><dd><Time us=booking.end_us/></dd>
            </dl>
        </Card>
    }
    .into_any()
}
