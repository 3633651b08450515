//! The writer.

use std::io::Write;

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use crate::{Info, WriteError};

/// The form of the data in a written document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Serialization {
    /// One element per cell: text, large.
    #[default]
    TableData,
    /// Base64 of binary rows with null flags (VOTable 1.3).
    Binary2,
}

/// Writes one table as a VOTable 1.4 document of one RESOURCE of type `results`, batch by batch.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
}

impl<W: Write> Writer<W> {
    /// Writes the head: `infos`, then the table's fields with their [`meta`](crate::meta) keys.
    ///
    /// # Errors
    /// A column has no form in a VOTable, or the output fails.
    pub fn new(out: W, _form: Serialization, _schema: &Schema, _infos: &[Info]) -> Result<Self, WriteError> {
        Ok(Self { out })
    }

    /// Writes rows. The batch has the columns of the writer's schema.
    ///
    /// # Errors
    /// Other columns, a value that its column cannot hold, or the output fails.
    pub fn write(&mut self, _batch: &RecordBatch) -> Result<(), WriteError> {
        Ok(())
    }

    /// Writes the end, with INFOs after the table (such as `QUERY_STATUS` = `OVERFLOW`), and gives the output back.
    ///
    /// # Errors
    /// The output fails.
    pub fn finish(self, _trailing: &[Info]) -> Result<W, WriteError> {
        Ok(self.out)
    }
}
