//! The archive's tables and columns beside the editor, with units and meaning; a click puts a name into the text.

use super::conditions::meaning;
use super::desk::Desk;
use super::editor::insert_name;
use crate::error::Result;
use crate::features::archives::api::show_table;
use crate::features::archives::model::{TableSummary, TableView};
use crate::frame::address::escape;
use crate::text::count;
use crate::ui::TextInput;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// At most so many tables are listed; the search finds the others.
const MOST_TABLES: usize = 60;

/// Whether a click does anything yet: without JavaScript it never does, and nothing promises it.
#[derive(Clone, Copy)]
struct Live(RwSignal<bool>);

/// The list.
#[component]
pub fn SchemaTree(
    /// What the editor works on.
    desk: Desk,
    /// Where names go.
    area: NodeRef<html::Textarea>,
) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    provide_context(Live(live));
    let chosen = move || desk.draft.with(|d| d.table.clone());
    let tables = Memo::new(move |_| {
        let words = words.get().to_lowercase();
        let chosen = chosen();
        desk.detail.with(|detail| {
            let all = detail.as_ref().map(|d| d.tables.as_slice()).unwrap_or_default();
            let mut tables: Vec<_> =
                all.iter().filter(|t| t.name != chosen && matches(t, &words)).cloned().collect();
            tables.truncate(MOST_TABLES);
            tables
        })
    });
    let archive = move || desk.draft.with(|d| d.archive.clone());
    view! {
        <aside class="schema" aria-label="Tables and columns">
            <div class="js-only" on:input=move |event| words.set(event_target_value(&event))>
                <TextInput
                    name="schema-search"
                    kind="search"
                    label="Search tables and columns"
                    label_unseen=true
                    placeholder="Search tables and columns"
                    autocomplete="off"
                />
            </div>
            {move || desk.table.get().ok().map(|table| view! { <OneTable table=table words=words area=area open=true/> })}
            <For
                each=move || tables.get()
                key=|table| table.name.clone()
                children=move |table| view! { <OtherTable table=table desk=desk words=words area=area/> }
            />
            <p class="hint">
                <a href=move || format!("/datasets/{}", escape(&archive()))>"All tables of this archive"</a>
            </p>
        </aside>
    }
    .into_any()
}

fn matches(table: &TableSummary, words: &str) -> bool {
    let text = format!("{} {}", table.name, table.description.as_deref().unwrap_or_default()).to_lowercase();
    words.split_whitespace().all(|word| text.contains(word))
}

#[component]
fn OneTable(
    table: TableView,
    words: RwSignal<String>,
    area: NodeRef<html::Textarea>,
    open: bool,
) -> impl IntoView {
    view! {
        <details open=open>
            <summary><code>{table.table.name.clone()}</code><RowCount rows=table.table.rows/></summary>
            <Columns table=table words=words area=area/>
        </details>
    }
}

#[component]
fn RowCount(rows: Option<u64>) -> impl IntoView {
    rows.map(|rows| view! { <span class="hint">{count(rows)}" rows"</span> })
}

#[component]
fn Columns(table: TableView, words: RwSignal<String>, area: NodeRef<html::Textarea>) -> impl IntoView {
    let name = table.table.name.clone();
    let all = table.columns;
    let shown = Memo::new(move |_| {
        let words = words.get().to_lowercase();
        let fits = |text: &str| words.split_whitespace().all(|word| text.to_lowercase().contains(word));
        all.iter().filter(|c| fits(&format!("{} {}", c.name, meaning(c)))).cloned().collect::<Vec<_>>()
    });
    view! {
        <ul>
            <li><Insert name=name what="the table" area=area/></li>
            <For
                each=move || shown.get()
                key=|column| column.name.clone()
                children=move |column| {
                    let meaning = meaning(&column);
                    view! { <li><Insert name=column.name what="the column" area=area/><span class="hint">{meaning}</span></li> }
                }
            />
        </ul>
    }
}

#[component]
fn Insert(name: String, what: &'static str, area: NodeRef<html::Textarea>) -> impl IntoView {
    let (put, title) = (name.clone(), format!("Put {what} {name} into the text"));
    let live = use_context::<Live>();
    let title = move || live.is_some_and(|Live(live)| live.get()).then(|| title.clone());
    view! { <button type="button" class="insert" title=title on:click=move |_| insert_name(area, &put)>{name}</button> }
}

/// A table that is not the form's: its columns are asked for when it is opened.
#[component]
fn OtherTable(
    table: TableSummary,
    desk: Desk,
    words: RwSignal<String>,
    area: NodeRef<html::Textarea>,
) -> impl IntoView {
    let columns = RwSignal::new(None::<Result<TableView>>);
    let (name, href) =
        (table.name.clone(), desk.draft.with_untracked(|d| d.with_table(&table.name).address()));
    let load = move |_| {
        if columns.with_untracked(Option::is_none) {
            let (archive, name) = (desk.draft.with_untracked(|d| d.archive.clone()), name.clone());
            spawn_local(async move { columns.set(Some(show_table(archive, name).await)) });
        }
    };
    view! {
        <details on:toggle=load>
            <summary><code>{table.name}</code><RowCount rows=table.rows/></summary>
            <p class="hint">{table.description}" "<a href=href>"Use in the form"</a></p>
            {move || match columns.get() {
                None => None,
                Some(Ok(table)) => Some(view! { <Columns table=table words=words area=area/> }.into_any()),
                Some(Err(error)) => Some(view! { <p class="field-error">{error.to_string()}</p> }.into_any()),
            }}
        </details>
    }
}
