//! What the pages need of the basket; the server implements it.

use super::model::{Added, Addition, BasketView};
use crate::asking::Caller;
use crate::error::Result;
use crate::selection::Selection;
use async_trait::async_trait;

/// The basket of a signed-in user. Every method checks the caller itself.
#[async_trait]
pub trait BasketPort: Send + Sync {
    /// Adds rows or a whole result. For a visitor the wish is remembered with the query, so that the page finds it
    /// again after sign-in, and the answer is [`crate::error::Error::SignInNeeded`].
    async fn add(&self, caller: &Caller, add: Addition) -> Result<Added>;
    /// The rows that a visitor wanted to add to the basket before signing in; none once they were added.
    async fn remembered(&self, caller: &Caller, query: &str) -> Result<Option<Selection>>;
    /// One page of the basket; `archive` empty for all.
    async fn show(&self, caller: &Caller, archive: &str, offset: u64) -> Result<BasketView>;
    /// Removes items by id; ids that are gone already are no error.
    async fn remove(&self, caller: &Caller, items: Vec<String>) -> Result<BasketView>;
    /// Empties it, or one archive's part of it.
    async fn empty(&self, caller: &Caller, archive: &str) -> Result<BasketView>;
    /// Puts back what was removed last.
    async fn undo(&self, caller: &Caller) -> Result<BasketView>;
    /// Writes a note on an item; at most 2,000 characters.
    async fn note(&self, caller: &Caller, item: &str, note: String) -> Result<()>;
}
