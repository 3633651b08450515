//! A session, or an offer that is held, in a few words: where it stands, what it is, and the way to it.

use super::model::HomeRow;
use crate::ui::{ButtonLink, Icon, Shape, StateWord, Time};
use leptos::prelude::*;

/// An `<li>`.
#[component]
pub fn SessionRow(
    /// What is said.
    row: HomeRow,
) -> impl IntoView {
    let HomeRow { tone, word, title, page, about, next, next_us, label, opens, .. } = row;
    let next = (!next.is_empty()).then(|| view! { " · "{next}" "<Time us=next_us/> });
    let named = view! { <span class="unseen">": "<bdi>{title.clone()}</bdi></span> };
    let act = if opens {
        view! {
            <form method="post" action=format!("{page}/open") target="_blank">
                <button class="btn small"><Icon shape=Shape::Out/><span>"Open"{named}</span></button>
            </form>
        }
        .into_any()
    } else {
        view! { <ButtonLink href=page.clone() small=true><span>{label}{named}</span></ButtonLink> }.into_any()
    };
    view! {
        <li>
            <StateWord tone=tone word=word/>
            <div class="what">
                <a href=page dir="auto">{title}</a>
                <div class="sub"><span dir="auto">{about}</span>{next}</div>
            </div>
            <div class="act">{act}</div>
        </li>
    }
    .into_any()
}
