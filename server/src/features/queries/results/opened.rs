//! One Parquet file with its metadata read, and reading parts of it.

use super::cells::Cells;
use super::reader::StoredFile;
use crate::fault::report;
use app::error::Error;
use app::selection::Selection;
use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, RowSelection, RowSelector,
};
use datafusion::parquet::arrow::async_reader::ParquetRecordBatchStreamBuilder;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::metadata::PageIndexPolicy;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use std::sync::Arc;

/// Rows that are decoded together for a page.
const ROWS_AT_ONCE: usize = 64;

/// Why a result cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not there any more.
    #[error("the result is gone")]
    Gone,
    /// The store does not give it.
    #[error("the store of results failed")]
    Store(#[source] object_store::Error),
    /// It is not a table that we wrote.
    #[error("the result cannot be read")]
    Parquet(#[from] ParquetError),
}

impl ReadError {
    /// The error for the page, logged where it is a fault.
    pub fn report(self) -> Error {
        match self {
            Self::Gone => Error::NotFound,
            other => report("reading a result", &other),
        }
    }
}

/// A result whose metadata is read.
#[derive(Debug)]
pub(super) struct Opened {
    file: StoredFile,
    metadata: ArrowReaderMetadata,
}

impl Opened {
    pub(super) async fn open(store: Arc<dyn ObjectStore>, key: &str) -> Result<Self, ReadError> {
        let path = Path::from(key);
        let size = match store.head(&path).await {
            Ok(found) => found.size,
            Err(object_store::Error::NotFound { .. }) => return Err(ReadError::Gone),
            Err(error) => return Err(ReadError::Store(error)),
        };
        let mut file = StoredFile { store, path, size };
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let metadata = ArrowReaderMetadata::load_async(&mut file, options).await?;
        Ok(Self { file, metadata })
    }

    /// Rows; a result has fewer than four thousand million.
    pub(super) fn rows(&self) -> u32 {
        u32::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(u32::MAX)
    }

    pub(super) fn schema(&self) -> SchemaRef {
        self.metadata.schema().clone()
    }

    /// About how many bytes the metadata takes.
    pub(super) fn memory(&self) -> usize {
        self.metadata.metadata().memory_size()
    }

    fn reader(&self) -> ParquetRecordBatchStreamBuilder<StoredFile> {
        ParquetRecordBatchStreamBuilder::new_with_metadata(self.file.clone(), self.metadata.clone())
    }

    fn mask(&self, columns: &[usize]) -> ProjectionMask {
        ProjectionMask::roots(self.metadata.parquet_schema(), columns.iter().copied())
    }

    /// One whole column, in pieces.
    pub(super) async fn read_column(&self, column: usize) -> Result<Vec<ArrayRef>, ReadError> {
        let stream = self.reader().with_projection(self.mask(&[column])).with_batch_size(1 << 16).build()?;
        let batches: Vec<RecordBatch> = on_a_thread_of_its_own(stream.boxed()).await?;
        Ok(batches.into_iter().map(|batch| batch.column(0).clone()).collect())
    }

    /// Cells of some rows as a page shows them, by ascending numbers, with the columns in the order asked for. A few
    /// rows at a time are read: one may be large.
    pub(super) async fn read_cells(
        &self,
        rows: &[u32],
        columns: &[usize],
    ) -> Result<Vec<Vec<Option<String>>>, ReadError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ranges = rows.iter().map(|&row| u64::from(row)..u64::from(row) + 1);
        let reader =
            self.reader().with_projection(self.mask(columns)).with_row_selection(selection_of(ranges));
        let stream = reader.with_batch_size(rows.len().min(ROWS_AT_ONCE)).build()?;
        let mut in_file = columns.to_vec();
        in_file.sort_unstable();
        in_file.dedup();
        let order: Vec<usize> = columns.iter().filter_map(|c| in_file.binary_search(c).ok()).collect();
        let cells = stream.map(move |batch| {
            let batch = batch?.project(&order)?;
            let cells = Cells::of(&batch);
            Ok::<_, ParquetError>((0..batch.num_rows()).map(|row| cells.shown(row)).collect::<Vec<_>>())
        });
        Ok(on_a_thread_of_its_own(cells.boxed()).await?.concat())
    }

    /// Everything, in constant memory.
    pub(super) fn read_all(&self) -> Result<BoxStream<'static, Result<RecordBatch, ReadError>>, ReadError> {
        Ok(self.reader().with_batch_size(8192).build()?.map_err(ReadError::from).boxed())
    }

    /// Chosen rows, in constant memory.
    pub(super) fn read_selection(
        &self,
        rows: &Selection,
    ) -> Result<BoxStream<'static, Result<RecordBatch, ReadError>>, ReadError> {
        let end = u64::from(self.rows());
        let ranges = rows.ranges().iter().filter(|(a, _)| *a < end).map(|(a, b)| *a..(*b + 1).min(end));
        let reader = self.reader().with_row_selection(selection_of(ranges));
        Ok(reader.with_batch_size(8192).build()?.map_err(ReadError::from).boxed())
    }
}

/// Ascending ranges that do not overlap, as the reader wants them.
fn selection_of(ranges: impl Iterator<Item = std::ops::Range<u64>>) -> RowSelection {
    let (mut selectors, mut at) = (Vec::new(), 0);
    for range in ranges {
        if range.start > at {
            selectors.push(RowSelector::skip((range.start - at) as usize));
        }
        selectors.push(RowSelector::select((range.end - range.start.max(at)) as usize));
        at = range.end;
    }
    selectors.into()
}

/// Decoding takes milliseconds of one core, so it goes to a thread that may block.
async fn on_a_thread_of_its_own<T: Send + 'static>(
    stream: BoxStream<'static, Result<T, ParquetError>>,
) -> Result<Vec<T>, ReadError> {
    let handle = tokio::runtime::Handle::current();
    let read = super::blocking(move || handle.block_on(stream.try_collect::<Vec<_>>())).await;
    Ok(read?)
}
