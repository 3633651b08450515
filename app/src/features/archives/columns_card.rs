//! The columns of a table, with unit and meaning.

use super::model::{ColumnView, TableView};
use super::ucd;
use crate::frame::address::escape;
use crate::text::{count, counted};
use crate::ui::{ButtonLink, Card, Copy, Empty, Shape};
use leptos::prelude::*;

/// What stands there before a table is chosen.
#[component]
pub fn NoTableCard() -> impl IntoView {
    view! {
        <Card flush=true>
            <Empty title="No table chosen" shape=Shape::Columns
                text="Choose a table to see its columns, with their units and what they mean."/>
        </Card>
    }
}

/// A table and its columns.
#[component]
pub fn ColumnsCard(
    /// The archive's key.
    archive: String,
    /// The table.
    view: TableView,
) -> impl IntoView {
    let TableView { table, columns } = view;
    let ask = format!("/datasets/query?archive={}&table={}", escape(&archive), escape(&table.name));
    let number = columns.len() as u64;
    let size = match table.rows {
        Some(rows) => format!("{} · {}", counted(rows, "row"), counted(number, "column")),
        None => counted(number, "column"),
    };
    let principal = columns.iter().filter(|column| column.principal).count();
    let note = (principal > 0 && principal < columns.len())
        .then(|| format!("{} are recommended by the archive and shown in bold.", count(principal as u64)));
    let mark = principal < columns.len();
    let rows = columns.into_iter().map(|column| row(column, mark)).collect_view();
    let name = table.name.clone();
    view! {
        <section class="card columns-card">
            <header>
                <h2 class="mono">{table.name}</h2>
                <Copy text=name what="name of the table"/>
                <div class="more"><ButtonLink href=ask small=true>"Ask this table"</ButtonLink></div>
            </header>
            <div class="body">
                {table.description.map(|text| view! { <p dir="auto">{text}</p> })}
                <p class="quiet-text">{size}". "{note}</p>
            </div>
            <div class="table-wrap" tabindex="0" role="region" aria-label="Columns">
                <table class="columns">
                    <thead>
                        <tr><th scope="col">"Column"</th><th scope="col">"Unit"</th><th scope="col">"Meaning"</th><th scope="col">"Type"</th></tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn row(column: ColumnView, mark: bool) -> impl IntoView {
    let class = if mark && column.principal { "name principal" } else { "name" };
    let meaning = column.ucd.as_deref().and_then(ucd::meaning);
    view! {
        <tr>
            <th scope="row" class=class>
                <span class="copyable"><code>{column.name.clone()}</code><Copy text=column.name what="name of the column"/></span>
            </th>
            <td>{column.unit}</td>
            <td>
                <span dir="auto">{column.description}</span>
                {column.ucd.map(|ucd| view! {
                    <span class="ucd"><code>{ucd}</code>{meaning.map(|meaning| format!(" {meaning}"))}</span>
                })}
            </td>
            <td>
                <span class="mono">{column.datatype}</span>
                {column.indexed.then(|| view! { <span class="hint indexed" title="A condition on it is quick">"indexed"</span> })}
            </td>
        </tr>
    }
}
