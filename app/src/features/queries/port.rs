//! What the pages need of queries; the server implements it.

use super::model::{
    CompletionView, LimitsView, PlotQuestion, PlotView, QueryView, Question, Target, WindowQuestion,
    WindowView,
};
use crate::asking::Caller;
use crate::error::{AdqlFault, Result};
use async_trait::async_trait;

/// Queries and results. Every method checks the caller itself: what is not theirs is not found.
#[async_trait]
pub trait QueriesPort: Send + Sync {
    /// Writes the query down and starts it, or queues it behind the owner's others. Answers at once.
    async fn ask(&self, caller: &Caller, ask: Question) -> Result<QueryView>;
    /// The caller's queries, newest first, from `offset`, at most 50; and how many there are.
    async fn list(&self, caller: &Caller, offset: u64) -> Result<(Vec<QueryView>, u64)>;
    /// One of the caller's queries.
    async fn show(&self, caller: &Caller, id: &str) -> Result<QueryView>;
    /// Stops a query that is queued or running; the work really ends. One that is over stays as it is.
    async fn cancel(&self, caller: &Caller, id: &str) -> Result<QueryView>;
    /// Removes a query that is over, and its result.
    async fn remove(&self, caller: &Caller, id: &str) -> Result<()>;
    /// Some rows of a result.
    async fn window(&self, caller: &Caller, id: &str, question: WindowQuestion) -> Result<WindowView>;
    /// A picture of one or two columns.
    async fn plot(&self, caller: &Caller, id: &str, question: PlotQuestion) -> Result<PlotView>;
    /// The first fault in a text, where it can be told before asking: syntax for all, names where the tables are known.
    async fn check(&self, caller: &Caller, archive: &str, adql: &str) -> Result<Option<AdqlFault>>;
    /// What may stand at a place in a text.
    async fn complete(
        &self,
        caller: &Caller,
        archive: &str,
        adql: &str,
        at: usize,
    ) -> Result<Vec<CompletionView>>;
    /// The target that a name or a pair of coordinates stands for.
    async fn resolve(&self, caller: &Caller, text: &str) -> Result<Target>;
    /// The limits that apply to the caller.
    async fn limits(&self, caller: &Caller) -> Result<LimitsView>;
}
