//! Long work that survives everything: a wish is written down with its id minted first, and done step by step.
//!
//! Each step may come twice: after a crash between doing it and writing that it was done it is simply done again, so a
//! [`Craft`] makes every step, and its undoing, safe to repeat. A process does a step under a lease; one that dies leaves
//! the lease to run out, and another (or the same, started again) goes on. What cannot be done is undone in reverse order.

mod going;
mod runner;
mod store;

pub use going::{GoingOn, step_views};
pub use runner::Runner;
pub use store::{NewOperation, OperationRow, StepRow, WorkStore};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Transaction};
use std::time::Duration;

/// How the long work of one noun is done.
#[async_trait]
pub trait Craft: Send + Sync {
    /// The steps of a verb, in order. A verb's steps may grow in a newer version only at the end.
    fn steps(&self, verb: &str) -> &'static [Step];

    /// Does a step. What it learned it has written down itself when this returns.
    async fn perform(&self, operation: &OperationRow, step: &Step) -> Outcome;

    /// Undoes a step, whether it was done, half done or not begun.
    async fn undo(&self, operation: &OperationRow, step: &Step) -> Outcome;

    /// Something stands differently than before: a step begins, waits or ends. Comes often; must be quick.
    async fn moved(&self, operation: &OperationRow);

    /// It is about to be over. May come twice.
    async fn ending(&self, operation: &OperationRow, ending: Ending) -> Result<(), sqlx::Error>;

    /// It is over: what its subject is at now, in the transaction that says so.
    async fn ended(
        &self,
        operation: &OperationRow,
        ending: Ending,
        transaction: &mut Transaction<'static, Any>,
    ) -> Result<(), sqlx::Error>;
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its name in the database and in [`Craft::perform`].
    pub name: &'static str,
    /// How long it may take in all, with waiting and trying again.
    pub deadline_s: i64,
    /// What is said when that time is over.
    pub too_late: &'static str,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done; with a note for people.
    Done(Option<String>),
    /// It goes on elsewhere: look again after this, and say meanwhile what it waits for.
    Again(Duration, Option<String>),
    /// It did not work this time: again after a growing pause, not before this.
    Retry(Duration, Failure),
    /// It goes on when its owner has signed in at this site again; with why, where that does not go without saying.
    SignIn(String, Option<String>),
    /// It cannot be done.
    Failed(Failure),
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All steps are done.
    Done,
    /// A step could not be done, and what was done before is undone.
    Failed,
    /// It was called off, and what was done is undone.
    Undone,
}

/// Why a step could not be done, in words for people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What failed, in a sentence.
    pub what: String,
    /// The provider's own words.
    pub words: Option<String>,
    /// The provider's number of the request.
    pub request: Option<String>,
    /// What to do now.
    pub next: String,
    /// What was cleaned up, and what was not.
    pub cleaned: Vec<String>,
}

impl Ending {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Undone => "undone",
        }
    }
}
