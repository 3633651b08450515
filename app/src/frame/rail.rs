//! The pages of Skyport: a rail on wide screens, the same links in a menu on narrow ones.

use super::app::FrameState;
use crate::text::count;
use crate::ui::{Icon, Shape};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The rail on the left.
#[component]
pub fn Rail() -> impl IntoView {
    view! { <nav class="rail" aria-label="Main"><Places/></nav> }
}

/// Links to the main pages, with what is counted.
#[component]
pub fn Places() -> impl IntoView {
    let frame = FrameState::get();
    let queries = move || {
        frame.view().filter(|view| view.running > 0).map(|view| {
            view! { <span class="count">{count(view.running)}<span class="unseen">" running"</span></span> }
        })
    };
    let basket = move || {
        frame.view().filter(|view| view.basket > 0).map(|view| {
            let noun = if view.basket == 1 { " item" } else { " items" };
            view! { <span class="count">{count(view.basket)}<span class="unseen">{noun}</span></span> }
        })
    };
    let sessions = move || {
        frame.view().filter(|view| view.sessions.live > 0).map(|view| {
            view! { <span class="count">{count(view.sessions.live)}<span class="unseen">" running"</span></span> }
        })
    };
    view! {
        <ul class="places">
            <li><Place href="/" shape=Shape::Home>"Home"</Place></li>
            <li><Place href="/datasets" shape=Shape::Database>"Datasets"</Place></li>
            <li><Place href="/queries" shape=Shape::Queries>"Queries"{queries}</Place></li>
            <li><Place href="/basket" shape=Shape::Basket>"Basket"{basket}</Place></li>
            <li><Place href="/software" shape=Shape::Package>"Software"</Place></li>
            <li><Place href="/plan" shape=Shape::Clock>"Plan"</Place></li>
            <li><Place href="/sessions" shape=Shape::Play>"Sessions"{sessions}</Place></li>
            <li><Place href="/servers" shape=Shape::Server>"Servers"</Place></li>
        </ul>
    }
    .into_any()
}

#[component]
fn Place(href: &'static str, shape: Shape, children: Children) -> impl IntoView {
    let path = use_location().pathname;
    let current = move || {
        path.with(|path| match path.strip_prefix(href) {
            Some("") => Some("page"),
            Some(rest) if href != "/" && rest.starts_with('/') => Some("true"),
            _ => None,
        })
    };
    view! { <a href=href aria-current=current><Icon shape=shape/>{children()}</a> }
}
