//! The rules of the basket.

use super::store::{BasketStore, ItemRow, NewItem, SourceRow};
use crate::clock::{Clock, Entropy, SECOND};
use crate::db::Db;
use crate::fault::report;
use crate::features::queries::results::Cells;
use crate::features::queries::service::{QueriesService, ResultSource};
use crate::ids::new_id;
use app::asking::{Caller, Owner};
use app::error::{Error, Result};
use app::features::basket::model::{
    AddWhat, Added, Addition, BasketGroup, BasketItem, BasketKind, BasketView,
};
use app::features::basket::port::BasketPort;
use app::features::queries::model::ResultColumn;
use app::selection::Selection;
use app::text;
use async_trait::async_trait;
use futures::StreamExt as _;
use std::sync::Arc;

/// Most items of one basket.
const MOST_ITEMS: u64 = 1_000_000;
/// Most items of one addition; more belong into the basket as a whole result.
const MOST_ADDED: u64 = 200_000;
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

    /// Remembers what a visitor wanted, so that the page finds it again after sign-in.
    async fn remember(&self, caller: &Caller, add: &Addition) -> Result<()> {
        if caller.owner == Owner::Nobody {
            return Ok(());
        }
        let source = self.queries.result_source(caller, &add.query).await?;
        let selection = match &add.what {
            AddWhat::Rows(rows) => rows.clone(),
            AddWhat::Matching(filters) => self.queries.results().rows_matching(&source.key, filters).await?,
            AddWhat::WholeResult => Selection::all(source.rows),
        };
        let wanted = self.store.want(&add.query, &selection.to_string(), self.clock.now()).await;
        wanted.map_err(|e| report("remembering a selection", &e))
    }

    async fn items(&self, source: &ResultSource, rows: &Selection) -> Result<Vec<NewItem>> {
        let mut numbers = rows.ranges().iter().flat_map(|(a, b)| *a..=*b);
        let mut batches = self.queries.results().batches_of(&source.key, rows).await?;
        let mut items = Vec::with_capacity(rows.len().min(MOST_ADDED) as usize);
        while let Some(batch) = batches.next().await {
            let batch = batch.map_err(crate::features::queries::results::ReadError::report)?;
            let cells = Cells::of(&batch);
            for (row, number) in (0..batch.num_rows()).zip(&mut numbers) {
                let cells = cells.row(row);
                items.push(NewItem {
                    id: new_id(&self.entropy),
                    result_row: number as i64,
                    label: label(&source.columns, &cells),
                    cells: serde_json::to_string(&cells).unwrap_or_else(|_| "[]".to_owned()),
                    row_count: None,
                });
            }
        }
        Ok(items)
    }

    async fn add_items(&self, user: &str, source: &ResultSource, items: &[NewItem]) -> Result<Added> {
        let fault = |e: sqlx::Error| report("adding to a basket", &e);
        let row = SourceRow {
            id: new_id(&self.entropy),
            query_id: source.query.clone(),
            archive: source.archive.clone(),
            table_names: source.tables.clone(),
            title: source.title.clone(),
            source_columns: serde_json::to_string(&source.columns).unwrap_or_else(|_| "[]".to_owned()),
        };
        let now = self.clock.now();
        let mut change = self.store.change(user).await.map_err(fault)?;
        let count = change.count().await.map_err(fault)?.unsigned_abs();
        if count + items.len() as u64 > MOST_ITEMS {
            return Err(Error::Limit(format!(
                "A basket holds at most {} and yours has {}. Remove some, or add the whole result as one item.",
                text::counted(MOST_ITEMS, "item"),
                text::count(count)
            )));
        }
        let id = change.source(&row).await.map_err(fault)?;
        let added = change.add(&id, &source.archive, items, now).await.map_err(fault)?;
        let count = change.finish(added as i64).await.map_err(fault)?.unsigned_abs();
        self.store.forget_wanted(&source.query).await.map_err(fault)?;
        Ok(Added { added, already: items.len() as u64 - added, count })
    }

    /// Results that left the basket are kept as long as others; those that are in it without end.
    async fn keep(&self, caller: &Caller, queries: &[String], for_ever: bool) -> Result<()> {
        for query in queries {
            if for_ever {
                self.queries.keep_for_ever(caller, query).await?;
            } else {
                self.queries.keep_as_usual(caller, query).await?;
            }
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
            AddWhat::WholeResult => {
                let whole = NewItem {
                    id: new_id(&self.entropy),
                    result_row: WHOLE,
                    label: source.title.clone(),
                    cells: "[]".to_owned(),
                    row_count: Some(source.rows as i64),
                };
                let added = self.add_items(user, &source, &[whole]).await?;
                self.queries.keep_for_ever(caller, &add.query).await?;
                return Ok(added);
            }
            AddWhat::Rows(rows) => rows.clone(),
            AddWhat::Matching(filters) => self.queries.results().rows_matching(&source.key, filters).await?,
        };
        if rows.is_empty() {
            return Err(Error::field("rows", "No row is selected. Tick some rows first."));
        }
        if rows.len() > MOST_ADDED {
            return Err(Error::Limit(format!(
                "These are {}; at most {} go into the basket one by one. Add the whole result as one item, or filter first.",
                text::counted(rows.len(), "row"),
                text::count(MOST_ADDED)
            )));
        }
        let items = self.items(&source, &rows).await?;
        if items.is_empty() {
            return Err(Error::field(
                "rows",
                "The result has no such rows. Reload the page, then tick some.",
            ));
        }
        self.add_items(user, &source, &items).await
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
        change.finish(-(removed as i64)).await.map_err(fault)?;
        self.keep(caller, &whole, false).await?;
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
        change.finish(-(removed as i64)).await.map_err(fault)?;
        self.keep(caller, &whole, false).await?;
        self.show(caller, "", 0).await
    }

    async fn undo(&self, caller: &Caller) -> Result<BasketView> {
        let user = caller.user()?;
        let fault = |e: sqlx::Error| report("undoing a removal", &e);
        let mut change = self.store.change(user).await.map_err(fault)?;
        change.purge(self.clock.now() - UNDO_US).await.map_err(fault)?;
        let (whole, back) = change.undo().await.map_err(fault)?;
        change.finish(back as i64).await.map_err(fault)?;
        self.keep(caller, &whole, true).await?;
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

fn item_view(row: ItemRow) -> BasketItem {
    BasketItem {
        kind: if row.result_row == WHOLE { BasketKind::Result } else { BasketKind::Row },
        columns: serde_json::from_str(&row.source_columns).unwrap_or_default(),
        cells: serde_json::from_str(&row.cells).unwrap_or_default(),
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

/// What identifies a row, for people: its main identifiers by UCD, else its first column.
fn label(columns: &[ResultColumn], cells: &[Option<String>]) -> String {
    let main = |c: &&ResultColumn, words: &[&str]| {
        let ucd = c.ucd.as_deref().unwrap_or_default().to_ascii_lowercase();
        words.iter().all(|word| ucd.split(';').any(|part| part.trim() == *word))
    };
    let with = |words: &[&str]| columns.iter().position(|c| main(&c, words));
    let place = with(&["meta.id", "meta.main"]).or_else(|| with(&["meta.id"])).unwrap_or_default();
    match (columns.get(place), cells.get(place)) {
        (Some(column), Some(Some(cell))) => {
            let label = format!("{} {cell}", column.name);
            label.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
        }
        (Some(column), _) => format!("{} is missing", column.name),
        (None, _) => String::new(),
    }
}
