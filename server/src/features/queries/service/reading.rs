//! Reading: one's own queries and results, and nobody else's.

use super::QueriesService;
use crate::fault::report;
use crate::features::queries::results::Results;
use crate::features::queries::run::Progress;
use crate::features::queries::store::QueryRow;
use crate::features::queries::views::{query_view, tables_of};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::queries::model::{QueryState, QueryView, ResultColumn};

/// Longest id that is looked for, in bytes: ours have 24.
const LONGEST_ID: usize = 64;

/// What the basket needs of a result.
#[derive(Debug, Clone)]
pub struct ResultSource {
    /// The query's id.
    pub query: String,
    /// Where the result is kept.
    pub key: String,
    /// The archive's key.
    pub archive: String,
    /// The query's name for people.
    pub title: String,
    /// The tables that it asked, with commas between; empty where the text is beyond our reading.
    pub tables: String,
    /// Its columns.
    pub columns: Vec<ResultColumn>,
    /// Its rows.
    pub rows: u64,
}

impl QueriesService {
    /// The caller's query as it is kept; what is not theirs is not found.
    pub(in crate::features::queries) async fn row(&self, caller: &Caller, id: &str) -> Result<QueryRow> {
        let owner = caller.owner.key().ok_or(Error::NotFound)?;
        // PostgreSQL takes no text with a NUL, not even to say that there is no such thing.
        if id.len() > LONGEST_ID || id.contains('\0') {
            return Err(Error::NotFound);
        }
        let row = self.store.find(id, &owner).await.map_err(|e| report("reading a query", &e))?;
        row.ok_or(Error::NotFound)
    }

    /// The key of the caller's result.
    pub async fn result_key(&self, caller: &Caller, id: &str) -> Result<String> {
        self.row(caller, id).await?.result_key.ok_or(Error::NotFound)
    }

    /// What the basket needs of the caller's result.
    ///
    /// # Errors
    /// [`Error::Invalid`] with a sentence where the query is the caller's and its result is gone.
    pub async fn result_source(&self, caller: &Caller, id: &str) -> Result<ResultSource> {
        let row = self.row(caller, id).await?;
        Ok(ResultSource {
            query: row.id,
            key: row.result_key.ok_or_else(Self::result_is_gone)?,
            tables: tables_of(&row.adql),
            archive: row.archive,
            title: row.title,
            columns: serde_json::from_str(&row.result_columns).unwrap_or_default(),
            rows: row.row_count.unsigned_abs(),
        })
    }

    /// The sentence for a result that was there once, or never was.
    pub fn result_is_gone() -> Error {
        let sentence = "This query has no result any more: its time was over, or it was removed. Ask it again, then \
                        add from the new result.";
        Error::field("query", sentence)
    }

    /// Reading of results, for the basket and for downloads.
    pub fn results(&self) -> &Results {
        &self.results
    }

    /// A query as pages show it.
    pub(super) async fn view(&self, row: QueryRow) -> Result<QueryView> {
        let (id, owner, asked_us) = (row.id.clone(), row.owner.clone(), row.asked_us);
        let title = self.archive_title(&row.archive);
        let mut view = query_view(row, &title);
        match view.state {
            QueryState::Queued => {
                let before = self.store.count_before(&owner, asked_us, &id).await;
                view.before_it = Some(before.map_err(|e| report("counting queries", &e))?.unsigned_abs());
            }
            QueryState::Running => {
                if let Some(progress) = self.scheduler.progress(&id) {
                    let Progress { rows, bytes } = *progress.borrow();
                    (view.rows, view.bytes) = (rows, bytes);
                }
            }
            _ => {}
        }
        Ok(view)
    }
}
