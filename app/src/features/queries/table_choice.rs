//! The choosers of archive and table: a plain list where there are few, a search with suggestions where many.

use super::desk::Desk;
use crate::features::archives::api::show_archive;
use crate::features::archives::model::{ArchiveState, ArchiveView, TableSummary};
use crate::features::queries::pause::{Latest, Pause};
use crate::text::count;
use crate::ui::{Select, TextInput};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Above so many tables a list is no way to choose.
const FEW_TABLES: u64 = 40;

/// Archive and table.
#[component]
pub fn TableChoice(
    /// What the form works on.
    desk: Desk,
) -> impl IntoView {
    let archives =
        desk.archives.with_value(|archives| archives.iter().map(archive_option).collect::<Vec<_>>());
    let away = Signal::derive(move || {
        let name = desk.draft.with(|d| d.archive.clone());
        let archive = desk.archives.with_value(|all| all.iter().find(|a| a.name == name).cloned());
        match archive.map(|a| a.state) {
            Some(ArchiveState::Away { reason, .. }) => Some(reason),
            _ => desk.detail.with(|d| d.as_ref().err().map(ToString::to_string)),
        }
    });
    view! {
        <div class="stacked">
            <Select
                name="archive"
                label="Archive"
                options=archives
                value=Signal::derive(move || desk.draft.with(|d| d.archive.clone()))
                error=away
            />
            {move || {
                let many = desk.detail.with(|d| d.as_ref().is_ok_and(|d| d.matching > FEW_TABLES));
                if many {
                    view! { <ManyTables desk=desk/> }.into_any()
                } else {
                    view! { <FewTables desk=desk/> }.into_any()
                }
            }}
        </div>
    }
}

fn archive_option(archive: &ArchiveView) -> (String, String) {
    let away = matches!(archive.state, ArchiveState::Away { .. });
    (archive.name.clone(), format!("{}{}", archive.title, if away { " (not reachable)" } else { "" }))
}

fn table_words(table: &TableSummary) -> String {
    match table.rows {
        Some(rows) => format!("{} ({} rows)", table.name, count(rows)),
        None => table.name.clone(),
    }
}

/// What the chosen table holds.
fn meaning(desk: Desk) -> Signal<Option<String>> {
    Signal::derive(move || desk.table.with(|t| t.as_ref().ok().and_then(|t| t.table.description.clone())))
}

fn fault(desk: Desk) -> Signal<Option<String>> {
    Signal::derive(move || {
        let reachable = desk.detail.with(Result::is_ok);
        desk.table.with(|t| t.as_ref().err().filter(|_| reachable).map(ToString::to_string))
    })
}

#[component]
fn FewTables(desk: Desk) -> impl IntoView {
    let options = Signal::derive(move || {
        desk.detail.with(|detail| {
            let tables = detail.as_ref().map(|d| d.tables.as_slice()).unwrap_or_default();
            tables.iter().map(|t| (t.name.clone(), table_words(t))).collect::<Vec<_>>()
        })
    });
    view! {
        <Select
            name="table"
            label="Table"
            options=options
            value=Signal::derive(move || desk.draft.with(|d| d.table.clone()))
            hint=meaning(desk)
            error=fault(desk)
        />
    }
}

#[component]
fn ManyTables(desk: Desk) -> impl IntoView {
    let first = desk.detail.with_untracked(|d| d.as_ref().map(|d| d.tables.clone()).unwrap_or_default());
    let found = RwSignal::new(first);
    let (pause, latest) = (Pause::new(), Latest::new());
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    let search = move |words: String| {
        let (archive, request) = (desk.draft.with_untracked(|d| d.archive.clone()), latest.next());
        pause.then(250, move || {
            spawn_local(async move {
                if let Ok(detail) = show_archive(archive, words).await
                    && latest.is(request)
                {
                    found.set(detail.tables);
                }
            });
        });
    };
    // While a name is being typed it is no table yet; it is taken when the field is left or a suggestion is picked.
    let typed = move |event: leptos::ev::Event| {
        let words = event_target_value(&event);
        if !found.with_untracked(|tables| tables.iter().any(|t| t.name == words)) {
            event.stop_propagation();
            search(words);
        }
    };
    view! {
        <div on:input=typed>
            <TextInput
                name="table"
                label="Table"
                list="tables"
                autocomplete="off"
                value=Signal::derive(move || desk.draft.with(|d| d.table.clone()))
                hint=Signal::derive(move || {
                    let all = desk.detail.with(|d| d.as_ref().map_or(0, |d| d.matching));
                    let how = if live.get() { "Type words to search" } else { "Write the name of one of" };
                    Some(meaning(desk).get().unwrap_or_else(|| format!("{how} {} tables.", count(all))))
                })
                error=fault(desk)
            />
            <datalist id="tables">
                {move || {
                    found
                        .get()
                        .into_iter()
                        .take(100)
                        .map(|t| view! { <option value=t.name>{t.description}</option> })
                        .collect_view()
                }}
            </datalist>
        </div>
    }
}
