//! One session in the list: its state, since when, what next and when, the likely action, and the rest in a menu.

use super::model::{SessionAction as Act, SessionItem, SessionState};
use super::sentences;
use super::session_actions::{Actions, DismissButton, ExtendButton, OpenButton, can_be_opened};
use crate::frame::address::escape;
use crate::ui::{ButtonLink, Countdown, Menu, StateWord, Time};
use leptos::prelude::*;

/// The page of a session.
pub fn page_of(id: &str) -> String {
    format!("/sessions/{}", escape(id))
}

/// What comes next, and when.
#[component]
pub fn Next(
    /// The session.
    item: SessionItem,
    /// When the server said so.
    now_us: i64,
) -> impl IntoView {
    let SessionItem { state, start_us, end_us, .. } = item;
    match state {
        SessionState::Waiting if start_us > now_us => {
            view! { "starts "<Time us=start_us/>", in "<Countdown to_us=start_us now_us=now_us/> }.into_any()
        }
        SessionState::Waiting => view! { "starts now" }.into_any(),
        SessionState::Ended | SessionState::Ending => ().into_any(),
        _ if end_us > now_us => {
            view! { "until "<Time us=end_us/>", "<Countdown to_us=end_us now_us=now_us/>" left" }.into_any()
        }
        _ => view! { "its time is up" }.into_any(),
    }
}

/// An `<li>` of the list.
#[component]
pub fn Item(
    /// The session.
    item: SessionItem,
    /// When the server said so.
    now_us: i64,
    /// The page's actions.
    actions: Actions,
) -> impl IntoView {
    let page = page_of(&item.id);
    let said = item.now.clone().or_else(|| sentences::why(&item).map(str::to_owned));
    let code = item.exit_code.filter(|code| *code != 0).map(|code| format!(" · exit code {code}"));
    let over = item.state == SessionState::Ended;
    view! {
        <li>
            <StateWord tone=sentences::tone(&item) word=sentences::word(&item)/>
            <div class="what">
                <a href=page dir="auto">{item.title.clone()}</a>
                <div class="sub">{sentences::about(&item)}{(!item.mine).then_some(" · shared with you")}</div>
                <div class="sub">
                    "since "<Time us=item.since_us/>{code}
                    {(!over).then(|| view! { " · "<Next item=item.clone() now_us=now_us/> })}
                </div>
                {said.map(|said| view! { <div class="sub reason">{said}</div> })}
            </div>
            <div class="act"><Likely item=item.clone()/><More item=item actions=actions/></div>
        </li>
    }
    .into_any()
}

#[component]
fn Likely(item: SessionItem) -> impl IntoView {
    if can_be_opened(&item) {
        return view! { <OpenButton item=item small=true/> }.into_any();
    }
    let label = match (item.state, item.end) {
        (SessionState::Ended, Some(end)) if !end.is_peaceful() => "See why",
        (SessionState::Ended, _) => "Look back",
        (SessionState::Waiting, _) => "Show",
        _ => "Watch",
    };
    view! {
        <ButtonLink href=page_of(&item.id) small=true>
            <span>{label}<span class="unseen">": "<bdi>{item.title}</bdi></span></span>
        </ButtonLink>
    }
    .into_any()
}

#[component]
fn More(item: SessionItem, actions: Actions) -> impl IntoView {
    let page = page_of(&item.id);
    let extend =
        item.may(Act::Extend).then(|| view! { <li><ExtendButton item=item.clone() actions=actions/></li> });
    let end = item.may(Act::End).then(|| view! { <li><a href=format!("{page}?ask=end")>"End…"</a></li> });
    let dismiss =
        item.may(Act::Dismiss).then(|| view! { <li><DismissButton item=item.clone() actions=actions/></li> });
    view! {
        <Menu label="More" small=true right=true>
            <li><a href=page.clone()>"Show"</a></li>
            {extend}
            {end}
            {dismiss}
        </Menu>
    }
    .into_any()
}
