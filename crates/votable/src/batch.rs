//! The batch being filled, and when it is full.

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, Schema, SchemaRef};

use crate::column::{Column, Layout};
use crate::{ErrorKind, Field, Limits};

/// Rows of one table on their way into a record batch.
pub(crate) struct Batch {
    pub(crate) columns: Vec<Column>,
    pub(crate) layouts: Vec<Layout>,
    pub(crate) names: Vec<String>,
    schema: SchemaRef,
    /// Complete rows in the columns.
    pub(crate) rows: usize,
    /// About how much memory they take.
    bytes: usize,
    /// Memory that every row takes, even one of nulls.
    row_bytes: usize,
    /// Rows in earlier batches.
    delivered: u64,
    limits: Limits,
}

impl Batch {
    pub(crate) fn new(fields: &[Field], limits: &Limits) -> Result<Self, ErrorKind> {
        let layouts = fields.iter().map(|field| field.layout(limits)).collect::<Result<Vec<_>, _>>()?;
        let row_bytes = layouts.iter().map(Layout::memory_width).sum();
        if row_bytes > limits.row_bytes {
            return Err(ErrorKind::TooLarge { what: "a row of this table", limit: limits.row_bytes });
        }
        let arrow = fields.iter().zip(&layouts).map(|(field, layout)| field.to_arrow(layout));
        Ok(Self {
            schema: Arc::new(Schema::new(arrow.collect::<Vec<_>>())),
            columns: fields.iter().zip(&layouts).map(|(field, layout)| Column::new(field, layout)).collect(),
            names: fields.iter().map(|field| field.name.clone()).collect(),
            layouts,
            rows: 0,
            bytes: 0,
            row_bytes,
            delivered: 0,
            limits: limits.clone(),
        })
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(crate) fn set_schema_metadata(&mut self, metadata: std::collections::HashMap<String, String>) {
        self.schema = Arc::new(Schema::clone(&self.schema).with_metadata(metadata));
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Number in the table, from 1, of the row being read.
    pub(crate) fn row_number(&self) -> u64 {
        self.delivered + self.rows as u64 + 1
    }

    /// Rows delivered, and those waiting.
    pub(crate) fn total_rows(&self) -> u64 {
        self.delivered + self.rows as u64
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rows >= self.limits.batch_rows || self.bytes >= self.limits.batch_bytes
    }

    /// What is missing until it is full.
    pub(crate) fn room(&self) -> Room {
        Room {
            rows: self.limits.batch_rows.saturating_sub(self.rows),
            bytes: self.limits.batch_bytes.saturating_sub(self.bytes),
            row_bytes: self.row_bytes,
        }
    }

    /// Counts a row that took so many bytes of input. All columns have it.
    pub(crate) fn add_row(&mut self, input_bytes: usize) {
        self.rows += 1;
        self.bytes += input_bytes + self.row_bytes;
    }

    /// Drops what columns have of a row that did not become complete.
    pub(crate) fn drop_partial(&mut self) {
        for column in &mut self.columns {
            column.truncate(self.rows);
        }
    }

    /// A cell of the current row is wrong.
    pub(crate) fn cell_fault(&self, column: usize, reason: String) -> ErrorKind {
        let column = self.names.get(column).cloned().unwrap_or_default();
        ErrorKind::Cell { row: self.row_number(), column, reason }
    }

    /// The rows so far as a record batch, if there are any.
    pub(crate) fn take(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        if self.rows == 0 {
            return Ok(None);
        }
        let arrays = self.columns.iter_mut().map(Column::finish).collect::<Result<Vec<_>, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        self.delivered += self.rows as u64;
        self.rows = 0;
        self.bytes = 0;
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options).map(Some)
    }
}

/// What a batch can still take.
pub(crate) struct Room {
    rows: usize,
    bytes: usize,
    row_bytes: usize,
}

impl Room {
    #[inline]
    pub(crate) fn has_rows(&self) -> bool {
        self.rows > 0 && self.bytes > 0
    }

    #[inline]
    pub(crate) fn take_row(&mut self, input_bytes: usize) {
        self.rows -= 1;
        self.bytes = self.bytes.saturating_sub(input_bytes + self.row_bytes);
    }
}
