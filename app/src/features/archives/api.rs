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
