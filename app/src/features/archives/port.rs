//! What the pages need of archives; the server implements it.

use super::model::{ArchiveDetail, ArchiveView, TableView};
use crate::asking::Caller;
use crate::error::Result;
use async_trait::async_trait;

/// Archives and their tables; open to anybody.
#[async_trait]
pub trait ArchivesPort: Send + Sync {
    /// All archives with what is known of their state now. Never waits for a remote archive.
    async fn list(&self, caller: &Caller) -> Result<Vec<ArchiveView>>;
    /// One archive and those of its tables whose name or description, or a column's, contains the words of `search`.
    async fn show(&self, caller: &Caller, archive: &str, search: &str) -> Result<ArchiveDetail>;
    /// One table with its columns.
    async fn table(&self, caller: &Caller, archive: &str, table: &str) -> Result<TableView>;
    /// Asks an archive again whether it answers, and says what is known then.
    async fn probe(&self, caller: &Caller, archive: &str) -> Result<ArchiveView>;
}
