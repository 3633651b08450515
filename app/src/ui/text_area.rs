//! The only place that may render a `<textarea>`.
//!
//! On leptos 0.8.23 a textarea's children are put into the server's HTML as they are: a text with `</textarea>` in it
//! would end the field and run as a page of its own. Here the text is escaped by hand and given as inner HTML, which a
//! browser reads as plain text inside a textarea.

use super::field::{Field, described_by};
use leptos::html;
use leptos::prelude::*;

/// Several lines of text. Listen with `on_input`; it also tells what was typed before the page was hydrated.
#[component]
pub fn TextArea(
    /// The field's name in the form.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// What stands in it; a later change of the signal replaces what was typed, unless it is the same.
    #[prop(optional, into)]
    value: Signal<String>,
    /// Told of every change.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// The control's id; its name where empty.
    #[prop(optional, into)]
    id: String,
    /// Lines to show.
    #[prop(default = 4)]
    rows: u32,
    /// Whether it holds code: fixed width, no spell-check, no capital letters.
    #[prop(optional)]
    code: bool,
    /// Whether the label is for screen readers only.
    #[prop(optional)]
    label_unseen: bool,
    /// How it is written, or what it is good for.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An example, shown while empty.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// At most so many characters.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// The textarea itself.
    #[prop(optional)]
    node_ref: NodeRef<html::Textarea>,
) -> impl IntoView {
    let id = if id.is_empty() { name.clone() } else { id };
    Effect::new(move |ran: Option<()>| {
        let value = value.get();
        let Some(area) = node_ref.get() else { return };
        if area.value() == value {
            return;
        }
        match (ran, on_input) {
            (None, Some(on_input)) => on_input.run(area.value()),
            (None, None) => {}
            (Some(()), _) => area.set_value(&value),
        }
    });
    let inner = escape(&value.get_untracked());
    let described = described_by(&id, hint, error);
    view! {
        <Field id=id.clone() label=label label_unseen=label_unseen hint=hint error=error>
            <textarea
                id=id
                node_ref=node_ref
                name=name
                rows=rows.to_string()
                class=code.then_some("code")
                spellcheck=if code { "false" } else { "true" }
                autocapitalize=code.then_some("off")
                autocomplete=code.then_some("off")
                placeholder=placeholder
                maxlength=maxlength.map(|m| m.to_string())
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                dir=if code { "ltr" } else { "auto" }
                on:input:target=move |event| {
                    if let Some(on_input) = on_input {
                        on_input.run(event.target().value());
                    }
                }
                inner_html=inner
            ></textarea>
        </Field>
    }
    .into_any()
}

/// A text as the HTML content of a textarea. A leading line break is doubled, since parsers drop the first one.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    if text.starts_with('\n') {
        out.push('\n');
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}
