//! The tables of an archive, searchable. Light enough for a few hundred; the server cuts off more.

use super::model::TableSummary;
use crate::frame::address::escape;
use crate::text::{count, counted};
use crate::ui::{Card, Empty, Shape, SubmitButton, TextInput};
use leptos::prelude::*;
use leptos_router::components::Form;

/// The list, with its search.
#[component]
pub fn TablesCard(
    /// The archive's key.
    archive: String,
    /// The tables that match.
    tables: Vec<TableSummary>,
    /// How many match in all.
    matching: u64,
    /// How many the archive has, where known.
    known: Option<u64>,
    /// What was searched for.
    search: String,
    /// The table whose columns are shown.
    chosen: Option<String>,
) -> impl IntoView {
    let base = format!("/datasets/{}", escape(&archive));
    let hidden = chosen.clone().map(|table| view! { <input type="hidden" name="table" value=table/> });
    let shown = tables.len() as u64;
    let cut = (matching > shown).then(|| {
        view! { <p class="list-note">{format!("The first {} of {}. Search to see others.", count(shown), count(matching))}</p> }
    });
    let head = match (search.is_empty(), known) {
        (true, _) => counted(matching, "table"),
        (false, Some(known)) => format!("{} of {}", count(matching), counted(known, "table")),
        (false, None) => format!("{} found", counted(matching, "table")),
    };
    let list = if tables.is_empty() {
        let (title, text) = if search.is_empty() {
            (
                "No tables known",
                "The archive has not said yet which tables it has. Ask it again, or write the ADQL yourself.",
            )
        } else {
            (
                "No table has these words",
                "Words are looked for in names and descriptions of tables and columns.",
            )
        };
        view! { <Empty title=title text=text shape=Shape::Table/> }.into_any()
    } else {
        let more = if search.is_empty() { String::new() } else { format!("q={}&", escape(&search)) };
        let rows = tables.into_iter().map(|table| row(&base, &more, table, chosen.as_deref())).collect_view();
        view! { <ul class="tables">{rows}</ul> }.into_any()
    };
    view! {
        <Card title="Tables" span="c4" flush=true more=move || head.clone()>
            <Form method="get" action=base.clone()>
                <div class="inline-form list-search" role="search" aria-label="Tables of this archive">
                    <TextInput name="q" id="tables-q" kind="search" label="Search tables and columns" label_unseen=true value=search
                        placeholder="Search tables and columns" maxlength=200/>
                    {hidden}
                    <SubmitButton>"Search"</SubmitButton>
                </div>
            </Form>
            {list}
            {cut}
        </Card>
    }
    .into_any()
}

fn row(base: &str, more: &str, table: TableSummary, chosen: Option<&str>) -> impl IntoView + use<> {
    let href = format!("{base}?{more}table={}", escape(&table.name));
    let current = (chosen == Some(table.name.as_str())).then_some("true");
    let size = match (table.rows, table.columns) {
        (Some(rows), Some(columns)) => {
            Some(format!("{} · {}", counted(rows, "row"), counted(columns, "column")))
        }
        (Some(rows), None) => Some(counted(rows, "row")),
        (None, Some(columns)) => Some(counted(columns, "column")),
        (None, None) => None,
    };
    view! {
        <li>
            <a href=href aria-current=current>
                <code>{table.name}</code>
                {table.description.map(|text| view! { <span class="text" dir="auto">{text}</span> })}
                {size.map(|size| view! { <span class="size">{size}</span> })}
            </a>
        </li>
    }
}
