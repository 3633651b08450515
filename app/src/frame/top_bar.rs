//! The bar at the top.

use super::app::FrameState;
use super::rail::Places;
use super::user_menu::{UserMenu, VisitorMenu};
use crate::features::sessions::model::Brief;
use crate::features::sessions::sentences::warning;
use crate::text::count;
use crate::ui::{Icon, Shape, browser};
use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::*;
use leptos_router::components::Form;
use std::time::Duration;

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
                    <span class="words-more">{if view.running == 1 { "query" } else { "queries" }}</span>
                </a>
            }
        })
    };
    let sessions = move || {
        frame
            .view()
            .filter(|view| view.sessions.live > 0)
            .map(|view| view! { <Sessions brief=view.sessions/> })
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
                {sessions}
                {running}
                {user}
            </div>
        </header>
    }
    .into_any()
}

/// How many sessions run, and whether the time of one of them is nearly up.
#[component]
fn Sessions(brief: Brief) -> impl IntoView {
    // The server does not say when it counted: without a script nothing is known of how much is left.
    let soon = RwSignal::new(None::<i64>);
    Effect::new(move |_| {
        let left = move || {
            let left = brief.ends_us.zip(browser::now_us()).map(|(ends, now)| ends - now);
            let _ = soon.try_set(left.and_then(warning));
        };
        left();
        if let Ok(handle) = set_interval_with_handle(left, Duration::from_secs(20)) {
            on_cleanup(move || handle.clear());
        }
    });
    let words = move || match soon.get() {
        Some(minutes) => format!("sessions, one ends within {minutes} min"),
        None if brief.live == 1 => "session".to_owned(),
        None => "sessions".to_owned(),
    };
    let shape = move || if soon.get().is_some() { Shape::Attention } else { Shape::Play };
    view! {
        <a class=move || if soon.get().is_some() { "state warn" } else { "state run" } href="/sessions">
            {move || view! { <Icon shape=shape()/> }}
            {count(brief.live)}
            <span class="words-more">{words}</span>
        </a>
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
