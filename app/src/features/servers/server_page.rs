//! One server: how it is made, step by step; how to get into it; what happened to it; what can be done with it.

use super::api::{GiveToken, show_server};
use super::connect_card::Connect;
use super::failure_card::Failure;
use super::model::{ServerAction as Act, ServerState, ServerView};
use super::sentences;
use super::server_actions::{ActButton, Actions, Delete, Rename, StopAndLose};
use super::server_facts::{Console, Events, Facts};
use super::steps_card::Steps;
use super::stream::{OneAtATime, watch};
use super::token_form::TokenForm;
use crate::frame::query_string::use_value;
use crate::ui::{Announcer, Loading, Notice, PageError, PageHead, Problem, StateWord, Time};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn ServerPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let first = Resource::new_blocking(move || id.get(), show_server);
    view! {
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match first.await {
                    Ok(server) => view! { <OneServer first=server/> }.into_any(),
                    Err(error) => view! { <PageError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// Keeps the server as its site has it, in the browser, and says when its state changes.
fn follow(server: RwSignal<ServerView>, actions: Actions, token: ServerAction<GiveToken>) {
    let news = OneAtATime::new();
    let id = StoredValue::new(server.with_untracked(|server| server.item.id.clone()));
    let look = move || {
        news.run(move || async move {
            let Some(id) = id.try_get_value() else { return };
            // What could not be had now is had with the next piece of news.
            if let Ok(view) = show_server(id).await {
                let _ = server.try_set(view);
            }
        });
    };
    watch(format!("/servers/{}/events", id.get_value()), look);
    Effect::watch(move || (actions.version(), token.version().get()), move |_, _, _| look(), false);
    let announcer = Announcer::get();
    let state = Memo::new(move |_| server.with(|server| server.item.state));
    Effect::watch(
        move || state.get(),
        move |state, _, _| {
            let name = server.with_untracked(|server| server.item.name.clone());
            announcer.say(format!("{name}: {}", sentences::word(*state)));
        },
        false,
    );
}

#[component]
fn OneServer(first: ServerView) -> impl IntoView {
    let server = RwSignal::new(first);
    let (actions, token) = (Actions::new(), ServerAction::<GiveToken>::new());
    follow(server, actions, token);
    // Each part is made anew only when what it shows has changed: an open question stays open, a typed name stays.
    let name = Memo::new(move |_| server.with(|s| s.item.name.clone()));
    let failure = Memo::new(move |_| server.with(|s| s.failure.clone()));
    let wants =
        Memo::new(move |_| server.with(|s| s.sign_in_at.clone().map(|key| (key, s.item.site.clone()))));
    // Opened once: not again when the name or the possible actions are others.
    let asked = StoredValue::new(use_value("ask").get_untracked());
    let gone = Memo::new(move |_| server.with(|s| s.item.state.is_over()));
    let title = Memo::new(move |_| server.with(|s| s.steps_title.clone()));
    let steps = Memo::new(move |_| server.with(|s| s.steps.clone()));
    let events = Memo::new(move |_| server.with(|s| s.events.clone()));
    view! {
        {move || view! { <Head server=server name=name.get() actions=actions asked=asked/> }}
        <Problem error=Signal::derive(move || actions.failed())/>
        <Meaning server=server/>
        <div class="grid server">
            <div class="c8 stack">
                {move || wants.get().map(|(site, title)| view! { <TokenForm site=site title=title action=token/> })}
                {move || failure.get().map(|failure| view! { <Failure failure=failure server=server actions=actions/> })}
                <Connect server=server/>
                <Steps title=title steps=steps/>
                {move || (!gone.get()).then(|| view! { <Console server=server/> })}
            </div>
            <div class="c4 stack">
                <Facts server=server/>
                <Events events=events/>
            </div>
        </div>
    }
    .into_any()
}

/// What the state means, where neither steps nor a failure say so.
#[component]
fn Meaning(server: RwSignal<ServerView>) -> impl IntoView {
    let said = Memo::new(move |_| {
        server.with(|server| {
            let meaning = sentences::meaning(server.item.state).filter(|_| server.failure.is_none())?;
            Some((server.item.state, server.item.now.clone().unwrap_or_else(|| meaning.to_owned())))
        })
    });
    move || {
        said.get()
            .map(|(state, sentence)| view! { <Notice tone=sentences::tone(state)><p>{sentence}</p></Notice> })
    }
}

#[component]
fn Head(
    server: RwSignal<ServerView>,
    name: String,
    actions: Actions,
    asked: StoredValue<String>,
) -> impl IntoView {
    let state = Memo::new(move |_| server.with(|s| (s.item.state, s.item.since_us)));
    let (about, now) = server.with_untracked(|s| {
        (
            format!("{} · {}", s.item.image, s.item.site),
            Memo::new(move |_| server.with(|s| s.item.now.clone())),
        )
    });
    let lead = move || {
        let about = about.clone();
        view! {
            <p class="state-line">
                {move || {
                    let (state, since) = state.get();
                    view! { <StateWord tone=sentences::tone(state) word=sentences::word(state)/><span>"since "<Time us=since/></span> }
                }}
                <span>{about}</span>
                {move || now.get().filter(|_| state.get().0.is_moving()).map(|now| view! { <span>{now}</span> })}
                {move || state.get().0.is_moving().then(|| view! { <span class="no-js"><a href="">"Reload"</a>" to see news."</span> })}
            </p>
        }
    };
    // What failed is dismissed where it says why.
    let here = |server: &ServerView, act: &Act| *act != Act::Dismiss || server.failure.is_none();
    let legal = Memo::new(move |_| {
        server.with(|s| {
            let acts: Vec<_> = s.item.actions.iter().copied().filter(|act| here(s, act)).collect();
            (acts, s.address.clone())
        })
    });
    view! {
        <PageHead title=name lead=lead>
            {move || {
                let (legal, address) = legal.get();
                let asked = asked.try_update_value(std::mem::take).unwrap_or_default();
                let item = server.with_untracked(|server| server.item.clone());
                legal
                    .into_iter()
                    .map(|act| {
                        let open = asked.eq_ignore_ascii_case(sentences::action(act));
                        let item = item.clone();
                        match act {
                            Act::Rename => view! { <Rename item=item actions=actions open=open/> }.into_any(),
                            Act::Delete => {
                                view! { <Delete item=item address=address.clone() actions=actions open=open/> }.into_any()
                            }
                            Act::Stop if item.lives_in_memory() => {
                                view! { <StopAndLose item=item actions=actions open=open/> }.into_any()
                            }
                            act => view! { <ActButton id=item.id name=item.name act=act actions=actions/> }.into_any(),
                        }
                    })
                    .collect_view()
            }}
        </PageHead>
    }
    .into_any()
}

/// Whether a server in this state can be logged in to.
pub fn is_reachable(server: &ServerView) -> bool {
    server.item.state == ServerState::Ready && server.ssh_command.is_some()
}
