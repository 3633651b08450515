//! The writer: a head from the schema, rows batch by batch, an end.

mod base64_lines;
mod cells;
mod head;
mod plan;
mod xml;

use std::collections::HashSet;
use std::io::Write;

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use crate::{Info, WriteError};
use base64_lines::Base64Lines;
use cells::Cells;
use plan::ColumnPlan;

/// The form of the data in a written document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Serialization {
    /// One element per cell: text, large.
    #[default]
    TableData,
    /// Base64 of binary rows with null flags (VOTable 1.3 and later).
    Binary2,
}

/// Writes tables as a VOTable 1.4 document, each in a RESOURCE of type `results`, batch by batch.
///
/// Nothing is complete before [`Writer::finish`]. Output is written in pieces of some 64 KiB: a buffer is not needed.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    form: Serialization,
    columns: Vec<ColumnPlan>,
    rows: u64,
    text: Vec<u8>,
    base64: Base64Lines,
    ids: HashSet<String>,
}

/// Bytes gathered before they are written out.
const PIECE: usize = 64 << 10;

impl<W: Write> Writer<W> {
    /// Writes the head: `infos`, then the table and its fields as `schema` and its [`meta`](crate::meta) keys say.
    ///
    /// # Errors
    /// A column has no form in a VOTable, or the output fails.
    pub fn new(out: W, form: Serialization, schema: &Schema, infos: &[Info]) -> Result<Self, WriteError> {
        let mut text = Vec::new();
        head::write_start(&mut text);
        let base64 = Base64Lines::default();
        let mut writer = Self { out, form, columns: Vec::new(), rows: 0, text, base64, ids: HashSet::new() };
        writer.begin_table(schema, infos)?;
        Ok(writer)
    }

    /// Ends the table and begins another one, in a RESOURCE of its own.
    ///
    /// # Errors
    /// A column has no form in a VOTable, or the output fails.
    pub fn next_table(mut self, schema: &Schema, infos: &[Info]) -> Result<Self, WriteError> {
        self.end_table(&[])?;
        self.begin_table(schema, infos)?;
        Ok(self)
    }

    fn begin_table(&mut self, schema: &Schema, infos: &[Info]) -> Result<(), WriteError> {
        let plans = schema.fields().iter().map(|field| ColumnPlan::new(field, self.form));
        self.columns = plans.collect::<Result<Vec<_>, _>>()?;
        self.rows = 0;
        self.base64 = Base64Lines::default();
        head::write_head(&mut self.text, self.form, schema, &self.columns, infos, &mut self.ids);
        self.out.write_all(&self.text)?;
        self.text.clear();
        Ok(())
    }

    fn end_table(&mut self, trailing: &[Info]) -> Result<(), WriteError> {
        write_piece(&mut self.text, self.form, &mut self.base64, &mut self.out)?;
        if self.form == Serialization::Binary2 {
            self.base64.finish(&mut self.out)?;
        }
        head::write_end(&mut self.text, self.form, trailing);
        Ok(())
    }

    /// Writes rows. The batch has the columns of the writer's schema; their metadata is not looked at.
    ///
    /// # Errors
    /// Other columns, a value that its column cannot hold, or the output fails. The rows before it are written.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), WriteError> {
        if batch.num_columns() != self.columns.len() {
            return Err(WriteError::Schema);
        }
        let arrays = self
            .columns
            .iter()
            .zip(batch.columns())
            .map(|(column, array)| column.prepare(array))
            .collect::<Result<Vec<_>, _>>()?;
        let cells = arrays
            .iter()
            .zip(&self.columns)
            .map(|(array, column)| Cells::new(array, column).ok_or(WriteError::Schema))
            .collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            let start = self.text.len();
            let result = match self.form {
                Serialization::TableData => write_text_row(&mut self.text, &cells, row),
                Serialization::Binary2 => write_binary_row(&mut self.text, &cells, row),
            };
            if let Err((column, reason)) = result {
                self.text.truncate(start);
                let column = self.columns[column].field.name.clone();
                return Err(WriteError::Value { row: self.rows + 1, column, reason });
            }
            self.rows += 1;
            if self.text.len() > PIECE {
                write_piece(&mut self.text, self.form, &mut self.base64, &mut self.out)?;
            }
        }
        Ok(())
    }

    /// Writes the end, with INFOs after the table (such as `QUERY_STATUS` = `OVERFLOW`), and gives the output back.
    ///
    /// # Errors
    /// The output fails.
    pub fn finish(mut self, trailing: &[Info]) -> Result<W, WriteError> {
        self.end_table(trailing)?;
        head::write_close(&mut self.text);
        self.out.write_all(&self.text)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Writes out the rows gathered.
fn write_piece(
    rows: &mut Vec<u8>,
    form: Serialization,
    base64: &mut Base64Lines,
    out: &mut impl Write,
) -> std::io::Result<()> {
    match form {
        Serialization::TableData => out.write_all(rows)?,
        Serialization::Binary2 => base64.write(rows, out)?,
    }
    rows.clear();
    Ok(())
}

type CellFault = (usize, String);

fn write_text_row(out: &mut Vec<u8>, cells: &[Cells<'_>], row: usize) -> Result<(), CellFault> {
    out.extend_from_slice(b"<TR>");
    for (column, cells) in cells.iter().enumerate() {
        if cells.is_null(row) {
            out.extend_from_slice(b"<TD/>");
        } else {
            let start = out.len();
            out.extend_from_slice(b"<TD>");
            cells.write_text(out, row).map_err(|reason| (column, reason))?;
            if out.len() == start + 4 {
                // An empty text or array: TABLEDATA does not tell it from none.
                out.truncate(start);
                out.extend_from_slice(b"<TD/>");
            } else {
                out.extend_from_slice(b"</TD>");
            }
        }
    }
    out.extend_from_slice(b"</TR>\n");
    Ok(())
}

fn write_binary_row(out: &mut Vec<u8>, cells: &[Cells<'_>], row: usize) -> Result<(), CellFault> {
    let flags = out.len();
    out.resize(flags + cells.len().div_ceil(8), 0);
    for (column, cells) in cells.iter().enumerate() {
        if cells.is_null(row) {
            out[flags + column / 8] |= 0x80 >> (column % 8);
            cells.write_binary_null(out);
        } else {
            cells.write_binary(out, row).map_err(|reason| (column, reason))?;
        }
    }
    Ok(())
}
