//! Reading results: windows of rows, pictures, whole tables.
//!
//! A result never changes, so what was read of it may be kept: its metadata, the rows that pass some filters, the
//! keys of a sorted column. A window of a sorted million rows needs no sort: two selections in linear time find its
//! rows, and only those rows' pages are read for the other columns.

mod cache;
mod cells;
mod columns;
mod matching;
mod opened;
mod order;
mod pick;
mod plot;
mod reader;

pub use cells::{Cells, cut_text};
pub use opened::ReadError;

use super::result_store::ResultStore;
use app::error::{Error, Result};
use app::features::queries::filter::Filter;
use app::features::queries::model::{PlotQuestion, PlotView, WindowQuestion, WindowRow, WindowView};
use app::selection::Selection;
use cache::Cache;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use futures::stream::BoxStream;
use object_store::ObjectStoreExt as _;
use object_store::path::Path;
use opened::Opened;
use order::SortKeys;
use std::sync::Arc;

/// Most rows of one window.
const MOST_ROWS: u64 = 500;
/// Bytes kept of what was read.
const KEPT_BYTES: usize = 64 << 20;

/// Reads results from the store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Results {
    files: ResultStore,
    kept: Arc<Kept>,
}

#[derive(Debug)]
struct Kept {
    opened: Cache<Opened>,
    matching: Cache<Vec<u32>>,
    keys: Cache<SortKeys>,
}

impl Results {
    /// On top of the store.
    pub fn new(files: ResultStore) -> Self {
        let kept = Kept {
            opened: Cache::new(KEPT_BYTES / 8),
            matching: Cache::new(KEPT_BYTES / 4),
            keys: Cache::new(KEPT_BYTES / 2),
        };
        Self { files, kept: Arc::new(kept) }
    }

    /// Some rows of the result under `key`.
    pub async fn window(&self, key: &str, question: WindowQuestion) -> Result<WindowView> {
        let opened = self.opened(key).await?;
        let shown = columns::shown(&opened, &question.columns)?;
        let matching = self.matching(key, &opened, &question.filters).await?;
        let count = question.count.clamp(1, MOST_ROWS);
        let numbers = match &question.sort {
            None => pick::unsorted(&matching, opened.rows(), question.offset, count),
            Some(sort) => {
                let column = columns::find(&opened, &sort.column, "sort")?;
                let keys = self.sort_keys(key, &opened, column).await?;
                let (matching, descending, rows) = (matching.clone(), sort.descending, opened.rows());
                blocking(move || pick::sorted(&keys, &matching, rows, question.offset, count, descending))
                    .await
            }
        };
        let cells = self.cells(&opened, &numbers, &shown).await?;
        let window =
            numbers.into_iter().zip(cells).map(|(number, cells)| WindowRow { number: number.into(), cells });
        Ok(WindowView {
            rows: opened.rows().into(),
            matching: pick::count(&matching, opened.rows()).into(),
            offset: question.offset,
            window: window.collect(),
        })
    }

    /// A picture of one or two of its columns.
    pub async fn plot(&self, key: &str, question: PlotQuestion) -> Result<PlotView> {
        let opened = self.opened(key).await?;
        let x = columns::find_numeric(&opened, &question.x, "x")?;
        let y = question.y.as_ref().filter(|y| !y.is_empty());
        let y = y.map(|y| columns::find_numeric(&opened, y, "y")).transpose()?;
        let matching = self.matching(key, &opened, &question.filters).await?;
        let xs = opened.read_column(x).await.map_err(ReadError::report)?;
        let ys = match y {
            Some(y) => Some(opened.read_column(y).await.map_err(ReadError::report)?),
            None => None,
        };
        Ok(blocking(move || plot::draw(&xs, ys.as_deref(), matching.as_ref().map(|rows| rows.as_slice())))
            .await)
    }

    /// The numbers of the rows that pass the filters, in the archive's order.
    pub async fn rows_matching(&self, key: &str, filters: &[Filter]) -> Result<Selection> {
        let opened = self.opened(key).await?;
        let matching = self.matching(key, &opened, filters).await?;
        Ok(match matching {
            None => Selection::all(opened.rows().into()),
            Some(rows) => {
                let mut selection = Selection::default();
                for run in rows.chunk_by(|a, b| a + 1 == *b) {
                    selection.insert(run[0].into(), run[run.len() - 1].into());
                }
                selection
            }
        })
    }

