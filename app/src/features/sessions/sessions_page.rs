//! The sessions: what lives first, then newest first; it keeps itself up to date.

use super::api::list_sessions;
use super::level_bar::LevelBar;
use super::model::SessionsView;
use super::sentences;
use super::session_actions::Actions;
use super::session_item::Item;
use crate::error::Error;
use crate::features::servers::stream::{OneAtATime, watch};
use crate::frame::address::sign_in;
use crate::frame::app::FrameState;
use crate::frame::query_string::use_value;
use crate::text::{bytes, count};
use crate::ui::{
    Announcer, ButtonLink, Card, DataError, Empty, Loading, Look, PageHead, Pager, Problem, Shape,
};
use leptos::prelude::*;

/// How many are on a page; the server gives as many.
const PER_PAGE: u64 = 50;

/// The page.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let offset = use_value("offset");
    let offset = Memo::new(move |_| offset.with(|text| text.parse::<u64>().unwrap_or(0)));
    let first = Resource::new_blocking(move || offset.get(), list_sessions);
    view! {
        <PageHead title="Sessions" lead=|| sentences::LEAD>
            <ButtonLink href="/bookings">"Bookings"</ButtonLink>
            <ButtonLink href="/software" look=Look::Primary>"Run something"</ButtonLink>
        </PageHead>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match first.await {
                    Ok(view) => view! { <Sessions first=view/> }.into_any(),
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
            <Empty title="Sign in to have sessions" text=sentences::VISITOR shape=Shape::Play>
                <ButtonLink href=sign_in("/sessions") look=Look::Primary>"Sign in"</ButtonLink>
                <ButtonLink href="/software">"Look at the software"</ButtonLink>
            </Empty>
        </Card>
    }
}

#[component]
fn Sessions(first: SessionsView) -> impl IntoView {
    let offset = first.offset;
    let sessions = RwSignal::new(first);
    let (actions, news, frame) = (Actions::new(), OneAtATime::new(), FrameState::get());
    let look = move || {
        news.run(move || async move {
            // What could not be had now is had with the next piece of news.
            if let Ok(view) = list_sessions(offset).await {
                let _ = sessions.try_set(view);
            }
        });
    };
    watch("/sessions/events".to_owned(), look);
    announce(sessions, frame);
    Effect::watch(move || actions.version(), move |_, _, _| look(), false);
    let empty = Memo::new(move |_| sessions.with(|view| view.items.is_empty()));
    let total = Memo::new(move |_| sessions.with(|view| view.total));
    let moving =
        Memo::new(move |_| sessions.with(|view| view.items.iter().any(super::model::SessionItem::is_moving)));
    // Keyed with all that is shown: what did not change keeps its open menu and the focus.
    let key = |item: &super::model::SessionItem| serde_json::to_string(item).unwrap_or_default();
    view! {
        <Problem error=Signal::derive(move || actions.failed())/>
        <Levels sessions=sessions/>
        {move || moving.get().then(|| view! { <p class="hint no-js reload"><a href="">"Reload"</a>" to see news."</p> })}
        <Show when=move || !empty.get() fallback=move || view! { <Nothing total=total.get()/> }>
            <Card flush=true>
                <ul class="live sessions">
                    <For
                        each=move || sessions.with(|view| view.items.clone())
                        key=key
                        children=move |item| {
                            let now_us = sessions.with_untracked(|view| view.now_us);
                            view! { <Item item=item now_us=now_us actions=actions/> }
                        }
                    />
                </ul>
                {move || {
                    view! { <Pager offset=offset per_page=PER_PAGE total=total.get() noun="sessions" href=|at| format!("/sessions?offset={at}")/> }
                }}
            </Card>
        </Show>
    }
    .into_any()
}

/// How many live of how many may, and how full the home is.
#[component]
fn Levels(sessions: RwSignal<SessionsView>) -> impl IntoView {
    let levels = Memo::new(move |_| sessions.with(|v| (v.live, v.most, v.home_bytes, v.home_limit_bytes)));
    move || {
        let (live, most, home, limit) = levels.get();
        let home_limit = (limit > 0).then_some(limit);
        let holds = home.map_or_else(|| "being measured".to_owned(), bytes);
        let home_words = match home_limit {
            Some(limit) => format!("{holds} of {}", bytes(limit)),
            None => holds,
        };
        let home = home.unwrap_or_default();
        view! {
            <section class="card strip" aria-label="In use">
                <div class="usage">
                    <p class="whose">"Your limits"</p>
                    <ul>
                        <LevelBar name="Sessions at once" words=format!("{} of {}", count(live), count(most)) used=live limit=Some(most)/>
                        <LevelBar name="Home folder" words=home_words used=home limit=home_limit/>
                    </ul>
                </div>
            </section>
        }
    }
}

#[component]
fn Nothing(total: u64) -> impl IntoView {
    if total > 0 {
        return view! {
            <Card flush=true>
                <Empty title="Nothing on this page" text="Sessions were dismissed since." shape=Shape::Play>
                    <ButtonLink href="/sessions">"To the first page"</ButtonLink>
                </Empty>
            </Card>
        }
        .into_any();
    }
    view! {
        <Card flush=true>
            <Empty title="No sessions yet" text=sentences::NOTHING shape=Shape::Play>
                <ButtonLink href="/software">"Choose software"</ButtonLink>
                <ButtonLink href="/datasets/query">"Ask an archive for data first"</ButtonLink>
            </Empty>
        </Card>
    }
    .into_any()
}

/// Says what became of a session when its state changes, and lets the frame count anew.
fn announce(sessions: RwSignal<SessionsView>, frame: FrameState) {
    let announcer = Announcer::get();
    let states = Memo::new(move |_| {
        sessions.with(|view| {
            let state = |item: &super::model::SessionItem| {
                (item.id.clone(), item.title.clone(), sentences::word(item))
            };
            view.items.iter().map(state).collect::<Vec<_>>()
        })
    });
    Effect::watch(
        move || states.get(),
        move |now, before, _| {
            let Some(before) = before else { return };
            let changed = now
                .iter()
                .filter(|(id, _, word)| before.iter().any(|(known, _, was)| known == id && was != word));
            let words: Vec<_> = changed.map(|(_, title, word)| format!("{title}: {word}.")).collect();
            if !words.is_empty() {
                announcer.say(words.join(" "));
                frame.refresh();
            }
        },
        false,
    );
}
