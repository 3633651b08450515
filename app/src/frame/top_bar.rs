//! The bar at the top.

use super::app::FrameState;
use super::rail::Places;
use super::user_menu::{UserMenu, VisitorMenu};
use crate::text::count;
use crate::ui::{Icon, Shape};
use leptos::prelude::*;
use leptos_router::components::Form;

/// Brand, search, what runs, and the user's menu.
#[component]
pub fn TopBar() -> impl IntoView {
    let frame = FrameState::get();
    let running = move || {
        frame.view().filter(|view| view.running > 0).map(|view| {
            view! {
                <a class="state run" href="/queries">
                    <Icon shape=Shape::Running/>
                    {count(view.running)}
                    <span class="words-more">"running"</span>
                </a>
            }
        })
    };
    let user = move || {
        frame.0.try_get().flatten().map(|view| match view {
            Ok(view) => match view.name {
                Some(name) => view! { <UserMenu name=name/> }.into_any(),
                None => view! { <VisitorMenu/> }.into_any(),
            },
            Err(_) => ().into_any(),
        })
    };
    view! {
        <header class="top">
            <details class="menu narrow">
                <summary class="btn"><Icon shape=Shape::Menu/><span class="unseen">"Menu"</span></summary>
                <div class="sheet">
                    <Find id="find-narrow"/>
                    <nav aria-label="Main, narrow"><Places/></nav>
                </div>
            </details>
            <a class="brand" href="/">
                <svg viewBox="0 0 24 24" aria-hidden="true">
                    <circle class="body" cx="12" cy="12" r="3"/>
                    <ellipse cx="12" cy="12" rx="10" ry="4.5" transform="rotate(-30 12 12)"/>
                </svg>
                "Skyport"
            </a>
            <Find id="find"/>
            <div class="now">
                {running}
                {user}
            </div>
        </header>
    }
    .into_any()
}

/// The search over archives and their tables.
#[component]
fn Find(id: &'static str) -> impl IntoView {
    view! {
        <div class="find" role="search" aria-label="Skyport">
            <Form method="get" action="/datasets">
                <label class="unseen" for=id>"Search archives and tables"</label>
                <Icon shape=Shape::Search/>
                <input id=id type="search" name="q" placeholder="Search archives and tables" maxlength="200"/>
            </Form>
        </div>
    }
    .into_any()
}
