//! The rows of a TAP service, as they come.

use super::{RemoteArchive, explain};
use crate::features::archives::archive::{Answer, Ending, Outcome};
use crate::features::archives::fault::{ArchiveFault, row_limit_sentence};
use crate::metrics::Metrics;
use datafusion::arrow::array::RecordBatch;
use futures::StreamExt as _;
use tap::Completion;

/// An answer of which the columns are known.
pub(super) fn answer(answer: tap::Answer, row_limit: u64, archive: &RemoteArchive) -> Answer {
    let schema = answer.schema();
    let ending = Ending::default();
    let reading = Reading {
        answer,
        row_limit,
        title: archive.card.title.clone(),
        name: archive.card.name.clone(),
        answer_mib: archive.answer_mib,
        metrics: archive.metrics.clone(),
        ending: ending.clone(),
    };
    let batches = futures::stream::unfold(Some(reading), |state| async move {
        let mut reading = state?;
        let item = reading.next().await?;
        let goes_on = item.is_ok();
        Some((item, goes_on.then_some(reading)))
    });
    Answer { schema, batches: batches.boxed(), ending }
}

struct Reading {
    answer: tap::Answer,
    row_limit: u64,
    title: String,
    name: String,
    answer_mib: u64,
    metrics: Metrics,
    ending: Ending,
}

impl Reading {
    async fn next(&mut self) -> Option<Result<RecordBatch, ArchiveFault>> {
        match self.answer.next_batch().await {
            Ok(Some(batch)) => Some(Ok(batch)),
            Ok(None) => {
                if let Some(outcome) = self.answer.outcome() {
                    self.ending.set(self.judge(outcome.completion, outcome.rows));
                }
                None
            }
            Err(error) => {
                let fault = explain::fault(&self.title, self.answer_mib, error);
                self.metrics.remote_calls.with_label_values(&[self.name.as_str(), fault.outcome()]).inc();
                Some(Err(fault))
            }
        }
    }

    /// Which limit cut the answer, for people.
    fn judge(&self, completion: Completion, rows: u64) -> Outcome {
        let sentence = match completion {
            Completion::Complete => return Outcome::Complete,
            Completion::RowLimit { limit } => row_limit_sentence(limit),
            Completion::Overflow if rows >= self.row_limit => row_limit_sentence(self.row_limit),
            Completion::Overflow => format!(
                "{} cut the answer after {rows} rows, which is its own limit. Add conditions to ask for less.",
                self.title
            ),
        };
        Outcome::Overflow { sentence }
    }
}
