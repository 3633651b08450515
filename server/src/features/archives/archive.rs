//! The port of archives: one world that holds tables and answers ADQL, near or far.
//!
//! Two rooms implement it: [`super::local`] (DataFusion over what the binary carries) and [`super::remote`] (TAP).

use super::fault::ArchiveFault;
use super::tables::{Table, TableSet};
use app::error::AdqlFault;
use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use futures::stream::BoxStream;
use std::sync::{Arc, OnceLock};
use tokio_util::sync::CancellationToken;

/// What the configuration says of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its key in the configuration and in addresses: `local`, `simbad`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it holds, in one sentence.
    pub sentence: String,
    /// The TAP address; none for the local archive.
    pub address: Option<String>,
}

/// What an archive that answers says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probe {
    /// How many tables, where it told.
    pub tables: Option<u64>,
    /// Most rows that it gives in one answer, where it told.
    pub row_limit: Option<u64>,
}

/// A world that holds tables and answers ADQL.
#[async_trait]
pub trait Archive: Send + Sync {
    /// What the configuration says of it.
    fn card(&self) -> &Card;

    /// Asks whether it answers; over within `archives.silence_s`, whatever happens.
    ///
    /// # Errors
    /// Why it does not.
    async fn probe(&self) -> Result<Probe, ArchiveFault>;

    /// Its tables: from memory where they are known, else asked for once, by whoever comes first. Tables of large
    /// archives come without columns.
    ///
    /// # Errors
    /// Why they cannot be had.
    async fn tables(&self) -> Result<Arc<TableSet>, ArchiveFault>;

    /// One table with its columns, by the name that ADQL knows it under, case and quotes aside. None where the
    /// archive has no such table.
    ///
    /// # Errors
    /// Why it cannot be had.
    async fn table(&self, name: &str) -> Result<Option<Arc<Table>>, ArchiveFault>;

    /// The tables that are known now, for checking and completing a text. Never waits.
    fn catalogue(&self) -> Option<Arc<adql::Catalogue>>;

    /// The first fault in a text that is one for certain. Never waits. A TAP service may well know more than this
    /// portal, so there only plain syntax counts; here names count too.
    fn check(&self, adql: &str) -> Option<AdqlFault>;

    /// Asks a question and returns when the columns are known; the rows come after that. More than `row_limit` rows
    /// never come: the answer then ends with [`Outcome::Overflow`]. Dropping the future or the answer, or cancelling,
    /// really stops the work.
    ///
    /// # Errors
    /// Why there is no answer.
    async fn run(
        &self,
        adql: &str,
        row_limit: u64,
        cancel: CancellationToken,
    ) -> Result<Answer, ArchiveFault>;
}

/// The answer to a question, on its way.
pub struct Answer {
    /// The columns of all batches; units, UCDs and descriptions stand in the fields' metadata under the keys of
    /// [`votable::meta`].
    pub schema: SchemaRef,
    /// The rows. A fault ends them; the batches before it stay good.
    pub batches: BoxStream<'static, Result<RecordBatch, ArchiveFault>>,
    /// How it ended.
    pub ending: Ending,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("schema", &self.schema)
            .field("ending", &self.ending)
            .finish_non_exhaustive()
    }
}

/// How an answer ended: known once its batches have ended without a fault. Copies tell the same.
#[derive(Debug, Clone, Default)]
pub struct Ending(Arc<OnceLock<Outcome>>);

impl Ending {
    /// The outcome; none while batches still come, or after a fault.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.0.get()
    }

    /// Says how it ended; the first word counts.
    pub(super) fn set(&self, outcome: Outcome) {
        let _ = self.0.set(outcome);
    }
}

/// Whether all rows came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All.
    Complete,
    /// There are more.
    Overflow {
        /// Which limit was reached and what to do, for people.
        sentence: String,
    },
}
