//! One query, from the question to the kept result.

use super::result_store::ResultStore;
use super::result_writer::ResultWriter;
use super::store::{QueryEnd, QueryRow};
use super::views::result_columns;
use crate::clock::SECOND;
use crate::fault::{self, chain};
use crate::features::archives::archive::{Archive, Outcome};
use crate::features::archives::fault::ArchiveFault;
use app::error::AdqlFault;
use app::text;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::errors::ParquetError;
use futures::StreamExt as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

/// What a query may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    /// Longest time, in seconds.
    pub(crate) timeout_s: u64,
    /// Bytes that are left of the owner's room.
    pub(crate) room_bytes: u64,
}

/// A remote archive's own limit is the same time and is told with the rows that came till then; it goes first.
const GRACE: Duration = Duration::from_secs(1);

/// For the log, where the store of results does not take rows until the query's time is over.
const TOO_SLOW: &str = "the store of results did not take the rows in time";

/// How far a running query is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Rows so far.
    pub(crate) rows: u64,
    /// Bytes so far.
    pub(crate) bytes: u64,
}

/// What a query needs to run.
pub(crate) struct Run {
    pub(crate) row: QueryRow,
    pub(crate) archive: Arc<dyn Archive>,
    pub(crate) results: ResultStore,
    pub(crate) allowance: Allowance,
    pub(crate) cancel: CancellationToken,
    pub(crate) progress: watch::Sender<Progress>,
}

/// Why rows stopped coming, when it was not their end.
enum Stop {
    Fault(ArchiveFault),
    TimedOut,
    Cancelled,
    NoRoom,
    NotKept(ParquetError),
}

/// The sentence for a result that ended at the edge of the owner's room.
fn no_room(rows: u64) -> String {
    format!(
        "Your room for kept results ended after {}. Remove results that you no longer need, then ask again.",
        text::counted(rows, "row")
    )
}

impl Run {
    /// Asks and keeps. What it returns is how the query ended; it never fails.
    pub(crate) async fn into_end(self) -> QueryEnd {
        let deadline = Instant::now() + Duration::from_secs(self.allowance.timeout_s) + GRACE;
        let (adql, limit) = (self.row.adql.as_str(), self.row.row_limit.unsigned_abs());
        let asked = tokio::select! {
            () = self.cancel.cancelled() => Err(Stop::Cancelled),
            answer = timeout_at(deadline, self.archive.run(adql, limit, self.cancel.clone())) => match answer {
                Ok(Ok(answer)) => Ok(answer),
                Ok(Err(fault)) => Err(Stop::Fault(fault)),
                Err(_) => Err(Stop::TimedOut),
            },
        };
        let mut answer = match asked {
            Ok(answer) => answer,
            Err(stop) => return self.end(stop, 0),
        };
        let schema = answer.schema.clone();
        let key = ResultStore::key(&self.row.owner, &self.row.id);
        let mut writer = match ResultWriter::begin(self.results.objects(), &key, schema.clone()) {
            Ok(writer) => writer,
            Err(error) => return self.end(Stop::NotKept(error), 0),
        };
        let stop = self.keep_rows(&mut answer.batches, &mut writer, deadline).await;
        let rows = writer.rows();
        let keeps_rows = match &stop {
            None => true,
            Some(Stop::Cancelled | Stop::NotKept(_)) => false,
            Some(Stop::Fault(_) | Stop::TimedOut | Stop::NoRoom) => rows > 0,
        };
        if !keeps_rows {
            writer.abort().await;
            return stop.map_or_else(QueryEnd::default, |stop| self.end(stop, rows));
        }
        let bytes = match writer.finish().await {
            Ok(bytes) => bytes,
            Err(error) => return self.end(Stop::NotKept(error), 0),
        };
        let overflow = match answer.ending.outcome() {
            Some(Outcome::Overflow { sentence }) => Some(sentence.clone()),
            _ => None,
        };
        let end = match stop {
            None => QueryEnd { state: "completed", overflow, ..QueryEnd::default() },
            Some(Stop::NoRoom) => {
                QueryEnd { state: "completed", overflow: Some(no_room(rows)), ..QueryEnd::default() }
            }
            Some(stop) => self.end(stop, rows),
        };
        kept(end, rows, bytes, &schema, key)
    }