    /// The columns of a result, and how many rows it has.
    pub async fn schema(&self, key: &str) -> Result<(SchemaRef, u64)> {
        let opened = self.opened(key).await?;
        Ok((opened.schema(), opened.rows().into()))
    }

    /// All rows, batch after batch, in constant memory.
    pub async fn batches(
        &self,
        key: &str,
    ) -> Result<BoxStream<'static, std::result::Result<RecordBatch, ReadError>>> {
        self.opened(key).await?.read_all().map_err(ReadError::report)
    }

    /// The chosen rows, batch after batch, in the archive's order; numbers beyond the end are passed over.
    pub async fn batches_of(
        &self,
        key: &str,
        rows: &Selection,
    ) -> Result<BoxStream<'static, std::result::Result<RecordBatch, ReadError>>> {
        self.opened(key).await?.read_selection(rows).map_err(ReadError::report)
    }

    /// The Parquet file itself.
    pub async fn file(
        &self,
        key: &str,
    ) -> Result<BoxStream<'static, std::result::Result<bytes::Bytes, object_store::Error>>> {
        match self.files.objects().get(&Path::from(key)).await {
            Ok(found) => Ok(found.into_stream()),
            Err(object_store::Error::NotFound { .. }) => Err(Error::NotFound),
            Err(error) => Err(ReadError::Store(error).report()),
        }
    }

    async fn opened(&self, key: &str) -> Result<Arc<Opened>> {
        if let Some(opened) = self.kept.opened.get(key) {
            return Ok(opened);
        }
        let opened = Arc::new(Opened::open(self.files.objects(), key).await.map_err(ReadError::report)?);
        self.kept.opened.put(key.to_owned(), opened.clone(), opened.memory());
        Ok(opened)
    }

    /// None where every row matches.
    async fn matching(
        &self,
        key: &str,
        opened: &Arc<Opened>,
        filters: &[Filter],
    ) -> Result<Option<Arc<Vec<u32>>>> {
        let conditions = columns::conditions(opened, filters)?;
        if conditions.is_empty() {
            return Ok(None);
        }
        // Not as in an address: a text may hold a line break, and would then read as two filters.
        let name = format!("{key}\n{filters:?}");
        if let Some(rows) = self.kept.matching.get(&name) {
            return Ok(Some(rows));
        }
        let mut read = Vec::with_capacity(conditions.len());
        for (column, condition) in conditions {
            read.push((opened.read_column(column).await.map_err(ReadError::report)?, condition));
        }
        let rows = opened.rows();
        let rows = Arc::new(blocking(move || matching::rows(&read, rows)).await);
        self.kept.matching.put(name, rows.clone(), rows.len() * 4);
        Ok(Some(rows))
    }

    async fn sort_keys(&self, key: &str, opened: &Arc<Opened>, column: usize) -> Result<Arc<SortKeys>> {
        let name = format!("{key}\n{column}");
        if let Some(keys) = self.kept.keys.get(&name) {
            return Ok(keys);
        }
        let arrays = opened.read_column(column).await.map_err(ReadError::report)?;
        let keys = Arc::new(blocking(move || SortKeys::of(&arrays)).await);
        self.kept.keys.put(name, keys.clone(), keys.memory());
        Ok(keys)
    }

    /// The cells of some rows, in the order of `numbers`.
    async fn cells(
        &self,
        opened: &Arc<Opened>,
        numbers: &[u32],
        shown: &[usize],
    ) -> Result<Vec<Vec<Option<String>>>> {
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable();
        let found = opened.read_cells(&sorted, shown).await.map_err(ReadError::report)?;
        let at = |number: &u32| sorted.binary_search(number).ok().and_then(|place| found.get(place).cloned());
        Ok(numbers.iter().map(|number| at(number).unwrap_or_default()).collect())
    }
}

/// Runs what only computes away from the threads that answer requests.
async fn blocking<T: Send + 'static>(compute: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(compute).await {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
