//! Copy buttons, for everything that goes elsewhere: addresses, names, ADQL.

use super::announce::Announcer;
use super::browser;
use super::icon::{Icon, Shape};
use leptos::prelude::*;

/// A small button that copies a text. Without JavaScript there is none: the text beside it can be selected.
#[component]
pub fn Copy(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// What it is, for people who do not see the text: `name of the table`.
    #[prop(into)]
    what: String,
    /// Words on the button; only its icon where empty.
    #[prop(optional, into)]
    label: String,
) -> impl IntoView {
    let announcer = Announcer::get();
    let copied = RwSignal::new(false);
    let copy = Action::new_local(move |(): &()| {
        let text = text.get_untracked();
        async move {
            let done = browser::copy(&text).await;
            copied.set(done);
            announcer.say(if done {
                "Copied"
            } else {
                "The browser did not let Skyport copy. Select the text instead."
            });
        }
    });
    let class = if label.is_empty() { "copy js-only" } else { "btn small js-only" };
    let shape = move || if copied.get() { Shape::Check } else { Shape::Copy };
    view! {
        <button
            type="button"
            class=class
            aria-label=format!("Copy {what}")
            title=format!("Copy {what}")
            on:click=move |_| { copy.dispatch_local(()); }
            on:blur=move |_| copied.set(false)
        >
            {move || view! { <Icon shape=shape()/> }}
            {label}
        </button>
    }
}