    async fn keep_rows(
        &self,
        batches: &mut futures::stream::BoxStream<
            'static,
            Result<datafusion::arrow::array::RecordBatch, ArchiveFault>,
        >,
        writer: &mut ResultWriter,
        deadline: Instant,
    ) -> Option<Stop> {
        loop {
            let next = tokio::select! {
                () = self.cancel.cancelled() => return Some(Stop::Cancelled),
                next = timeout_at(deadline, batches.next()) => next,
            };
            let batch = match next {
                Err(_) => return Some(Stop::TimedOut),
                Ok(None) => return None,
                Ok(Some(Err(ArchiveFault::Cancelled))) => return Some(Stop::Cancelled),
                Ok(Some(Err(fault))) => return Some(Stop::Fault(fault)),
                Ok(Some(Ok(batch))) => batch,
            };
            let written = tokio::select! {
                () = self.cancel.cancelled() => return Some(Stop::Cancelled),
                written = timeout_at(deadline, writer.write(&batch)) => written,
            };
            match written {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Some(Stop::NotKept(error)),
                Err(_) => return Some(Stop::NotKept(ParquetError::General(TOO_SLOW.to_owned()))),
            }
            self.progress.send_replace(Progress { rows: writer.rows(), bytes: writer.bytes() });
            if writer.bytes() > self.allowance.room_bytes {
                return Some(Stop::NoRoom);
            }
        }
    }

    /// The end of a query that did not complete.
    fn end(&self, stop: Stop, rows: u64) -> QueryEnd {
        let failed =
            |reason: String| QueryEnd { state: "failed", reason: Some(reason), ..QueryEnd::default() };
        match stop {
            Stop::Cancelled | Stop::Fault(ArchiveFault::Cancelled) => {
                QueryEnd { state: "cancelled", ..QueryEnd::default() }
            }
            Stop::Fault(ArchiveFault::Adql(fault)) => {
                QueryEnd { fault: adql_fault(&fault), ..failed(fault.sentence) }
            }
            Stop::Fault(fault) => {
                tracing::info!(query.id = %self.row.id, archive.name = %self.row.archive, fault.chain = %chain(&fault), "a query failed");
                failed(match &fault {
                    ArchiveFault::Internal { .. } => fault::report("asking an archive", &fault).to_string(),
                    other => other.to_string(),
                })
            }
            Stop::TimedOut => {
                let kept = if rows > 0 {
                    format!(" {} that came before are kept.", text::counted(rows, "row"))
                } else {
                    String::new()
                };
                failed(format!(
                    "The answer was not complete after {}, the longest that one query may take here.{kept} Ask for less: a smaller region, fewer rows, a stricter condition.",
                    text::duration(self.allowance.timeout_s as i64 * SECOND)
                ))
            }
            Stop::NoRoom => failed(no_room(rows)),
            Stop::NotKept(error) => {
                let reference = fault::report("keeping a result", &error);
                let full = chain(&error);
                failed(
                    if full.contains("No space left")
                        || full.contains("File too large")
                        || full.contains("Disk quota")
                    {
                        "The disk of this Skyport is full, so the result could not be kept. The operator has to make room; then ask again.".to_owned()
                    } else {
                        reference.to_string()
                    },
                )
            }
        }
    }
}

fn kept(end: QueryEnd, rows: u64, bytes: u64, schema: &SchemaRef, key: String) -> QueryEnd {
    let columns = serde_json::to_string(&result_columns(schema)).unwrap_or_else(|_| "[]".to_owned());
    QueryEnd { rows: rows as i64, bytes: bytes as i64, columns, result_key: Some(key), ..end }
}

fn adql_fault(fault: &AdqlFault) -> Option<String> {
    serde_json::to_string(fault).ok()
}
