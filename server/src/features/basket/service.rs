//! The rules of the basket: here looking at it and taking out of it, below putting in.

mod adding;
mod summing;

use super::store::{BasketStore, Change, ItemRow};
use crate::clock::{Clock, Entropy, SECOND};
use crate::db::Db;
use crate::fault::report;
use crate::features::queries::results::cut_text;
use crate::features::queries::service::QueriesService;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::basket::model::{
    AddWhat, Added, Addition, BasketGroup, BasketItem, BasketKind, BasketView,
};
use app::features::basket::port::BasketPort;
use app::selection::Selection;
use app::text;
use async_trait::async_trait;
use std::sync::Arc;

/// Items on one page.
const PAGE: i64 = 50;
/// Longest note, in characters.
const LONGEST_NOTE: usize = 2000;
/// How long a removal can be undone.
const UNDO_US: i64 = 86_400 * SECOND;
/// The row number that stands for the whole result.
const WHOLE: i64 = -1;

/// The basket of each user.
pub struct BasketService {
    pub(super) store: BasketStore,
    queries: Arc<QueriesService>,
    clock: Clock,
    entropy: Entropy,
}

impl BasketService {
    /// On top of the database; rows come from results.
    pub fn new(db: &Db, clock: &Clock, entropy: &Entropy, queries: Arc<QueriesService>) -> Self {
        Self { store: BasketStore::new(db.clone()), queries, clock: clock.clone(), entropy: entropy.clone() }
    }

    /// Things in the caller's basket; 0 for visitors.
    pub async fn count(&self, caller: &Caller) -> Result<u64> {
        let Ok(user) = caller.user() else { return Ok(0) };
        self.store.count(user).await.map(i64::unsigned_abs).map_err(|e| report("counting a basket", &e))
    }

