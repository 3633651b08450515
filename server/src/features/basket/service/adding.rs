//! Putting into the basket. However much it is, it goes in as one change, and only a piece of it lies in memory.

use super::{BasketService, WHOLE};
use crate::fault::report;
use crate::features::basket::store::{Change, NewItem, SourceRow};
use crate::features::queries::results::{Cells, ReadError};
use crate::features::queries::service::{QueriesService, ResultSource};
use crate::ids::new_id;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::basket::model::{AddWhat, Added, Addition};
use app::features::queries::model::ResultColumn;
use app::selection::Selection;
use app::text;
use futures::StreamExt as _;

/// Most items of one basket.
const MOST_ITEMS: u64 = 1_000_000;
/// Most items of one addition; more belong into the basket as a whole result.
const MOST_ADDED: u64 = 200_000;
/// Most bytes of one addition, as they are kept; they are in memory together.
const MOST_BYTES: usize = 64 << 20;
/// Items that are written together.
const PIECE: usize = 400;
/// Bytes after which fewer items are written together.
const PIECE_BYTES: usize = 4 << 20;
/// Longest selection that is remembered for a visitor, in bytes.
const LONGEST_WANTED: usize = 64 << 10;

#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn fault(error: sqlx::Error) -> Error {
    report("adding to a basket", &error)
}

impl BasketService {
    /// Remembers what a visitor wanted, so that the page finds it again after sign-in. A selection of more single rows
    /// than anybody ticks is not.
    pub(super) async fn remember(&self, caller: &Caller, add: &Addition) -> Result<()> {
        let Some(owner) = caller.owner.key() else { return Ok(()) };
        let source = self.queries.result_source(caller, &add.query).await?;
        let selection = match &add.what {
            AddWhat::Rows(rows) => rows.clone(),
            AddWhat::Matching(filters) => self.queries.results().rows_matching(&source.key, filters).await?,
            AddWhat::WholeResult => Selection::all(source.rows),
        };
        let selection = selection.to_string();
        if selection.len() > LONGEST_WANTED {
            return Ok(());
        }
        let wanted = self.store.want(&add.query, &owner, &selection, self.clock.now()).await;
        wanted.map_err(|e| report("remembering a selection", &e))
    }

    /// Adds a result as one item. It is kept without end by the same transaction, or is not added.
    pub(super) async fn add_whole(
        &self,
        caller: &Caller,
        user: &str,
        source: &ResultSource,
    ) -> Result<Added> {
        let whole = NewItem {
            id: new_id(&self.entropy),
            result_row: WHOLE,
            label: source.title.clone(),
            cells: "[]".to_owned(),
            row_count: Some(source.rows as i64),
        };
        let (mut change, place) = self.begin(user, source, 1).await?;
        if !self.queries.hold(change.connection(), caller, &source.query).await.map_err(fault)? {
            return Err(QueriesService::result_is_gone());
        }
        let added = change.add(&place, &source.archive, &[whole], self.clock.now()).await.map_err(fault)?;
        finish(change, source, added, 1).await
    }

    /// Adds rows, each an item of its own.
    pub(super) async fn add_rows(
        &self,
        user: &str,
        source: &ResultSource,
        rows: &Selection,
    ) -> Result<Added> {
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
        let there = rows.ranges().iter().filter(|(a, _)| *a < source.rows);
        let wanted = there.map(|(a, b)| (b + 1).min(source.rows) - a).sum::<u64>();
        if wanted == 0 {
            return Err(Error::field(
                "rows",
                "The result has no such rows. Reload the page, then tick some.",
            ));
        }
        let gone = |error: Error| match error {
            Error::NotFound => QueriesService::result_is_gone(),
            other => other,
        };
        let mut numbers = rows.ranges().iter().flat_map(|(a, b)| *a..=*b);
        let mut batches = self.queries.results().batches_of(&source.key, rows).await.map_err(gone)?;
        // All is read before the change begins: a slow store must not hold the database meanwhile.
        let (mut items, mut bytes) = (Vec::with_capacity(wanted as usize), 0);
        while let Some(batch) = batches.next().await {
            let batch = batch.map_err(ReadError::report).map_err(gone)?;
            let cells = Cells::of(&batch);
            for (row, number) in (0..batch.num_rows()).zip(&mut numbers) {
                let item = self.item(&source.columns, number, &cells.row(row));
                bytes += item.cells.len();
                if bytes > MOST_BYTES {
                    return Err(Error::Limit(format!(
                        "These rows hold more than {}, the most that is added at once. Add the whole result as one item, or fewer rows.",
                        text::bytes(MOST_BYTES as u64)
                    )));
                }
                items.push(item);
            }
        }
        let (mut change, place) = self.begin(user, source, wanted).await?;
        let (now, mut added) = (self.clock.now(), 0);
        let mut rest = &items[..];
        while !rest.is_empty() {
            let (piece, later) = rest.split_at(piece_of(rest));
            added += change.add(&place, &source.archive, piece, now).await.map_err(fault)?;
            rest = later;
        }
        finish(change, source, added, items.len() as u64).await
    }

    fn item(&self, columns: &[ResultColumn], number: u64, cells: &[Option<String>]) -> NewItem {
        NewItem {
            id: new_id(&self.entropy),
            result_row: number as i64,
            label: label(columns, cells),
            cells: serde_json::to_string(cells).unwrap_or_else(|_| "[]".to_owned()),
            row_count: None,
        }
    }

    /// Begins a change that adds so many items at most; gives the id of their source in it.
    async fn begin(
        &self,
        user: &str,
        source: &ResultSource,
        items: u64,
    ) -> Result<(Change<'static>, String)> {
        let row = SourceRow {
            id: new_id(&self.entropy),
            query_id: source.query.clone(),
            archive: source.archive.clone(),
            table_names: source.tables.clone(),
            title: source.title.clone(),
            source_columns: serde_json::to_string(&source.columns).unwrap_or_else(|_| "[]".to_owned()),
        };
        let mut change = self.store.change(user).await.map_err(fault)?;
        let count = change.count().await.map_err(fault)?.unsigned_abs();
        if count + items > MOST_ITEMS {
            return Err(Error::Limit(format!(
                "A basket holds at most {} and yours has {}. Remove some, or add the whole result as one item.",
                text::counted(MOST_ITEMS, "item"),
                text::count(count)
            )));
        }
        let place = change.source(&row).await.map_err(fault)?;
        Ok((change, place))
    }
}

/// How many of the first items go into one statement: so many that neither their number nor their cells are too much.
fn piece_of(items: &[NewItem]) -> usize {
    let mut bytes = 0;
    let fits = |item: &&NewItem| {
        bytes += item.cells.len();
        bytes <= PIECE_BYTES
    };
    items.iter().take(PIECE).take_while(fits).count().max(1)
}

async fn finish(mut change: Change<'_>, source: &ResultSource, added: u64, all: u64) -> Result<Added> {
    change.forget_wanted(&source.query).await.map_err(fault)?;
    let count = change.finish(added as i64).await.map_err(fault)?.unsigned_abs();
    Ok(Added { added, already: all - added, count })
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
