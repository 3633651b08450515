//! Asking an archive and reading the answer as text.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::util::display::array_value_to_string;
use futures::TryStreamExt as _;
use skyport::features::archives::archive::{Answer, Archive, Outcome};
use skyport::features::archives::fault::ArchiveFault;
use skyport::features::archives::local::{Data, LocalArchive};
use std::future::Future;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Far more than anything here needs.
pub const DEADLINE: Duration = Duration::from_mins(1);

/// The local archive on the data that the build carries.
pub fn local() -> LocalArchive {
    LocalArchive::new(Data::Carried).expect("the local archive's data, built by ./dev")
}

/// All rows of an answer, as one batch.
pub async fn collect(answer: Answer) -> Result<(RecordBatch, Outcome), ArchiveFault> {
    let batches: Vec<RecordBatch> = answer.batches.try_collect().await?;
    let whole = concat_batches(&answer.schema, &batches).expect("batches of the schema that was told");
    Ok((whole, answer.ending.outcome().expect("an outcome at the end").clone()))
}

/// Asks with plenty of room.
pub async fn ask(archive: &dyn Archive, adql: &str) -> Result<(RecordBatch, Outcome), ArchiveFault> {
    collect(archive.run(adql, 1_000_000, CancellationToken::new()).await?).await
}

/// The rows as text, `|` between cells.
pub fn rows(batch: &RecordBatch) -> Vec<String> {
    let cell = |column: usize, row| array_value_to_string(batch.column(column), row).expect("a value");
    (0..batch.num_rows())
        .map(|row| (0..batch.num_columns()).map(|c| cell(c, row)).collect::<Vec<_>>().join("|"))
        .collect()
}

/// Waits until a condition holds.
pub async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    assert!(tokio::time::timeout(DEADLINE, wait).await.is_ok(), "{what} did not happen");
}
