//! A field for an instant. The form always sends UTC: without a script it is typed so, with one the field shows the
//! browser's own zone and what is sent is worked out beside it.

use super::browser;
use super::field::{Field, described_by};
use crate::text;
use leptos::html;
use leptos::prelude::*;

/// A day and a time.
#[component]
pub fn TimeInput(
    /// The field's name in the form; it carries `2026-11-22T16:09` in UTC.
    #[prop(into)]
    name: String,
    /// The control's id.
    #[prop(into)]
    id: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// What stands in it at first, UTC microseconds.
    us: Option<i64>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let first = us.map(text::field).unwrap_or_default();
    let (live, sent) = (RwSignal::new(false), RwSignal::new(first.clone()));
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        let Some(input) = input.get().filter(|_| !live.get_untracked()) else { return };
        // What was typed before the script ran was typed as the page then asked for it.
        let typed = input.value();
        let Some(shown) = text::of_field(&typed).map_or(Some(String::new()), browser::local_field) else {
            return;
        };
        input.set_value(&shown);
        sent.set(typed);
        live.set(true);
    });
    let hint = Signal::derive(move || Some(if live.get() { zone_words(sent) } else { "In UTC.".to_owned() }));
    let described = described_by(&id, hint, error);
    let (visible, hidden) = (name.clone(), name);
    view! {
        <Field id=id.clone() label=label hint=hint error=error>
            <input
                id=id
                node_ref=input
                type="datetime-local"
                name=move || (!live.get()).then(|| visible.clone())
                value=first
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:input:target=move |event| {
                    let value = event.target().value();
                    let us = if live.get_untracked() { browser::of_local_field(&value) } else { text::of_field(&value) };
                    sent.set(us.map(text::field).unwrap_or_default());
                }
            />
            {move || live.get().then(|| view! { <input type="hidden" name=hidden.clone() value=move || sent.get()/> })}
        </Field>
    }
    .into_any()
}

/// In whose zone it is shown, with the same instant in UTC.
fn zone_words(sent: RwSignal<String>) -> String {
    match text::of_field(&sent.get()) {
        Some(us) => format!("In your time zone; {}.", text::utc(us)),
        None => "In your time zone.".to_owned(),
    }
}
