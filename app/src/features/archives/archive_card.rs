//! One archive as a card: what it holds, whether it answers, and what one can do with it.

use super::api::ProbeArchive;
use super::model::{ArchiveDetail, ArchiveState, ArchiveView};
use crate::frame::address::escape;
use crate::text::{count, counted};
use crate::ui::{ButtonLink, Copy, StateWord, SubmitButton, Time, Tone};
use leptos::prelude::*;

/// The state of an archive in a word.
#[component]
pub fn ArchiveStateWord(
    /// What is known of it.
    state: ArchiveState,
) -> impl IntoView {
    let (tone, word) = match state {
        ArchiveState::Answering { .. } => (Tone::Done, "Answering"),
        ArchiveState::Away { .. } => (Tone::Failed, "Not reached"),
        ArchiveState::NotTried => (Tone::Quiet, "Not asked yet"),
    };
    view! { <StateWord tone=tone word=word/> }
}

/// Why it is so, and since when that is known.
#[component]
pub fn ArchiveStateDetail(
    /// What is known of it.
    state: ArchiveState,
) -> impl IntoView {
    match state {
        ArchiveState::Answering { at_us } => {
            view! { <span class="quiet-text">"Answered "<Time us=at_us/></span> }.into_any()
        }
        ArchiveState::Away { reason, at_us } => view! {
            <span>{reason}" "<span class="quiet-text">"Tried "<Time us=at_us/></span></span>
        }
        .into_any(),
        ArchiveState::NotTried => {
            view! { <span class="quiet-text">"Nobody has asked it since Skyport was started."</span> }
                .into_any()
        }
    }
}

/// The button that asks an archive whether it answers.
#[component]
pub fn ProbeForm(
    /// The archive's key.
    #[prop(into)]
    archive: String,
    /// The action that asks.
    probe: ServerAction<ProbeArchive>,
    /// Whether it was asked before.
    again: bool,
) -> impl IntoView {
    view! {
        <ActionForm action=probe>
            <input type="hidden" name="archive" value=archive/>
            <SubmitButton small=true pending=probe.pending()>
                {if again { "Ask again" } else { "See if it answers" }}
            </SubmitButton>
        </ActionForm>
    }
    .into_any()
}

/// The card.
#[component]
pub fn ArchiveCard(
    /// The archive, with the tables that a search found in it.
    detail: ArchiveDetail,
    /// What was searched for.
    search: String,
    /// Asks it again.
    probe: ServerAction<ProbeArchive>,
) -> impl IntoView {
    let ArchiveDetail { archive, tables, matching, .. } = detail;
    let ArchiveView { name, title, sentence, address, state, tables: known } = archive;
    let href = format!("/datasets/{}", escape(&name));
    let ask = format!("/datasets/query?archive={}", escape(&name));
    let again = !matches!(state, ArchiveState::NotTried);
    let answering = matches!(state, ArchiveState::Answering { .. });
    let all = format!("{href}?q={}", escape(&search));
    let hits = (matching > 0).then(|| {
        let shown = tables.len() as u64;
        let rows = tables
            .into_iter()
            .map(|table| {
                let at = format!("{all}&table={}", escape(&table.name));
                view! { <li><a href=at><code>{table.name}</code></a>" "<span class="quiet-text" dir="auto">{table.description}</span></li> }
            })
            .collect_view();
        let rest = (matching > shown)
            .then(|| view! { <li><a href=all.clone()>{format!("All {} matching tables", count(matching))}</a></li> });
        view! { <ul class="hits">{rows}{rest}</ul> }
    });
    view! {
        <article class="card archive">
            <header>
                <h2><a href=href.clone() dir="auto">{title}</a></h2>
                <div class="more"><ArchiveStateWord state=state.clone()/></div>
            </header>
            <div class="body">
                <p dir="auto">{sentence}</p>
                {hits}
                <p class="facts">
                    {address.map(|address| view! {
                        <span class="copyable"><code>{address.clone()}</code><Copy text=address what="address"/></span>
                    })}
                    <ArchiveStateDetail state=state/>
                </p>
            </div>
            <footer class="act">
                <ButtonLink href=href small=true>
                    {known.map_or_else(|| "Tables".to_owned(), |tables| counted(tables, "table"))}
                </ButtonLink>
                <ButtonLink href=ask small=true>"Ask it"</ButtonLink>
                {(!answering).then(|| view! { <ProbeForm archive=name probe=probe again=again/> })}
            </footer>
        </article>
    }
    .into_any()
}
