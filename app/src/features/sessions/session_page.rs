//! One session: how it starts, step by step; the way into it; what it uses and holds; why it ended and what it wrote.

use super::api::show_session;
use super::end_card::EndCard;
use super::end_warning::{EndWarning, NotifyButton};
use super::log_card::{LogCard, first_of};
use super::model::{SessionAction as Act, SessionState, SessionView};
use super::sentences;
use super::session_actions::{Actions, EndQuestion, ExtendButton, OpenButton, Rename, can_be_opened};
use super::session_facts::{DataFiles, Facts, OutputFiles, ProgressLine, UsageCard};
use super::session_item::{Next, page_of};
use super::share_card::ShareCard;
use crate::error::Result;
use crate::features::servers::server_facts::Events;
use crate::features::servers::steps_card::Steps;
use crate::features::servers::stream::{OneAtATime, watch};
use crate::features::software::model::Kind;
use crate::frame::app::FrameState;
use crate::frame::query_string::use_value;
use crate::ui::{Announcer, Loading, Look, Notice, PageError, PageHead, Problem, StateWord, Time, Tone};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The session, and the end of its log.
async fn look(id: String) -> Result<(SessionView, String)> {
    let session = show_session(id.clone()).await?;
    let log = first_of(id, session.has_log).await.unwrap_or_default();
    Ok((session, log))
}

/// The page.
#[component]
pub fn SessionPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let first = Resource::new_blocking(move || id.get(), look);
    view! {
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match first.await {
                    Ok((session, log)) => view! { <OneSession first=session log=log/> }.into_any(),
                    Err(error) => view! { <PageError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// Keeps the session as it is, in the browser, and says when its state changes.
fn follow(session: RwSignal<SessionView>, actions: Actions) {
    let news = OneAtATime::new();
    let id = StoredValue::new(session.with_untracked(|session| session.item.id.clone()));
    let look = move || {
        news.run(move || async move {
            let Some(id) = id.try_get_value() else { return };
            // What could not be had now is had with the next piece of news.
            if let Ok(view) = show_session(id).await {
                let _ = session.try_set(view);
            }
        });
    };
    watch(format!("{}/events", page_of(&id.get_value())), look);
    Effect::watch(move || actions.version(), move |_, _, _| look(), false);
    let (announcer, frame) = (Announcer::get(), FrameState::get());
    let word = Memo::new(move |_| session.with(|session| sentences::word(&session.item)));
    Effect::watch(
        move || word.get(),
        move |word, _, _| {
            let title = session.with_untracked(|session| session.item.title.clone());
            announcer.say(format!("{title}: {word}"));
            frame.refresh();
        },
        false,
    );
}

#[component]
fn OneSession(first: SessionView, log: String) -> impl IntoView {
    let session = RwSignal::new(first);
    let actions = Actions::new();
    follow(session, actions);
    // Each part is made anew only when what it shows has changed: an open question stays open, a typed name stays.
    let title = Memo::new(move |_| session.with(|s| s.item.title.clone()));
    let steps = Memo::new(move |_| session.with(|s| s.steps.clone()));
    let events = Memo::new(move |_| session.with(|s| s.events.clone()));
    let has_log = Memo::new(move |_| session.with(|s| s.has_log));
    let moved = Memo::new(move |_| session.with(|s| format!("{:?}{}", s.item.state, s.output.len())));
    let asked = StoredValue::new(use_value("ask").get_untracked());
    let (id, open, mine) = session.with_untracked(|s| {
        (s.item.id.clone(), s.item.kind == Kind::Batch || s.item.state == SessionState::Ended, s.item.mine)
    });
    let steps_title = Signal::stored("Steps".to_owned());
    view! {
        {move || view! { <Head session=session title=title.get() actions=actions asked=asked/> }}
        <Problem error=Signal::derive(move || actions.failed())/>
        {(!mine).then(|| {
            let words = move || {
                let control = session.with(|s| s.item.control);
                if control { sentences::NOT_MINE } else { sentences::NOT_MINE_TO_USE }
            };
            view! { <Notice tone=Tone::Waiting><p>{words}</p></Notice> }
        })}
        <EndWarning session=session actions=actions/>
        <div class="grid session">
            <div class="c8 stack">
                <EndCard session=session actions=actions/>
                <ProgressLine session=session/>
                <Steps title=steps_title steps=steps/>
                <OutputFiles session=session/>
                <DataFiles session=session/>
                {move || has_log.get().then(|| view! { <LogCard id=id.clone() first=log.clone() open=open moved=moved/> })}
            </div>
            <div class="c4 stack">
                <UsageCard session=session/>
                <Facts session=session/>
                <ShareCard session=session actions=actions/>
                <Events events=events/>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Head(
    session: RwSignal<SessionView>,
    title: String,
    actions: Actions,
    asked: StoredValue<String>,
) -> impl IntoView {
    let state = Memo::new(move |_| session.with(|s| s.item.clone()));
    let lead = move || {
        view! {
            <p class="state-line">
                {move || {
                    let item = state.get();
                    let over = item.state == SessionState::Ended;
                    let now_us = session.with_untracked(|s| s.now_us);
                    let moving = item.is_moving() || item.state == SessionState::Waiting;
                    view! {
                        <StateWord tone=sentences::tone(&item) word=sentences::word(&item)/>
                        <span>"since "<Time us=item.since_us/></span>
                        {(!over).then(|| view! { <span><Next item=item.clone() now_us=now_us/></span> })}
                        {item.now.clone().map(|now| view! { <span>{now}</span> })}
                        {moving.then(|| view! { <span class="no-js"><a href="">"Reload"</a>" to see news."</span> })}
                    }
                }}
            </p>
        }
    };
    let legal = Memo::new(move |_| {
        session.with(|s| {
            (
                s.item.actions.clone(),
                can_be_opened(&s.item),
                s.item.state,
                s.extend_minutes,
                s.no_extension.clone(),
            )
        })
    });
    view! {
        <PageHead title=title lead=lead>
            {move || {
                let (legal, opens, state, minutes, no_extension) = legal.get();
                let asked = asked.try_update_value(std::mem::take).unwrap_or_default();
                let item = session.with_untracked(|session| session.item.clone());
                let may = |act| legal.contains(&act);
                let lives = !matches!(state, SessionState::Ended | SessionState::Ending);
                view! {
                    {(lives && item.mine).then(|| view! { <NotifyButton/> })}
                    {item.mine.then(|| view! { <Rename item=item.clone() actions=actions open=asked == "rename"/> })}
                    {may(Act::End).then(|| view! { <EndQuestion item=item.clone() actions=actions open=asked == "end"/> })}
                    {may(Act::Extend).then(|| {
                        view! { <ExtendButton item=item.clone() minutes=minutes no_extension=no_extension.clone() actions=actions/> }
                    })}
                    {opens.then(|| view! { <OpenButton item=item.clone() look=Look::Primary/> })}
                }
            }}
        </PageHead>
    }
    .into_any()
}
