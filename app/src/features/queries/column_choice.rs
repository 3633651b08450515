//! Which columns are wanted: a list to tick, the recommended ones ticked at first.

use super::conditions::meaning;
use super::desk::Desk;
use crate::features::archives::model::ColumnView;
use leptos::prelude::*;

/// The list, folded under its own count.
#[component]
pub fn ColumnChoice(
    /// What the form works on.
    desk: Desk,
) -> impl IntoView {
    let all =
        Memo::new(move |_| desk.table.with(|t| t.as_ref().map(|t| t.columns.clone()).unwrap_or_default()));
    let wanted = Memo::new(move |_| {
        desk.table.with(|t| t.as_ref().map(|t| desk.draft.with(|d| d.columns(t))).unwrap_or_default())
    });
    let summary = move || match (wanted.with(Vec::len), all.with(Vec::len)) {
        (0, all) => format!("Columns: all {all}"),
        (some, all) => format!("Columns: {some} of {all}"),
    };
    view! {
        <details class="columns">
            <summary>{summary}</summary>
            <p class="hint">"None ticked means all of them."</p>
            // Tells "nothing ticked" from "nothing chosen yet".
            <input type="hidden" name="cols" value=""/>
            <ul>
                <For
                    each=move || all.get()
                    key=|column| column.name.clone()
                    children=move |column| view! { <Column column=column wanted=wanted/> }
                />
            </ul>
        </details>
    }
}

#[component]
fn Column(column: ColumnView, wanted: Memo<Vec<String>>) -> impl IntoView {
    let name = column.name.clone();
    let ticked = Memo::new(move |_| wanted.with(|wanted| wanted.contains(&name)));
    let meaning = meaning(&column);
    view! {
        <li>
            <label>
                <input
                    type="checkbox"
                    name="cols"
                    value=column.name.clone()
                    checked=ticked.get_untracked()
                    prop:checked=move || ticked.get()
                />
                <code>{column.name}</code>
                <span class="hint">{meaning}</span>
            </label>
        </li>
    }
}
