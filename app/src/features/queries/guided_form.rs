//! The guided form: archive, table, target, conditions, row limit, columns. A plain GET form whose fields are the
//! page's address, so that it works without JavaScript; with it, every change is taken over as it is typed.

use super::column_choice::ColumnChoice;
use super::conditions::Conditions;
use super::desk::{Desk, TargetState};
use super::draft::QUERY_PAGE;
use super::table_choice::TableChoice;
use super::{dom, sentences};
use crate::ui::{ButtonLink, Notice, SubmitButton, TextInput, Tone};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlFormElement, HtmlSelectElement};

/// The form.
#[component]
pub fn GuidedForm(
    /// What it works on.
    desk: Desk,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let take = move || {
        if let Some(form) = form.get_untracked() {
            desk.read_form(&dom::form_pairs(&form));
            // A column is added once, also after its row has taken it out of the list.
            request_animation_frame(move || choose_nothing(&form));
        }
    };
    // What was typed before the page was hydrated, or kept by the browser, counts too.
    Effect::new(move |_| {
        if form.get().is_some() {
            take();
        }
    });
    view! {
        <form
            class="guided"
            method="get"
            action=QUERY_PAGE
            node_ref=form
            on:input=move |_| take()
            on:change=move |_| take()
            on:submit=move |event| {
                event.prevent_default();
                take();
            }
        >
            <TableChoice desk=desk/>
            {move || {
                desk.by_hand()
                    .then(|| {
                        view! {
                            <Notice tone=Tone::Attention>
                                <p>{sentences::WRITTEN_BY_HAND}</p>
                                <ButtonLink href=Signal::derive(move || desk.draft.with(|d| d.without_text().address())) small=true>
                                    "Start again from the form"
                                </ButtonLink>
                            </Notice>
                        }
                    })
            }}
            <fieldset disabled=move || desk.by_hand()>
                <legend class="unseen">"What to ask for"</legend>
                <Target desk=desk/>
                <Conditions desk=desk/>
                <div class="pair">
                    <TextInput
                        name="rows"
                        label="At most"
                        value=Signal::derive(move || desk.limits.with_value(|l| desk.draft.with(|d| d.rows(l))))
                        hint=Signal::derive(move || Some(desk.limits.with_value(sentences::row_limit)))
                        error=Signal::derive(move || desk.fault_of("rows"))
                        autocomplete="off"
                    />
                </div>
                <ColumnChoice desk=desk/>
                <p class="hint no-js">"The ADQL follows the form when you press the button."</p>
                <div class="no-js"><SubmitButton>"Show ADQL"</SubmitButton></div>
            </fieldset>
        </form>
    }
    .into_any()
}

fn choose_nothing(form: &HtmlFormElement) {
    let adds = form.query_selector("select[name=add]").ok().flatten();
    if let Some(adds) = adds.and_then(|adds| adds.dyn_into::<HtmlSelectElement>().ok()) {
        adds.set_value("");
    }
}

#[component]
fn Target(desk: Desk) -> impl IntoView {
    let hint = Signal::derive(move || {
        desk.target.with(|target| match target {
            TargetState::None => Some("A name or two coordinates; empty for the whole table.".to_owned()),
            TargetState::Asking => Some("Looking it up…".to_owned()),
            TargetState::Known(target) => Some(sentences::target_found(target)),
            TargetState::Unknown(_) => None,
        })
    });
    let error = Signal::derive(move || {
        desk.target.with(|target| match target {
            TargetState::Unknown(error) => {
                Some(error.of_field("text").map_or_else(|| error.to_string(), str::to_owned))
            }
            TargetState::Asking => None,
            TargetState::None | TargetState::Known(_) => desk.fault_of("target"),
        })
    });
    view! {
        <div class="pair wide-first">
            <TextInput
                name="target"
                label="Target"
                value=Signal::derive(move || desk.draft.with(|d| d.target.clone()))
                placeholder="M 42, Sirius, or 83.82 -5.39"
                hint=hint
                error=error
                autocomplete="off"
                maxlength=200
            />
            <TextInput
                name="radius"
                label="Radius"
                value=Signal::derive(move || desk.draft.with(|d| d.radius().to_owned()))
                error=Signal::derive(move || desk.fault_of("radius"))
                autocomplete="off"
                maxlength=40
            />
        </div>
    }
}
