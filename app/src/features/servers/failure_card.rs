//! Why a server could not be made, in whose words, what was cleaned up, and what to do now.

use super::model::{FailureView, ServerAction as Act, ServerView};
use super::server_actions::{ActButton, Actions};
use super::wish::Asked;
use crate::ui::{ButtonLink, Copy, Icon, Look, Shape};
use leptos::prelude::*;

/// The card.
#[component]
pub fn Failure(
    /// What went wrong.
    failure: FailureView,
    /// The server.
    server: RwSignal<ServerView>,
    /// The page's actions.
    actions: Actions,
) -> impl IntoView {
    let FailureView { what, words, request, cleaned, next } = failure;
    let item = server.with_untracked(|server| server.item.clone());
    let over = item.state.is_over();
    let again = over.then(|| {
        let href = server.with_untracked(|server| Asked::again(&server.item.id, &server.choices).address());
        view! { <ButtonLink href=href look=Look::Primary>"Try again with these choices"</ButtonLink> }
    });
    let dismiss = item.actions.contains(&Act::Dismiss).then(|| {
        view! { <ActButton id=item.id.clone() name=item.name.clone() act=Act::Dismiss actions=actions/> }
    });
    let site = item.site.clone();
    let words = words.map(|words| {
        view! {
            <figure class="quoted">
                <blockquote dir="auto">{words}</blockquote>
                <figcaption>"The site's own words: "<bdi>{site}</bdi></figcaption>
            </figure>
        }
    });
    let request = request.map(|request| {
        view! {
            <p class="sub copyable">
                <span>"For the site's support: request "<code>{request.clone()}</code></span>
                <Copy text=request what="the number of the request"/>
            </p>
        }
    });
    let cleaned = (!cleaned.is_empty()).then(|| {
        let rows = cleaned
            .into_iter()
            .map(|sentence| view! { <li><Icon shape=Shape::Undo/><span>{sentence}</span></li> })
            .collect_view();
        view! { <h3>"Cleaned up"</h3><ul class="cleaned">{rows}</ul> }
    });
    view! {
        <section class="card failure" role="alert">
            <header><h2><Icon shape=Shape::Failed/>{if over { "It could not be made" } else { "Something went wrong" }}</h2></header>
            <div class="body">
                <p>{what}</p>
                {words}
                {request}
                {cleaned}
                <h3>"What to do now"</h3>
                <p>{next}</p>
                <div class="act spaced">{again}{dismiss}</div>
            </div>
        </section>
    }
    .into_any()
}
