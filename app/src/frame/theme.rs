//! Light, dark, or as the system says; kept in the browser, applied before the first paint by the document's script.

use crate::ui::{Icon, Shape, browser};
use leptos::prelude::*;

const THEMES: [(Option<&str>, &str, Shape); 3] = [
    (None, "System", Shape::Monitor),
    (Some("light"), "Light", Shape::Sun),
    (Some("dark"), "Dark", Shape::Moon),
];

/// Three buttons, one of them pressed. Hidden without JavaScript, which alone can keep the choice.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let kept = RwSignal::new(None::<String>);
    Effect::new(move |_| kept.set(browser::kept_theme()));
    let button = move |(theme, words, shape): (Option<&'static str>, &'static str, Shape)| {
        view! {
            <button
                type="button"
                class="btn quiet"
                aria-pressed=move || if kept.with(|kept| kept.as_deref() == theme) { "true" } else { "false" }
                on:click=move |_| {
                    browser::keep_theme(theme);
                    kept.set(theme.map(str::to_owned));
                }
            >
                <Icon shape=shape/>
                {words}
            </button>
        }
    };
    view! { <div class="theme js-only" role="group" aria-label="Theme">{THEMES.map(button)}</div> }.into_any()
}
