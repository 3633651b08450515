//! What the pages need of servers; the server implements it.

use super::model::{CreateServer, NewServerView, ServerAction, ServerView, ServersView};
use crate::asking::Caller;
use crate::error::Result;
use async_trait::async_trait;

/// A user's servers. Every method checks the caller itself: visitors get [`crate::error::Error::SignInNeeded`], and what
/// is not the caller's is [`crate::error::Error::NotFound`].
#[async_trait]
pub trait ServersPort: Send + Sync {
    /// One page of the caller's servers.
    async fn list(&self, caller: &Caller, offset: u64) -> Result<ServersView>;
    /// What the form offers, with the images and sizes of `site` (the first or last used one where empty).
    async fn choices(&self, caller: &Caller, site: &str) -> Result<NewServerView>;
    /// Writes the wish down and returns at once; gives the ids, the first of which the page goes to. The same `request`
    /// sent again gives the same ids.
    async fn create(&self, caller: &Caller, wish: CreateServer) -> Result<Vec<String>>;
    /// One server.
    async fn show(&self, caller: &Caller, id: &str) -> Result<ServerView>;
    /// Starts, stops, reboots, deletes or dismisses one. `name` is the new name for a renaming, and the server's name,
    /// typed by its owner, for a deletion.
    async fn act(&self, caller: &Caller, id: &str, action: ServerAction, name: &str) -> Result<()>;
    /// The end of the machine's console, at most 64 KiB of plain text.
    async fn console(&self, caller: &Caller, id: &str) -> Result<String>;
    /// Takes an access token of the caller for a site. It is kept encrypted until it expires, and work that waits for
    /// it goes on.
    async fn give_token(&self, caller: &Caller, site: &str, token: String) -> Result<()>;
}
