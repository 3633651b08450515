//! Streams record batches into one Parquet file.

use super::upload::Upload;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::AsyncArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::schema::types::ColumnPath;
use object_store::ObjectStore;
use object_store::path::Path;
use std::sync::Arc;

/// Rows of one row group: small enough that a window reads little, large enough to compress.
const ROW_GROUP: usize = 1 << 16;
/// Bytes of one row group, however few rows: an unfinished one lies in memory.
const ROW_GROUP_BYTES: usize = 64 << 20;
/// Rows of one page: what is read at least for a single row.
const PAGE: usize = 1024;

/// A result on its way into the store.
pub struct ResultWriter {
    writer: AsyncArrowWriter<Upload>,
    rows: u64,
}

impl ResultWriter {
    /// Begins a file under `key`; it appears when [`Self::finish`] is done.
    pub fn begin(store: Arc<dyn ObjectStore>, key: &str, schema: SchemaRef) -> Result<Self, ParquetError> {
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .set_max_row_group_bytes(Some(ROW_GROUP_BYTES))
            .set_data_page_row_count_limit(PAGE)
            .set_write_batch_size(PAGE)
            .set_dictionary_enabled(false)
            .set_dictionary_page_size_limit(64 * 1024)
            .set_statistics_enabled(EnabledStatistics::Page);
        // Only texts repeat themselves enough for a dictionary; elsewhere it would be read again for every window.
        for field in schema.fields().iter().filter(|f| f.data_type().is_string()) {
            properties =
                properties.set_column_dictionary_enabled(ColumnPath::from(field.name().as_str()), true);
        }
        let properties = properties.build();
        let sink = Upload::new(store, Path::from(key));
        Ok(Self { writer: AsyncArrowWriter::try_new(sink, schema, Some(properties))?, rows: 0 })
    }

    /// Adds rows.
    pub async fn write(&mut self, batch: &RecordBatch) -> Result<(), ParquetError> {
        self.writer.write(batch).await?;
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Bytes so far, in the file and on their way.
    pub fn bytes(&self) -> u64 {
        (self.writer.bytes_written() + self.writer.in_progress_size()) as u64
    }

    /// Completes the file; gives its size in bytes. Where that fails, nothing of it stays in the store.
    pub async fn finish(mut self) -> Result<u64, ParquetError> {
        match self.writer.finish().await {
            Ok(_) => Ok(self.writer.bytes_written() as u64),
            Err(error) => {
                self.abort().await;
                Err(error)
            }
        }
    }

    /// Gives up; nothing stays in the store.
    pub async fn abort(self) {
        self.writer.into_inner().abort().await;
    }
}
