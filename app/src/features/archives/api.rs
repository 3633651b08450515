//! Server functions of archives.

#![expect(missing_docs, reason = "the macro turns documented arguments into undocumented fields")]

use super::model::{ArchiveDetail, ArchiveView, TableView};
use crate::error::Result;
use leptos::prelude::*;

/// All archives.
#[server(endpoint = "archives/list")]
pub async fn list_archives() -> Result<Vec<ArchiveView>> {
    let (caller, ports) = crate::asking::asked()?;
    ports.archives.list(&caller).await
}

/// The archives that match a search by what is said of them, or by their tables, each with at most five of these. All
/// archives, without tables, for an empty search. Only archives that answer and whose tables are known are looked into:
/// no page waits for a remote archive.
#[server(endpoint = "archives/search")]
pub async fn search_archives(#[server(default)] search: String) -> Result<Vec<ArchiveDetail>> {
    use super::model::{ArchiveState, LONGEST_SEARCH};
    let (caller, ports) = crate::asking::asked()?;
    let search: String = search.chars().take(LONGEST_SEARCH).collect();
    let mut found = Vec::new();
    for archive in ports.archives.list(&caller).await? {
        let known = matches!(archive.state, ArchiveState::Answering { .. }) && archive.tables.is_some();
        let mut detail = if known && !search.trim().is_empty() {
            // An archive that fails now is still found by its own words.
            ports.archives.show(&caller, &archive.name, search.trim()).await.ok()
        } else {
            None
        }
        .unwrap_or_else(|| ArchiveDetail { archive, tables: Vec::new(), matching: 0, credit: None });
        detail.tables.truncate(5);
        if detail.matching > 0 || detail.archive.matches(&search) {
            found.push(detail);
        }
    }
    Ok(found)
}

/// One archive and its tables that match a search.
#[server(endpoint = "archives/show")]
pub async fn show_archive(archive: String, #[server(default)] search: String) -> Result<ArchiveDetail> {
    let (caller, ports) = crate::asking::asked()?;
    ports.archives.show(&caller, &archive, &search).await
}

/// One table with its columns.
#[server(endpoint = "archives/table")]
pub async fn show_table(archive: String, table: String) -> Result<TableView> {
    let (caller, ports) = crate::asking::asked()?;
    ports.archives.table(&caller, &archive, &table).await
}

/// Asks an archive again whether it answers.
#[server(endpoint = "archives/probe")]
pub async fn probe_archive(archive: String) -> Result<ArchiveView> {
    let (caller, ports) = crate::asking::asked()?;
    ports.archives.probe(&caller, &archive).await
}
