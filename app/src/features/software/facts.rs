//! What an entry needs and how it is opened; and where it comes from.

use super::address;
use super::model::{Question, SoftwareView};
use super::sentences;
use crate::ui::{Card, Copy, Time};
use leptos::prelude::*;

/// Resources, processors, and the interface.
#[component]
pub fn Needs(
    /// The entry.
    view: SoftwareView,
) -> impl IntoView {
    let (minimum, recommended) = (view.card.minimum, view.recommended);
    let least = sentences::resources(&minimum).unwrap_or_else(|| "not said".to_owned());
    let best = sentences::resources(&recommended).filter(|best| *best != least);
    let best = best.map(|best| view! { <dt>"Better with"</dt><dd>{best}</dd> });
    let architectures = (!view.architectures.is_empty())
        .then(|| view! { <dt>"Built for"</dt><dd>{view.architectures.join(", ")}</dd> });
    let opened = view.interface.map(|at| {
        let watched = at
            .view
            .map(|_| view! { <dt>"Sharing"</dt><dd>"others may look on without changing anything"</dd> });
        view! {
            <dt>"Interface"</dt>
            <dd>"port "{at.port}", path "<code>{at.path}</code></dd>
            <dt>"Ready when"</dt>
            <dd><code>{at.ready}</code>" answers"</dd>
            {watched}
        }
    });
    let command = if view.command.is_empty() {
        view! { {sentences::OWN_COMMAND} }.into_any()
    } else {
        view! { <code>{sentences::command_line(&view.command)}</code> }.into_any()
    };
    view! {
        <Card title="What it needs">
            <dl class="kv">
                <dt>"At least"</dt>
                <dd>{least}</dd>
                {best}
                <dt>"GPU"</dt>
                <dd>{sentences::gpus(&minimum, &recommended)}</dd>
                {architectures}
                {opened}
                <dt>"Command"</dt>
                <dd>{command}</dd>
            </dl>
        </Card>
    }
    .into_any()
}

/// Licence, citation, source, maintainer, tags.
#[component]
pub fn About(
    /// The entry.
    view: SoftwareView,
) -> impl IntoView {
    let SoftwareView { card, licence, citation, source, maintainer, added_us, .. } = view;
    let text = |title: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <dt>{title}</dt><dd dir="auto">{text}</dd> })
    };
    let citation = (!citation.is_empty()).then(|| {
        let href = format!("https://doi.org/{citation}");
        view! {
            <dt>"Cite"</dt>
            <dd class="copyable"><a href=href rel="external noreferrer">{citation.clone()}</a><Copy text=citation what="the DOI"/></dd>
        }
    });
    let source = (!source.is_empty()).then(|| {
        view! { <dt>"Source"</dt><dd><a href=source.clone() rel="external noreferrer">{source.clone()}</a></dd> }
    });
    let added = added_us.map(|us| view! { <dt>"Added"</dt><dd><Time us=us/></dd> });
    let domain = (!card.domain.is_empty()).then(|| {
        let href = address::write(&Question { domain: card.domain.clone(), ..Question::default() });
        view! { <dt>"Domain"</dt><dd><a href=href dir="auto">{card.domain.clone()}</a></dd> }
    });
    let tags = card.tags.into_iter().map(|tag| {
        let href = address::write(&Question { tags: vec![tag.clone()], ..Question::default() });
        view! { <li><a href=href dir="auto">{tag}</a></li> }
    });
    let tags = tags.collect_view();
    view! {
        <Card title="About">
            <dl class="kv">
                {domain}
                {text("Licence", licence)}
                {citation}
                {source}
                {text("Maintained by", maintainer)}
                {added}
            </dl>
            <ul class="tags">{tags}</ul>
        </Card>
    }
    .into_any()
}

/// What the image says of itself; nothing where it says nothing.
#[component]
pub fn Labels(
    /// Name and value of each.
    labels: Vec<(String, String)>,
) -> impl IntoView {
    if labels.is_empty() {
        return None;
    }
    let rows = labels
        .into_iter()
        .map(|(name, value)| view! { <dt><code>{name}</code></dt><dd dir="auto">{value}</dd> })
        .collect_view();
    Some(view! { <Card title="Labels of the image"><dl class="kv labels">{rows}</dl></Card> }.into_any())
}
