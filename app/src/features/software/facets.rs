//! What a search can be narrowed by: links, each with how many would be left. A second press takes it off again.

use super::address;
use super::model::{FacetValue, Facets as Counts, Only, Question};
use crate::text::count;
use crate::ui::{Icon, Shape};
use leptos::prelude::*;

/// One link.
struct Choice {
    words: String,
    count: u64,
    href: String,
    chosen: bool,
}

/// The column beside the cards.
#[component]
pub fn Facets(
    /// What there is.
    facets: Counts,
    /// What is looked for now.
    question: Question,
    /// Whether somebody is signed in.
    signed_in: bool,
) -> impl IntoView {
    let Counts { kinds, domains, tags, favourites, recent, mine, fits } = facets;
    let only = |words: &str, value: Only, count: u64| {
        let chosen = question.only == value;
        let href = address::with(&question, |q| q.only = if chosen { Only::All } else { value });
        Choice { words: words.to_owned(), count, href, chosen }
    };
    let yours = if signed_in {
        vec![
            only("Favourites", Only::Favourites, favourites),
            only("Recently used", Only::Recent, recent),
            only("Added by you", Only::Mine, mine),
        ]
    } else {
        Vec::new()
    };
    let fits = fits.into_iter().map(|count| {
        let chosen = question.fits;
        let href = address::with(&question, |q| q.fits = !chosen);
        Choice { words: "Fits a site here".to_owned(), count, href, chosen }
    });
    let kinds = kinds.into_iter().map(|(kind, count)| {
        let chosen = question.kind == Some(kind);
        let href = address::with(&question, |q| q.kind = (!chosen).then_some(kind));
        Choice { words: kind.word().to_owned(), count, href, chosen }
    });
    let domains = domains.into_iter().map(|FacetValue { key, count }| {
        let chosen = question.domain == key;
        let href = address::with(&question, |q| q.domain = if chosen { String::new() } else { key.clone() });
        Choice { words: key, count, href, chosen }
    });
    let tags = tags.into_iter().map(|FacetValue { key, count }| {
        let chosen = question.tags.contains(&key);
        let href = address::with(&question, |q| {
            if chosen { q.tags.retain(|tag| *tag != key) } else { q.tags.push(key.clone()) }
        });
        Choice { words: key, count, href, chosen }
    });
    let groups = view! {
        {group("Yours", yours)}
        {group("Room", fits.collect())}
        {group("Kind", kinds.collect())}
        {group("Domain", domains.collect())}
        {group("Tags", tags.collect())}
    };
    let open = address::is_narrowed(&question);
    view! {
        <nav class="facets" aria-label="Narrow the search">
            <details class="narrow-by" open=open>
                <summary class="btn"><Icon shape=Shape::Filter/>"Narrow"<Icon shape=Shape::Down/></summary>
            </details>
            <div class="groups">{groups}</div>
        </nav>
    }
    .into_any()
}

fn group(title: &'static str, choices: Vec<Choice>) -> Option<AnyView> {
    if choices.is_empty() {
        return None;
    }
    let rows = choices
        .into_iter()
        .map(|Choice { words, count: number, href, chosen }| {
            view! {
                <li>
                    <a href=href aria-current=chosen.then_some("true") data-noscroll="">
                        <span dir="auto">{words}</span>
                        {chosen.then(|| view! { <span class="unseen">" (chosen)"</span> })}
                        <span class="number">{count(number)}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    Some(view! { <h2>{title}</h2><ul>{rows}</ul> }.into_any())
}
