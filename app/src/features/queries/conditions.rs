//! Conditions on columns: a row for each chosen column with its unit and meaning, and a way to add another.

use super::desk::Desk;
use crate::features::archives::model::{ColumnKind, ColumnView};
use crate::ui::{Icon, Select, Shape, SubmitButton, TextInput};
use leptos::prelude::*;

/// The rows, and the chooser for another.
#[component]
pub fn Conditions(
    /// What the form works on.
    desk: Desk,
) -> impl IntoView {
    let chosen = move || desk.draft.with(|d| d.conditions.iter().map(|(c, _)| c.clone()).collect::<Vec<_>>());
    let others = Signal::derive(move || {
        let chosen = chosen();
        let mut options = vec![(String::new(), "Choose a column…".to_owned())];
        desk.table.with(|table| {
            let columns = table.as_ref().map(|t| t.columns.as_slice()).unwrap_or_default();
            let free = columns.iter().filter(|c| c.kind != ColumnKind::Other && !chosen.contains(&c.name));
            options.extend(free.map(|c| (c.name.clone(), words(c))));
        });
        options
    });
    view! {
        <For each=chosen key=Clone::clone children=move |name| view! { <ConditionRow desk=desk name=name/> }/>
        <div class="add-condition">
            <Select name="add" label="Add a condition on" options=others/>
            <div class="no-js"><SubmitButton small=true>"Add"</SubmitButton></div>
        </div>
    }
}

/// Unit and meaning of a column in a few words.
pub fn meaning(column: &ColumnView) -> String {
    let unit = column.unit.clone().filter(|u| !u.is_empty());
    let description = column.description.as_deref().map(|d| d.trim_end().trim_end_matches('.').to_owned());
    let description = description.filter(|d| !d.is_empty());
    [description, unit].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn words(column: &ColumnView) -> String {
    match column.unit.as_deref() {
        Some(unit) if !unit.is_empty() => format!("{} ({unit})", column.name),
        _ => column.name.clone(),
    }
}

#[component]
fn ConditionRow(desk: Desk, name: String) -> impl IntoView {
    let column =
        desk.table.with_untracked(|t| t.as_ref().ok()?.columns.iter().find(|c| c.name == name).cloned());
    let field = format!("c.{name}");
    let numeric = column.as_ref().is_none_or(|c| c.kind.is_numeric());
    let hint = match &column {
        Some(column) => meaning(column),
        None => "This table has no such column; the condition is not used.".to_owned(),
    };
    let (value_of, fault_of, removed, without) = (name.clone(), field.clone(), name.clone(), name.clone());
    let text = move || {
        desk.draft.with(|d| {
            d.conditions.iter().find(|(c, _)| *c == value_of).map(|(_, t)| t.clone()).unwrap_or_default()
        })
    };
    let href = move || {
        let mut draft = desk.draft.get();
        draft.remove_condition(&without);
        draft.address()
    };
    view! {
        <div class="condition">
            <TextInput
                name=field.clone()
                label=name.clone()
                value=Signal::derive(text)
                placeholder=if numeric { "< 12, 3..5, = 7, missing" } else { "Ori, = M 42, != x, missing" }
                hint=Signal::stored(Some(hint).filter(|h| !h.is_empty()))
                error=Signal::derive(move || desk.fault_of(&fault_of))
                autocomplete="off"
                maxlength=200
            />
            <a
                class="btn quiet small"
                href=href
                aria-label=format!("Remove the condition on {name}")
                title="Remove"
                on:click=move |event| {
                    event.prevent_default();
                    desk.draft.update(|d| d.remove_condition(&removed));
                }
            >
                <Icon shape=Shape::Cross/>
            </a>
        </div>
    }
    .into_any()
}
