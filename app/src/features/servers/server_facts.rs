//! What is known of a server besides its state: what it takes, its facts, what happened to it, what its console says.

use super::api::show_console;
use super::model::{EventView, ServerView};
use super::sentences;
use crate::error::Result;
use crate::text::{count, counted};
use crate::ui::{Button, ButtonLink, Card, ErrorBox, Icon, Shape, Time};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What it takes of the limits, and the facts that people and the site's support ask for.
#[component]
pub fn Facts(
    /// The server.
    server: RwSignal<ServerView>,
) -> impl IntoView {
    let facts = Memo::new(move |_| server.with(|s| (s.item.clone(), s.created_us, s.facts.clone())));
    let takes = move || {
        let (item, ..) = facts.get();
        let size = item.size;
        let over = item.state.is_over();
        if over {
            return view! { <p>"It counts against no limit any more."</p> }.into_any();
        }
        let disk = match size.disk_gib {
            0 if item.disk_as_image => "as large as its image".to_owned(),
            0 => "none of its own".to_owned(),
            gib => format!("{} GiB", count(gib)),
        };
        view! {
            <dl class="kv">
                <dt>"Servers"</dt><dd>"1"</dd>
                <dt>"Cores"</dt><dd>{count(size.cores)}</dd>
                <dt>"Memory"</dt><dd>{sentences::memory(size.memory_mib)}</dd>
                <dt>"Disk"</dt><dd>{disk}</dd>
            </dl>
        }
        .into_any()
    };
    let about = move || {
        let (_, created, more) = facts.get();
        let more = more
            .into_iter()
            .map(|(name, value)| view! { <dt dir="auto">{name}</dt><dd dir="auto">{value}</dd> })
            .collect_view();
        view! {
            <dl class="kv">
                <dt>"Created"</dt><dd><Time us=created/></dd>
                {more}
            </dl>
        }
    };
    view! {
        <Card title="What it takes">{takes}</Card>
        <Card title="About">{about}</Card>
    }
    .into_any()
}

/// What happened, newest first; nothing where nothing did.
#[component]
pub fn Events(
    /// All that is known of it.
    #[prop(into)]
    events: Signal<Vec<EventView>>,
) -> impl IntoView {
    move || {
        let events = events.get();
        (!events.is_empty()).then(|| {
            let number = counted(events.len() as u64, "event");
            let rows = events
                .into_iter()
                .map(|EventView { at_us, what }| view! { <li><Time us=at_us/><span dir="auto">{what}</span></li> })
                .collect_view();
            view! { <Card title="Events" flush=true more=move || number.clone()><ul class="events">{rows}</ul></Card> }
        })
    }
}

/// The end of the console, asked for when it is opened.
#[component]
pub fn Console(
    /// The server.
    server: RwSignal<ServerView>,
) -> impl IntoView {
    let id = StoredValue::new(server.with_untracked(|server| server.item.id.clone()));
    let (text, asking, open) =
        (RwSignal::new(None::<Result<String>>), RwSignal::new(false), StoredValue::new(false));
    let look = move || {
        asking.set(true);
        spawn_local(async move {
            let Some(id) = id.try_get_value() else { return };
            let answer = show_console(id).await;
            let _ = text.try_set(Some(answer));
            let _ = asking.try_set(false);
        });
    };
    let toggled = move |_| {
        let now = !open.get_value();
        open.set_value(now);
        if now {
            look();
        }
    };
    let failed = Signal::derive(move || text.get().and_then(Result::err));
    let words = move || match text.get() {
        Some(Ok(text)) if text.trim().is_empty() => {
            view! { <p class="quiet-text">"The console has said nothing yet."</p> }.into_any()
        }
        Some(Ok(text)) => view! { <pre class="console" tabindex="0">{text}</pre> }.into_any(),
        Some(Err(_)) => ().into_any(),
        None => view! { <p class="quiet-text js-only">"Loading…"</p> }.into_any(),
    };
    view! {
        <section class="card">
            <details class="more-options" on:toggle=toggled>
                <summary><Icon shape=Shape::Right/><h2>"Console"</h2><span class="hint">"what the machine itself said last"</span></summary>
                <div class="body">
                    <ErrorBox error=failed/>
                    {words}
                    <div class="act spaced">
                        <Button small=true on:click=move |_| look() disabled_because=Signal::derive(move || asking.get().then(|| "It is being asked for.".to_owned()))>
                            <Icon shape=Shape::Refresh/>"Look again"
                        </Button>
                        <ButtonLink href=format!("/servers/{}/console", id.get_value()) small=true external=true>"Open as text"</ButtonLink>
                    </div>
                </div>
            </details>
        </section>
    }
    .into_any()
}
