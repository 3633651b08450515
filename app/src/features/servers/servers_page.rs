//! The servers, newest first, what needs a look before them; it keeps itself up to date.

use super::api::list_servers;
use super::model::ServersView;
use super::sentences;
use super::server_actions::Actions;
use super::server_item::Item;
use super::stream::{OneAtATime, watch};
use super::usage_bars::UsageBars;
use super::wish::NEW_SERVER;
use crate::error::Error;
use crate::frame::address::sign_in;
use crate::frame::query_string::use_value;
use crate::ui::{
    Announcer, ButtonLink, Card, DataError, Empty, Loading, Look, PageHead, Pager, Problem, Shape,
};
use leptos::prelude::*;

/// How many are on a page; the server gives as many.
const PER_PAGE: u64 = 50;

/// The page.
#[component]
pub fn ServersPage() -> impl IntoView {
    let offset = use_value("offset");
    let offset = Memo::new(move |_| offset.with(|text| text.parse::<u64>().unwrap_or(0)));
    let first = Resource::new_blocking(move || offset.get(), list_servers);
    view! {
        <PageHead
            title="Servers"
            lead=|| "Virtual machines of your own: with an address, an access user, and your key in them."
        >
            <ButtonLink href="/keys">"Access keys"</ButtonLink>
            <ButtonLink href=NEW_SERVER look=Look::Primary>"Create a server"</ButtonLink>
        </PageHead>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match first.await {
                    Ok(view) => view! { <Servers first=view/> }.into_any(),
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
            <Empty
                title="Sign in to have servers"
                text="A server is a virtual machine that is yours alone: choose a system and a size, log in with your own key, and remove it when you are done. It belongs to an account."
                shape=Shape::Server
            >
                <ButtonLink href=sign_in("/servers") look=Look::Primary>"Sign in"</ButtonLink>
            </Empty>
        </Card>
    }
}

#[component]
fn Servers(first: ServersView) -> impl IntoView {
    let offset = first.offset;
    let servers = RwSignal::new(first);
    let (actions, news) = (Actions::new(), OneAtATime::new());
    let look = move || {
        news.run(move || async move {
            // What could not be had now is had with the next piece of news.
            if let Ok(view) = list_servers(offset).await {
                let _ = servers.try_set(view);
            }
        });
    };
    watch("/servers/events".to_owned(), look);
    announce(servers);
    Effect::watch(move || actions.version(), move |_, _, _| look(), false);
    let empty = Memo::new(move |_| servers.with(|view| view.items.is_empty()));
    let total = Memo::new(move |_| servers.with(|view| view.total));
    let usage = Memo::new(move |_| servers.with(|view| view.usage.clone()));
    let moving =
        Memo::new(move |_| servers.with(|view| view.items.iter().any(|item| item.state.is_moving())));
    // Keyed with all that is shown: what did not change keeps its open menu and the focus.
    let key = |item: &super::model::ServerItem| serde_json::to_string(item).unwrap_or_default();
    view! {
        <Problem error=Signal::derive(move || actions.failed())/>
        {move || {
            let usage = usage.get();
            (!usage.is_empty()).then(|| view! { <section class="card strip" aria-label="In use"><UsageBars usage=usage/></section> })
        }}
        {move || moving.get().then(|| view! { <p class="hint no-js reload"><a href="">"Reload"</a>" to see news."</p> })}
        <Show when=move || !empty.get() fallback=move || view! { <Nothing total=total.get()/> }>
            <Card flush=true>
                <ul class="live servers">
                    <For each=move || servers.with(|view| view.items.clone()) key=key children=move |item| view! { <Item item=item actions=actions/> }/>
                </ul>
                {move || {
                    view! { <Pager offset=offset per_page=PER_PAGE total=total.get() noun="servers" href=|at| format!("/servers?offset={at}")/> }
                }}
            </Card>
        </Show>
    }
    .into_any()
}

#[component]
fn Nothing(total: u64) -> impl IntoView {
    if total > 0 {
        return view! {
            <Card flush=true>
                <Empty title="Nothing on this page" text="Servers were removed since." shape=Shape::Server>
                    <ButtonLink href="/servers">"To the first page"</ButtonLink>
                </Empty>
            </Card>
        }
        .into_any();
    }
    view! {
        <Card flush=true>
            <Empty
                title="No servers yet"
                text="When a container is not enough: a machine of your own, ready in moments. Choose a system and a size, give it your access key, and log in with the ssh command that is shown here."
                shape=Shape::Server
            >
                <ButtonLink href=NEW_SERVER look=Look::Primary>"Create a server"</ButtonLink>
                <ButtonLink href="/keys">"Add an access key"</ButtonLink>
            </Empty>
        </Card>
    }
    .into_any()
}

/// Says what became of a server when its state changes.
fn announce(servers: RwSignal<ServersView>) {
    let announcer = Announcer::get();
    let states = Memo::new(move |_| {
        servers.with(|view| {
            view.items.iter().map(|i| (i.id.clone(), i.name.clone(), i.state)).collect::<Vec<_>>()
        })
    });
    Effect::watch(
        move || states.get(),
        move |now, before, _| {
            let Some(before) = before else { return };
            let changed = now
                .iter()
                .filter(|(id, _, state)| before.iter().any(|(known, _, was)| known == id && was != state));
            let words: Vec<_> =
                changed.map(|(_, name, state)| format!("{name}: {}.", sentences::word(*state))).collect();
            if !words.is_empty() {
                announcer.say(words.join(" "));
            }
        },
        false,
    );
}
