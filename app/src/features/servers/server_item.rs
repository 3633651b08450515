//! One server in the list: its state, what happens to it now, how to get into it, and what can be done.

use super::model::{ServerAction as Act, ServerItem, ServerState};
use super::sentences;
use super::server_actions::{ActButton, Actions};
use crate::ui::{ButtonLink, Copy, Menu, StateWord, Time};
use leptos::prelude::*;

/// An `<li>` of the list.
#[component]
pub fn Item(
    /// The server.
    item: ServerItem,
    /// The page's actions.
    actions: Actions,
) -> impl IntoView {
    let page = format!("/servers/{}", item.id);
    let now = item.now.clone().or_else(|| sentences::meaning(item.state).map(str::to_owned));
    let ssh = item.ssh.clone().map(|to| {
        let command = format!("ssh {to}");
        view! {
            <div class="ssh copyable">
                <code>{command.clone()}</code>
                <Copy text=command what=format!("the ssh command of {}", item.name)/>
            </div>
        }
    });
    let about = format!("{} · {} · {}", item.image, item.site, sentences::size(&item));
    view! {
        <li>
            <StateWord tone=sentences::tone(item.state) word=sentences::word(item.state)/>
            <div class="what">
                <a href=page dir="auto">{item.name.clone()}</a>
                <div class="sub">{about}" · since "<Time us=item.since_us/></div>
                {now.map(|now| view! { <div class="sub reason">{now}</div> })}
                {ssh}
            </div>
            <div class="act"><Likely item=item.clone() actions=actions/><More item=item actions=actions/></div>
        </li>
    }
    .into_any()
}

/// Whether an action is done at once, without a question before it.
fn at_once(act: Act, item: &ServerItem) -> bool {
    match act {
        Act::Start | Act::Reboot | Act::Dismiss => true,
        Act::Stop => !item.lives_in_memory(),
        Act::Rename | Act::Delete => false,
    }
}

/// The page of a server with the question of an action open.
fn ask(item: &ServerItem, act: Act) -> String {
    format!("/servers/{}?ask={}", item.id, sentences::action(act).to_lowercase())
}

/// The likely action, where it is one to be done from here.
fn likely(item: &ServerItem) -> Option<Act> {
    // What failed is looked at before it is dismissed.
    let looked_at_first =
        matches!(item.state, ServerState::Failed | ServerState::Vanished | ServerState::NeedsSignIn);
    item.actions.first().copied().filter(|act| !looked_at_first && at_once(*act, item))
}

#[component]
fn Likely(item: ServerItem, actions: Actions) -> impl IntoView {
    let page = format!("/servers/{}", item.id);
    match (likely(&item), item.state) {
        (Some(act), _) => {
            view! { <ActButton id=item.id name=item.name act=act actions=actions small=true/> }.into_any()
        }
        (None, state) => {
            let label = match state {
                ServerState::Failed | ServerState::Vanished => "See why",
                ServerState::NeedsSignIn => "Sign in at the site",
                state if state.is_moving() => "Watch",
                _ => "Open",
            };
            view! {
                <ButtonLink href=page small=true>
                    <span>{label}<span class="unseen">": "<bdi>{item.name}</bdi></span></span>
                </ButtonLink>
            }
            .into_any()
        }
    }
}

#[component]
fn More(item: ServerItem, actions: Actions) -> impl IntoView {
    let first = likely(&item);
    let entries = item
        .actions
        .iter()
        .filter(|act| Some(**act) != first)
        .map(|act| {
            if at_once(*act, &item) {
                view! { <li><ActButton id=item.id.clone() name=item.name.clone() act=*act actions=actions/></li> }
                    .into_any()
            } else {
                let words = format!("{}…", sentences::action(*act));
                view! { <li><a href=ask(&item, *act)>{words}</a></li> }.into_any()
            }
        })
        .collect_view();
    view! {
        <Menu label="More" small=true right=true>
            <li><a href=format!("/servers/{}", item.id)>"Show"</a></li>
            {entries}
        </Menu>
    }
    .into_any()
}
