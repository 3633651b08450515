//! Fields of forms: label, control, hint, and the fault beside it in words.

use super::icon::{Icon, Shape};
use leptos::html;
use leptos::prelude::*;

/// What is wrong with a field; nothing where nothing is.
#[component]
pub fn FieldError(
    /// The id of its control; the sentence gets `<id>-error`.
    #[prop(into)]
    id: String,
    /// The sentence.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let id = format!("{id}-error");
    move || {
        error
            .get()
            .map(|text| view! { <p class="field-error" id=id.clone()><Icon shape=Shape::Failed/>{text}</p> })
    }
}

/// Label, hint and fault around any control, which must carry `id` and, for the reader, [`described_by`].
#[component]
pub fn Field(
    /// The control's id.
    #[prop(into)]
    id: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// Whether the label is for screen readers only, as in a search field.
    #[prop(optional)]
    label_unseen: bool,
    /// How it is written, or what it is good for.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The control.
    children: Children,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field">
            <label for=id.clone() class=label_unseen.then_some("unseen")>{label}</label>
            {children()}
            {move || hint.get().map(|hint| view! { <p class="hint" id=hint_id.clone()>{hint}</p> })}
            <FieldError id=id error=error/>
        </div>
    }
}

/// The `aria-describedby` of a control in a [`Field`].
pub fn described_by(
    id: &str,
    hint: Signal<Option<String>>,
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<String> + Clone + Send + Sync + 'static {
    let id = id.to_owned();
    move || match (hint.with(Option::is_some), error.with(Option::is_some)) {
        (true, true) => Some(format!("{id}-hint {id}-error")),
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (false, false) => None,
    }
}

/// A line of text. Listen with `on:input` on it; what is typed before the page is hydrated stays.
#[component]
pub fn TextInput(
    /// The field's name in the form.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// What stands in it; a later change of the signal replaces what was typed.
    #[prop(optional, into)]
    value: Signal<String>,
    /// The control's id; its name where empty.
    #[prop(optional, into)]
    id: String,
    /// `text`, `search`, `number`, `url`.
    #[prop(default = "text")]
    kind: &'static str,
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
    /// Whether the form needs it.
    #[prop(optional)]
    required: bool,
    /// At most so many characters.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// The id of a `<datalist>` with suggestions.
    #[prop(optional, into)]
    list: Option<String>,
    /// `off` for things that the browser should not remember.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// The id of its form, where it stands outside.
    #[prop(optional, into)]
    form: Option<String>,
    /// The input itself.
    #[prop(optional)]
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let id = if id.is_empty() { name.clone() } else { id };
    Effect::watch(
        move || value.get(),
        move |value, _, _| {
            if let Some(input) = node_ref.get_untracked() {
                input.set_value(value);
            }
        },
        false,
    );
    let first = value.get_untracked();
    let described = described_by(&id, hint, error);
    view! {
        <Field id=id.clone() label=label label_unseen=label_unseen hint=hint error=error>
            <input
                id=id
                node_ref=node_ref
                type=kind
                name=name
                value=first
                placeholder=placeholder
                required=required
                maxlength=maxlength.map(|m| m.to_string())
                list=list
                autocomplete=autocomplete
                form=form
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                dir="auto"
            />
        </Field>
    }
    .into_any()
}

/// A choice of one among few. Listen with `on:change` on it.
#[component]
pub fn Select(
    /// The field's name in the form.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// Value and words of each choice.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The value that is chosen.
    #[prop(optional, into)]
    value: Signal<String>,
    /// The control's id; its name where empty.
    #[prop(optional, into)]
    id: String,
    /// Whether the label is for screen readers only.
    #[prop(optional)]
    label_unseen: bool,
    /// What it is good for.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let id = if id.is_empty() { name.clone() } else { id };
    let described = described_by(&id, hint, error);
    let choices = move || {
        let chosen = value.get();
        options
            .get()
            .into_iter()
            .map(|(key, words)| {
                let selected = key == chosen;
                view! { <option value=key selected=selected>{words}</option> }
            })
            .collect_view()
    };
    view! {
        <Field id=id.clone() label=label label_unseen=label_unseen hint=hint error=error>
            <select
                id=id
                name=name
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            >
                {choices}
            </select>
        </Field>
    }
    .into_any()
}
