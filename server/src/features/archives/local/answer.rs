//! From a plan to an answer: the engine's threads work, batches cross over, the row limit cuts.

use super::engine::{Engine, Planner};
use super::watch::{Watch, is_stop};
use crate::features::archives::archive::{Answer, Ending, Outcome};
use crate::features::archives::fault::ArchiveFault;
use adql::{OutputColumn, Translated};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::error::DataFusionError;
use datafusion::physical_plan::execute_stream;
use futures::StreamExt as _;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::DropGuard;
use votable::meta;

/// Batches that may wait to be taken.
const BATCHES_AHEAD: usize = 2;

type Fault = Box<DataFusionError>;
/// A batch, or nothing at the very end: a channel that closes before that is work that broke.
type Piece = Result<Option<RecordBatch>, Fault>;

/// Runs a translated question; returns when its columns are known.
pub(super) async fn answer(
    engine: &Engine,
    translated: Translated,
    row_limit: u64,
    watch: Watch,
    archive: &str,
) -> Result<Answer, ArchiveFault> {
    let on_drop = watch.cancelled().clone().drop_guard();
    let (head_sender, head) = oneshot::channel();
    let (sender, receiver) = mpsc::channel(BATCHES_AHEAD);
    let asker = watch.clone();
    let planner = engine.planner();
    engine.spawn(async move {
        let stop = asker.cancelled().clone();
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = work(planner, translated, asker, head_sender, sender) => {}
        }
    });
    let archive: Arc<str> = archive.into();
    let schema = match head.await {
        Ok(Ok(schema)) => schema,
        Ok(Err(error)) => return Err(explain(*error, &archive)),
        Err(_) => return Err(gone(&watch, &archive)),
    };
    let ending = Ending::default();
    let cut = Cut { receiver, row_limit, rows: 0, ending: ending.clone(), watch, archive, _on_drop: on_drop };
    let batches = futures::stream::unfold(Some(cut), |state| async move {
        let mut cut = state?;
        let (item, more) = cut.next().await?;
        Some((item, more.then_some(cut)))
    });
    Ok(Answer { schema, batches: batches.boxed(), ending })
}

/// On the engine's threads.
async fn work(
    planner: Planner,
    translated: Translated,
    watch: Watch,
    head: oneshot::Sender<Result<SchemaRef, Fault>>,
    sender: mpsc::Sender<Piece>,
) {
    let opened = async {
        let (plan, context) = planner.plan(&translated.sql, &watch).await?;
        let stream = execute_stream(plan, context.task_ctx())?;
        let schema = describe(&stream.schema(), &translated.columns);
        Ok::<_, DataFusionError>((stream, schema))
    };
    let (mut stream, schema) = match opened.await {
        Ok(opened) => opened,
        Err(error) => {
            let _ = head.send(Err(Box::new(error)));
            return;
        }
    };
    if head.send(Ok(schema.clone())).is_err() {
        return;
    }
    while let Some(item) = stream.next().await {
        let item = item.and_then(|batch| fit(&batch, &schema)).map(Some).map_err(Box::new);
        let failed = item.is_err();
        if sender.send(item).await.is_err() || failed {
            return;
        }
    }
    let _ = sender.send(Ok(None)).await;
}

/// The columns with their meaning, in types that every reader and writer of results knows.
fn describe(schema: &Schema, columns: &[OutputColumn]) -> SchemaRef {
    let fields = schema.fields().iter().zip(columns).map(|(field, column)| {
        let said =
            [(meta::UNIT, &column.unit), (meta::UCD, &column.ucd), (meta::DESCRIPTION, &column.description)];
        let metadata = said.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)));
        let plain = match field.data_type() {
            DataType::Utf8View | DataType::LargeUtf8 | DataType::Null => DataType::Utf8,
            DataType::UInt64 => DataType::Int64,
            DataType::Decimal128(..) | DataType::Decimal256(..) | DataType::Float16 => DataType::Float64,
            other => other.clone(),
        };
        Field::new(&column.name, plain, true).with_metadata(metadata.collect())
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn fit(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, DataFusionError> {
    let columns = batch.columns().iter().zip(schema.fields()).map(|(column, field)| {
        if column.data_type() == field.data_type() {
            Ok(column.clone())
        } else {
            cast(column, field.data_type())
        }
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}

/// The stream's end of the bridge.
struct Cut {
    receiver: mpsc::Receiver<Piece>,
    row_limit: u64,
    rows: u64,
    ending: Ending,
    watch: Watch,
    archive: Arc<str>,
    _on_drop: DropGuard,
}

impl Cut {
    /// The next batch, and whether there may be another.
    async fn next(&mut self) -> Option<(Result<RecordBatch, ArchiveFault>, bool)> {
        let batch = match self.receiver.recv().await {
            Some(Ok(Some(batch))) => batch,
            Some(Ok(None)) => {
                self.ending.set(Outcome::Complete);
                return None;
            }
            Some(Err(error)) => return Some((Err(explain(*error, &self.archive)), false)),
            None => return Some((Err(gone(&self.watch, &self.archive)), false)),
        };
        let left = self.row_limit - self.rows;
        if batch.num_rows() as u64 <= left {
            self.rows += batch.num_rows() as u64;
            return Some((Ok(batch), true));
        }
        // One row more than the limit was asked for, to know this.
        let sentence = crate::features::archives::fault::row_limit_sentence(self.row_limit);
        self.ending.set(Outcome::Overflow { sentence });
        if left == 0 {
            return None;
        }
        self.rows = self.row_limit;
        Some((Ok(batch.slice(0, usize::try_from(left).unwrap_or(usize::MAX))), false))
    }
}

fn explain(error: DataFusionError, archive: &str) -> ArchiveFault {
    if is_stop(&error) {
        return ArchiveFault::Cancelled;
    }
    let said = |message: &str| ArchiveFault::SaidNo {
        archive: archive.to_owned(),
        message: message.lines().next().unwrap_or_default().trim().trim_end_matches('.').to_owned() + ".",
        rows: 0,
    };
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => ArchiveFault::TooHeavy,
        DataFusionError::Execution(message) => said(message),
        DataFusionError::ArrowError(inner, _) => said(&inner.to_string()),
        _ => ArchiveFault::Internal { archive: archive.to_owned(), source: error.into() },
    }
}

/// The work ended without a word: cancelled, or it panicked.
fn gone(watch: &Watch, archive: &str) -> ArchiveFault {
    if watch.cancelled().is_cancelled() {
        ArchiveFault::Cancelled
    } else {
        ArchiveFault::Internal { archive: archive.to_owned(), source: "the engine stopped".into() }
    }
}
