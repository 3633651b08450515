//! What is known of a session besides its state: what it uses, its data, what it left behind, and its facts.

use super::level_bar::LevelBar;
use super::model::{SessionState, SessionView};
use super::sentences;
use super::session_item::page_of;
use crate::features::software::card;
use crate::features::software::sentences::resources;
use crate::frame::address::escape;
use crate::text::{bytes, counted};
use crate::ui::{Card, Copy, Icon, Shape, Span, Time};
use leptos::prelude::*;

/// How far the step is that goes on.
#[component]
pub fn ProgressLine(
    /// The session.
    session: RwSignal<SessionView>,
) -> impl IntoView {
    let progress = Memo::new(move |_| session.with(|s| s.progress.clone()));
    move || {
        progress.get().map(|progress| {
            let words = sentences::progress(&progress);
            view! {
                <div class="card strip usage"><ul><LevelBar name="So far" words=words used=progress.done_bytes limit=progress.of_bytes/></ul></div>
            }
        })
    }
}

/// What it uses now, while it runs.
#[component]
pub fn UsageCard(
    /// The session.
    session: RwSignal<SessionView>,
) -> impl IntoView {
    let usage = Memo::new(move |_| session.with(|s| (s.usage, s.item.resources.cores)));
    move || {
        let (usage, cores) = usage.get();
        usage.map(|usage| {
            let limit = (usage.memory_limit_bytes > 0).then_some(usage.memory_limit_bytes);
            let memory = match limit {
                Some(limit) => format!("{} of {}", bytes(usage.memory_bytes), bytes(limit)),
                None => bytes(usage.memory_bytes),
            };
            let cores_words = format!("{} of {}", sentences::cores(usage.cores_milli), counted(u64::from(cores), "core"));
            view! {
                <Card title="In use now">
                    <div class="usage">
                        <ul>
                            <LevelBar name="Cores" words=cores_words used=usage.cores_milli limit=Some(u64::from(cores) * 1000)/>
                            <LevelBar name="Memory" words=memory used=usage.memory_bytes limit=limit/>
                        </ul>
                    </div>
                </Card>
            }
        })
    }
}

/// What is in `/data`.
#[component]
pub fn DataFiles(
    /// The session.
    session: RwSignal<SessionView>,
) -> impl IntoView {
    let files = Memo::new(move |_| session.with(|s| s.data.clone()));
    move || {
        let files = files.get();
        (!files.is_empty()).then(|| {
            let all: u64 = files.iter().map(|file| file.bytes).sum();
            let more = format!("{}, {}", counted(files.len() as u64, "file"), bytes(all));
            let rows = files
                .into_iter()
                .map(|file| {
                    let path = format!("/data/{}", file.name);
                    view! {
                        <li>
                            <span class="copyable"><code>{path.clone()}</code><Copy text=path what="its path"/></span>
                            <span class="sub"><span dir="auto">{file.what}</span>" · "{bytes(file.bytes)}</span>
                        </li>
                    }
                })
                .collect_view();
            view! { <Card title="Data inside" flush=true more=move || more.clone()><ul class="files">{rows}</ul></Card> }
        })
    }
}

/// What a batch run left to be downloaded.
#[component]
pub fn OutputFiles(
    /// The session.
    session: RwSignal<SessionView>,
) -> impl IntoView {
    let files = Memo::new(move |_| session.with(|s| s.output.clone()));
    let page = session.with_untracked(|s| page_of(&s.item.id));
    move || {
        let files = files.get();
        (!files.is_empty()).then(|| {
            let more = counted(files.len() as u64, "file");
            let rows = files
                .into_iter()
                .map(|file| {
                    let path = file.name.split('/').map(escape).collect::<Vec<_>>().join("/");
                    view! {
                        <li>
                            <a href=format!("{page}/output/{path}") rel="external" download=""><Icon shape=Shape::Download/><span dir="auto">{file.name}</span></a>
                            <span class="sub">{bytes(file.bytes)}</span>
                        </li>
                    }
                })
                .collect_view();
            view! { <Card title="Output" flush=true more=move || more.clone()><ul class="files">{rows}</ul></Card> }
        })
    }
}

/// The facts that people and the operator ask for.
#[component]
pub fn Facts(
    /// The session.
    session: RwSignal<SessionView>,
) -> impl IntoView {
    let facts = Memo::new(move |_| {
        session.with(|s| {
            (s.item.clone(), s.booking.clone(), s.software.clone(), s.image.clone(), s.asked_us, s.ready_us)
        })
    });
    move || {
        let (item, booking, software, image, asked, ready) = facts.get();
        let size = resources(&item.resources).unwrap_or_default();
        let ready = ready.map(|us| view! { <dt>"Ready"</dt><dd><Time us=us/></dd> });
        let ended = (item.state == SessionState::Ended)
            .then(|| view! { <dt>"Ended"</dt><dd><Time us=item.since_us/></dd> });
        let image = (!image.is_empty()).then(|| {
            view! { <dt>"Image"</dt><dd class="copyable"><code>{image.clone()}</code><Copy text=image what="the image"/></dd> }
        });
        let booked = item.mine.then(|| {
            let href = format!("/bookings/{}", escape(&booking));
            view! { <dt>"Booked"</dt><dd><a href=href><Span from_us=item.start_us to_us=item.end_us/></a></dd> }
        });
        view! {
            <Card title="About">
                <dl class="kv">
                    <dt>"Software"</dt><dd><a href=card::page_of(&software) dir="auto">{item.software.clone()}</a></dd>
                    <dt>"Kind"</dt><dd>{item.kind.word()}</dd>
                    <dt>"Site"</dt><dd dir="auto">{item.site.clone()}</dd>
                    <dt>"It has"</dt><dd>{size}</dd>
                    {booked}
                    <dt>"Asked for"</dt><dd><Time us=asked/></dd>
                    {ready}
                    {ended}
                    {image}
                </dl>
            </Card>
        }
    }
}
