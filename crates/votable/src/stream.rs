//! STREAM of BINARY and BINARY2: base64 text to bytes, bytes to rows.

mod base64_text;
mod locate;

use std::io::Read;

use crate::ErrorKind;
use crate::batch::Batch;
use crate::column::Rows;
use crate::source::Source;
use base64_text::Base64Text;
use locate::{Locator, Stop};

/// Reads the rows of one STREAM.
pub(crate) struct StreamReader {
    text: Base64Text,
    locator: Locator,
}

/// How a step through the stream ended.
pub(crate) enum Step {
    /// The batch is full.
    Full,
    /// `</STREAM>` or other markup comes next.
    End,
}

/// A fault, with its line and byte where they are not those of the input's current place.
pub(crate) struct StreamFault {
    pub(crate) kind: ErrorKind,
    pub(crate) place: Option<(u64, u64)>,
}

impl StreamReader {
    /// For rows of `batch`; `flagged` if they begin with null flags (BINARY2).
    pub(crate) fn new(batch: &Batch, flagged: bool) -> Self {
        Self { text: Base64Text::default(), locator: Locator::new(&batch.layouts, flagged) }
    }

    /// Reads rows until the batch is full or the stream ends.
    pub(crate) fn read<R: Read>(
        &mut self,
        source: &mut Source<R>,
        batch: &mut Batch,
    ) -> Result<Step, StreamFault> {
        loop {
            if batch.is_full() {
                return Ok(Step::Full);
            }
            let stop = self.locator.locate(self.text.decoded(), batch);
            let used = self.locator.used();
            if self.locator.rows() > 0 {
                self.push_rows(batch).map_err(|(at, kind)| self.fault_at(at, kind))?;
                self.text.advance(used);
                continue;
            }
            if let Stop::Fault(kind) = stop {
                return Err(self.fault_at(0, kind));
            }
            if let Some(kind) = self.text.take_fault() {
                return Err(self.fault_at(self.text.decoded().len(), kind));
            }
            if self.text.has_ended() {
                if self.text.decoded().is_empty() {
                    return Ok(Step::End);
                }
                let kind = ErrorKind::Stream(format!("it ends inside row {}", batch.row_number()));
                return Err(self.fault_at(0, kind));
            }
            self.text.pump(source).map_err(|kind| StreamFault { kind, place: None })?;
        }
    }

    /// Moves the located rows into the columns. On a fault, those before it, and where in the data it lies.
    fn push_rows(&mut self, batch: &mut Batch) -> Result<(), (usize, ErrorKind)> {
        let rows = self.locator.rows();
        let mut fault: Option<(usize, usize, String)> = None;
        let flagged = self.locator.flagged_columns(self.text.decoded());
        for at in 0..batch.columns.len() {
            let place = self.locator.place(at);
            let cells = Rows {
                data: self.text.decoded(),
                starts: self.locator.starts(place.run),
                within: place.within,
                flags: self.locator.flags().map(|rows| (rows, at)),
                any_flagged: flagged.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0),
            };
            if let Err((row, why)) = batch.columns[at].push_rows(&batch.layouts[at], cells)
                && fault.as_ref().is_none_or(|(first, _, _)| row < *first)
            {
                fault = Some((row, at, why));
            }
        }
        let good = fault.as_ref().map_or(rows, |(row, _, _)| *row);
        for at in 0..good {
            batch.add_row(self.locator.row_len(at));
        }
        let Some((row, column, why)) = fault else { return Ok(()) };
        batch.drop_partial();
        Err((self.locator.row_start(row), batch.cell_fault(column, why)))
    }

    fn fault_at(&self, at: usize, kind: ErrorKind) -> StreamFault {
        StreamFault { kind, place: Some(self.text.place(at)) }
    }
}
