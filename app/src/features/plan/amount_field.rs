//! A number of something, by a field and by a slider that agree. Without JavaScript there is the field alone.

use crate::ui::Field;
use leptos::prelude::*;

/// The field and its slider; both are in the form, only the field has a name there.
#[component]
pub fn AmountField(
    /// The field's name and id.
    name: &'static str,
    /// What it asks for, with its unit.
    label: &'static str,
    /// What stands in it.
    value: RwSignal<String>,
    /// The slider's right end.
    most: f64,
    /// The distance between two values.
    step: f64,
    /// What is wrong with it, or what it means in other words.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
) -> impl IntoView {
    let first = value.get_untracked();
    let most = most.max(first.parse().unwrap_or(0.0)).max(step);
    let described = crate::ui::field::described_by(name, hint, Signal::stored(None));
    view! {
        <Field id=name label=label hint=hint>
            <div class="amount">
                <input
                    id=name
                    type="number"
                    inputmode="decimal"
                    name=name
                    min="0"
                    step="any"
                    value=first.clone()
                    prop:value=move || value.get()
                    aria-describedby=described
                    on:input:target=move |event| value.set(event.target().value())
                />
                <input
                    type="range"
                    class="js-only"
                    aria-label=format!("{label}, slider")
                    min=step
                    max=most
                    step=step
                    value=first
                    prop:value=move || value.get()
                    on:input:target=move |event| value.set(event.target().value())
                />
            </div>
        </Field>
    }
    .into_any()
}
