//! What the pages need of sessions; the server implements it.

use super::model::{Brief, Check, SessionView, SessionsView, Share};
use crate::asking::Caller;
use crate::error::Result;
use async_trait::async_trait;

/// A user's sessions. Every method checks the caller itself: visitors get [`crate::error::Error::SignInNeeded`], and what
/// is neither the caller's nor shared with them is [`crate::error::Error::NotFound`].
#[async_trait]
pub trait SessionsPort: Send + Sync {
    /// What would be in the way of an offer that is held, looked at now; nothing of one that is not held any more.
    async fn look_before(&self, caller: &Caller, booking: &str) -> Result<Vec<Check>>;
    /// Accepts an offer that is held: its booking holds, and its session waits for its time. Gives the session's id; the
    /// same one when it was accepted before.
    async fn accept(&self, caller: &Caller, booking: &str) -> Result<String>;
    /// What the frame says of the caller's sessions; for anybody, visitors have none.
    async fn brief(&self, caller: &Caller) -> Result<Brief>;
    /// One page of the caller's sessions and of those that are shared with them.
    async fn list(&self, caller: &Caller, offset: u64) -> Result<SessionsView>;
    /// One session.
    async fn show(&self, caller: &Caller, id: &str) -> Result<SessionView>;
    /// Keeps it longer by so many minutes; 0: by the usual time. Owners alone.
    async fn extend(&self, caller: &Caller, id: &str, minutes: u32) -> Result<()>;
    /// Ends it. Its owner, or an operator.
    async fn end(&self, caller: &Caller, id: &str) -> Result<()>;
    /// Takes one that is over off the list. Owners alone.
    async fn dismiss(&self, caller: &Caller, id: &str) -> Result<()>;
    /// Gives it another name. Owners alone.
    async fn rename(&self, caller: &Caller, id: &str, title: &str) -> Result<()>;
    /// Shares it, or no longer. Owners alone.
    async fn share(&self, caller: &Caller, id: &str, share: &Share, on: bool) -> Result<()>;
    /// The end of its log, at most 64 KiB of plain text; also after it ended.
    async fn log(&self, caller: &Caller, id: &str) -> Result<String>;
}
