//! The answer to a query: its columns first, then its rows as they come, then how it ended.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use futures_core::Stream;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::body::{Body, Flow};
use crate::exchange::{Guard, Stop};
use crate::{Error, Limits};

mod read;

use read::{Fault, Piece, read_votable};

/// Batches that may wait for the caller.
const BATCHES_AHEAD: usize = 2;

/// A table on its way: a [`Stream`] of record batches. An error ends it; the batches before stay good.
/// Dropping it closes the connection.
#[derive(Debug)]
pub struct Answer {
    table: votable::Table,
    place: String,
    pieces: mpsc::Receiver<Result<Piece, Fault>>,
    flow: Arc<Flow>,
    cancel: CancellationToken,
    _on_drop: DropGuard,
    rows: u64,
    done: bool,
    outcome: Option<Outcome>,
}

/// How an answer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether these are all the rows.
    pub completion: Completion,
    /// Rows handed out.
    pub rows: u64,
    /// Bytes received, after decompression.
    pub bytes: u64,
    /// What the archive noted about the answer, in order: `QUERY_STATUS` and others (at most 1,000).
    pub infos: Vec<votable::Info>,
}

/// Whether an answer has all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// All, as far as the archive says.
    Complete,
    /// The archive cut the answer (`QUERY_STATUS` is `OVERFLOW`): by MAXREC or by a limit of its own.
    Overflow,
    /// Reading stopped here after this many rows, since `maxrec` or
    /// [`Limits::max_rows`](crate::Limits::max_rows) was reached and more came; the connection was dropped.
    RowLimit {
        /// The limit.
        limit: u64,
    },
}

impl Answer {
    /// Starts reading and waits for the columns.
    pub(crate) async fn open(
        body: Body,
        guard: Guard,
        on_drop: DropGuard,
        place: String,
        limits: &Limits,
        maxrec: Option<u64>,
    ) -> Result<Self, Error> {
        let cancel = guard.cancel.clone();
        let (reader, flow) = body.flow(guard);
        let (sender, mut pieces) = mpsc::channel(BATCHES_AHEAD);
        let max_rows = limits.max_rows.min(maxrec.unwrap_or(u64::MAX));
        let (votable_limits, max_chars) = (limits.votable.clone(), limits.max_message_chars);
        tokio::task::spawn_blocking(move || {
            read_votable(votable::Reader::new(reader, votable_limits), max_rows, max_chars, &sender);
        });
        match pieces.recv().await {
            Some(Ok(Piece::Table(table))) => Ok(Self {
                table: *table,
                place,
                pieces,
                flow,
                cancel,
                _on_drop: on_drop,
                rows: 0,
                done: false,
                outcome: None,
            }),
            Some(Err(fault)) => Err(explain(Some(fault), &flow, &place, 0)),
            // The first piece is a table or a fault; else the thread is gone.
            Some(Ok(_)) | None => Err(explain(None, &flow, &place, 0)),
        }
    }

    /// The table's head: its fields with unit, UCD and description.
    pub fn table(&self) -> &votable::Table {
        &self.table
    }

    /// The columns of every batch.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.table.schema)
    }

    /// Rows handed out so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Bytes received so far, after decompression.
    pub fn bytes(&self) -> u64 {
        self.flow.bytes()
    }

    /// How it ended: there once the stream has ended without an error.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// The next batch; `None` at the end.
    ///
    /// # Errors
    /// Whatever broke the answer, once; `None` after that.
    pub async fn next_batch(&mut self) -> Result<Option<RecordBatch>, Error> {
        std::future::poll_fn(|cx| self.poll_batch(cx)).await.transpose()
    }

    fn poll_batch(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<RecordBatch, Error>>> {
        if self.done {
            return Poll::Ready(None);
        }
        // Batches that wait are not worth handing out to somebody who cancelled.
        if self.cancel.is_cancelled() {
            self.done = true;
            return Poll::Ready(Some(Err(Error::Cancelled { rows: self.rows })));
        }
        let Poll::Ready(piece) = self.pieces.poll_recv(cx) else { return Poll::Pending };
        let fault = match piece {
            Some(Ok(Piece::Batch(batch))) => {
                self.rows += batch.num_rows() as u64;
                return Poll::Ready(Some(Ok(batch)));
            }
            Some(Ok(Piece::End { completion, infos })) => {
                self.done = true;
                self.outcome = Some(Outcome { completion, rows: self.rows, bytes: self.bytes(), infos });
                return Poll::Ready(None);
            }
            Some(Err(fault)) => Some(fault),
            Some(Ok(Piece::Table(_))) | None => None,
        };
        self.done = true;
        Poll::Ready(Some(Err(explain(fault, &self.flow, &self.place, self.rows))))
    }
}

impl Stream for Answer {
    type Item = Result<RecordBatch, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_batch(cx)
    }
}

/// Names what went wrong. A document that cannot be read on because its bytes stopped is the fault of what
/// stopped them.
fn explain(fault: Option<Fault>, flow: &Flow, place: &str, rows: u64) -> Error {
    let place = place.to_owned();
    match fault {
        Some(Fault::Rejected(message)) => Error::Rejected { message, rows },
        Some(Fault::NoTable) => Error::NoTable { place },
        Some(Fault::Votable(source)) => match flow.take_stop() {
            Some(stop) => stop.into_error(&place, rows),
            None if flow.ended() && matches!(source.kind, votable::ErrorKind::Truncated { .. }) => {
                Stop::Cut(None).into_error(&place, rows)
            }
            None => Error::Malformed { place, rows, source },
        },
        None => match flow.take_stop() {
            Some(stop) => stop.into_error(&place, rows),
            None => Error::Interrupted { rows },
        },
    }
}
