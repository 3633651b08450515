//! One item of the basket: its tick, what it is, everything in it, and the user's note.

use super::api::NoteOnItem;
use super::model::{BasketItem, BasketKind};
use crate::features::queries::cell_text;
use crate::features::queries::model::ResultColumn;
use crate::frame::address::escape;
use crate::text::counted;
use crate::ui::{Icon, Shape, SubmitButton, TextArea, Time};
use leptos::prelude::*;

/// An `<li>` of the basket.
#[component]
pub fn ItemRow(
    /// The item.
    item: BasketItem,
    /// The archive's name for people.
    archive_title: String,
    /// Writes the note.
    note: ServerAction<NoteOnItem>,
) -> impl IntoView {
    let tick = format!("tick-{}", item.id);
    let from = format!("/queries/{}", escape(&item.query));
    let (shape, what) = match item.kind {
        BasketKind::Row => (Shape::Table, item.table.clone()),
        BasketKind::Result => {
            let rows = item.rows.map_or_else(
                || "Whole result".to_owned(),
                |rows| format!("Whole result, {}", counted(rows, "row")),
            );
            (Shape::Queries, format!("{rows} · {}", item.table))
        }
    };
    let brief = brief(&item);
    let shown = (!item.note.is_empty()).then(|| view! { <p class="note" dir="auto">{item.note.clone()}</p> });
    let values = (!item.cells.is_empty()).then(|| {
        view! {
            <details class="more-of">
                <summary>{counted(item.columns.len() as u64, "value")}<Icon shape=Shape::Down/></summary>
                <Values columns=item.columns cells=item.cells/>
            </details>
        }
    });
    view! {
        <li>
            <input type="checkbox" id=tick.clone() name="items[]" value=item.id.clone() form="remove"/>
            <div class="what">
                <label for=tick dir="auto"><Icon shape=shape/>{item.label}</label>
                {brief.map(|brief| view! { <span class="brief" dir="auto">{brief}</span> })}
                <div class="sub">
                    <bdi>{archive_title}</bdi>" · "<bdi>{what}</bdi>" · added "<Time us=item.added_us/>" · "
                    <a href=from>"its result"</a>
                </div>
                {shown}
                {values}
                <NoteForm id=item.id note=item.note action=note/>
            </div>
        </li>
    }
    .into_any()
}

/// The first few values in a line, so that a row is known without opening it.
fn brief(item: &BasketItem) -> Option<String> {
    let pairs = item.columns.iter().zip(&item.cells).filter_map(|(column, cell)| {
        let value: String = cell.as_deref()?.chars().take(24).collect();
        let known = item.label == format!("{} {value}", column.name);
        (!known).then(|| format!("{} {}", column.name, cell_text::shown(&value, column.kind)))
    });
    let pairs: Vec<_> = pairs.take(4).collect();
    (!pairs.is_empty()).then(|| pairs.join(" · "))
}

#[component]
fn Values(columns: Vec<ResultColumn>, cells: Vec<Option<String>>) -> impl IntoView {
    let rows = columns
        .into_iter()
        .zip(cells)
        .map(|(column, cell)| {
            view! {
                <dt title=column.description><code>{column.name}</code></dt>
                <dd dir="auto">
                    {match cell {
                        Some(value) => {
                            view! { <span class="mono">{cell_text::shown(&value, column.kind)}</span> }.into_any()
                        }
                        None => view! { <span class="quiet-text">"missing"</span> }.into_any(),
                    }}
                    {column.unit.map(|unit| view! { <span class="quiet-text">" "{unit}</span> })}
                </dd>
            }
        })
        .collect_view();
    view! { <dl class="kv values">{rows}</dl> }
}

#[component]
fn NoteForm(id: String, note: String, action: ServerAction<NoteOnItem>) -> impl IntoView {
    let has_note = !note.is_empty();
    view! {
        <details class="more-of">
            <summary><Icon shape=Shape::Pencil/>{if has_note { "Change note" } else { "Write a note" }}</summary>
            <ActionForm action=action>
                <input type="hidden" name="item" value=id.clone()/>
                <TextArea name="note" id=format!("note-{id}") label="Note" label_unseen=true value=note rows=3 maxlength=2000/>
                <p class="act"><SubmitButton small=true pending=action.pending()>"Keep the note"</SubmitButton></p>
            </ActionForm>
        </details>
    }
    .into_any()
}
