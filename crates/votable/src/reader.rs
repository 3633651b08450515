//! The pull reader.

use std::io::Read;

use crate::{Error, Event, Limits};

/// Reads a VOTable document from a blocking input, one [`Event`] at a time, in constant memory.
#[derive(Debug)]
pub struct Reader<R> {
    _input: R,
}

impl<R: Read> Reader<R> {
    /// A reader of `input`, which needs no buffer of its own. Nothing is read yet.
    pub fn new(input: R, _limits: Limits) -> Self {
        Self { _input: input }
    }

    /// The next event; `None` after the document's end, and after an error.
    ///
    /// # Errors
    /// The document cannot be read on: see [`ErrorKind`](crate::ErrorKind). Rows before the fault came as a batch before.
    pub fn next_event(&mut self) -> Result<Option<Event>, Error> {
        Ok(None)
    }

    /// The line the reader has come to, from 1.
    pub fn line(&self) -> u64 {
        1
    }
}