    /// Results that leave the basket are kept as long as others from now on.
    async fn release(
        &self,
        caller: &Caller,
        change: &mut Change<'_>,
        queries: &[String],
    ) -> sqlx::Result<()> {
        for query in queries {
            self.queries.release(change.connection(), caller, query).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl BasketPort for BasketService {
    async fn add(&self, caller: &Caller, add: Addition) -> Result<Added> {
        let Ok(user) = caller.user() else {
            self.remember(caller, &add).await?;
            return Err(Error::SignInNeeded);
        };
        let source = self.queries.result_source(caller, &add.query).await?;
        let rows = match &add.what {
            AddWhat::WholeResult => return self.add_whole(caller, user, &source).await,
            AddWhat::Rows(rows) => rows.clone(),
            AddWhat::Matching(filters) => self.queries.results().rows_matching(&source.key, filters).await?,
        };
        self.add_rows(user, &source, &rows).await
    }

    async fn remembered(&self, caller: &Caller, query: &str) -> Result<Option<Selection>> {
        if self.queries.result_source(caller, query).await.is_err() {
            return Ok(None);
        }
        let wanted = self.store.wanted(query).await.map_err(|e| report("remembering a selection", &e))?;
        Ok(wanted.and_then(|text| text.parse().ok()))
    }

    async fn show(&self, caller: &Caller, archive: &str, offset: u64) -> Result<BasketView> {
        let user = caller.user()?;
        // PostgreSQL takes no text with a NUL; no archive has one in its name.
        let archive = if archive.contains('\0') { "?" } else { archive };
        let fault = |e: sqlx::Error| report("reading a basket", &e);
        let (revision, count) = self.store.head(user).await.map_err(fault)?;
        let groups = self.store.groups(user).await.map_err(fault)?;
        let items = self
            .store
            .list(user, archive, i64::try_from(offset).unwrap_or(i64::MAX), PAGE)
            .await
            .map_err(fault)?;
        let since = self.clock.now() - UNDO_US;
        let undo = self.store.count_undo(user, since).await.map_err(fault)?;
        let groups: Vec<BasketGroup> = groups
            .into_iter()
            .map(|(archive, count)| BasketGroup {
                title: self.queries.archive_title(&archive),
                archive,
                count: count.unsigned_abs(),
            })
            .collect();
        let matching = if archive.is_empty() {
            count.unsigned_abs()
        } else {
            groups.iter().find(|g| g.archive == archive).map_or(0, |g| g.count)
        };
        Ok(BasketView {
            revision,
            count: count.unsigned_abs(),
            groups,
            undo: undo.unsigned_abs(),
            archive: archive.to_owned(),
            offset,
            matching,
            items: items.into_iter().map(item_view).collect(),
        })
    }

    async fn remove(&self, caller: &Caller, mut items: Vec<String>) -> Result<BasketView> {
        let user = caller.user()?;
        items.retain(|item| !item.contains('\0'));
        let fault = |e: sqlx::Error| report("removing from a basket", &e);
        let now = self.clock.now();
        let mut change = self.store.change(user).await.map_err(fault)?;
        change.purge(now - UNDO_US).await.map_err(fault)?;
        let (whole, removed) = change.remove(&items, now).await.map_err(fault)?;
        self.release(caller, &mut change, &whole).await.map_err(fault)?;
        change.finish(-(removed as i64)).await.map_err(fault)?;
        self.show(caller, "", 0).await
    }

    async fn empty(&self, caller: &Caller, archive: &str) -> Result<BasketView> {
        let user = caller.user()?;
        if archive.contains('\0') {
            return Err(Error::NotFound);
        }
        let fault = |e: sqlx::Error| report("emptying a basket", &e);
        let now = self.clock.now();
        let mut change = self.store.change(user).await.map_err(fault)?;
        change.purge(now - UNDO_US).await.map_err(fault)?;
        let (whole, removed) = change.empty(archive, now).await.map_err(fault)?;
        self.release(caller, &mut change, &whole).await.map_err(fault)?;
        change.finish(-(removed as i64)).await.map_err(fault)?;
        self.show(caller, "", 0).await
    }

    async fn undo(&self, caller: &Caller) -> Result<BasketView> {
        let user = caller.user()?;
        let fault = |e: sqlx::Error| report("undoing a removal", &e);
        let mut change = self.store.change(user).await.map_err(fault)?;
        change.purge(self.clock.now() - UNDO_US).await.map_err(fault)?;
        let mut gone = false;
        for query in change.last_removed().await.map_err(fault)? {
            if !self.queries.hold(change.connection(), caller, &query).await.map_err(fault)? {
                // Its query was removed meanwhile: there is nothing that the item could stand for.
                change.forget_whole(&query).await.map_err(fault)?;
                gone = true;
            }
        }
        let back = change.undo().await.map_err(fault)?;
        change.finish(back as i64).await.map_err(fault)?;
        if gone && back == 0 {
            return Err(Error::Limit(
                "The whole result cannot come back, since its query was removed or its time was over. Ask it again, then add the new result.".to_owned(),
            ));
        }
        self.show(caller, "", 0).await
    }

    async fn note(&self, caller: &Caller, item: &str, note: String) -> Result<()> {
        let user = caller.user()?;
        let note = note.replace("\r\n", "\n");
        if note.chars().count() > LONGEST_NOTE {
            let most = text::count(LONGEST_NOTE as u64);
            return Err(Error::field(
                "note",
                format!("A note has at most {most} characters. Shorten it; nothing was changed."),
            ));
        }
        if note.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(Error::field(
                "note",
                "The note contains a character that cannot be shown. Type it again without it.",
            ));
        }
        if item.contains('\0') {
            return Err(Error::NotFound);
        }
        let fault = |e: sqlx::Error| report("writing a note", &e);
        let mut change = self.store.change(user).await.map_err(fault)?;
        if !change.note(item, &note).await.map_err(fault)? {
            return Err(Error::NotFound);
        }
        change.finish(0).await.map_err(fault)?;
        Ok(())
    }
}

/// An item for its page; long values are cut as in a result's table, downloads have them whole.
fn item_view(row: ItemRow) -> BasketItem {
    let cells: Vec<Option<String>> = serde_json::from_str(&row.cells).unwrap_or_default();
    BasketItem {
        kind: if row.result_row == WHOLE { BasketKind::Result } else { BasketKind::Row },
        columns: serde_json::from_str(&row.source_columns).unwrap_or_default(),
        cells: cells.into_iter().map(|cell| cell.map(|text| cut_text(&text))).collect(),
        rows: row.row_count.map(i64::unsigned_abs),
        id: row.id,
        archive: row.archive,
        table: row.table_names,
        label: row.label,
        query: row.query_id,
        note: row.note,
        added_us: row.added_us,
    }
}
