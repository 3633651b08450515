//! What the pages need of access keys; the server implements it.

use super::model::{KeyView, KeysView, NewKey};
use crate::asking::Caller;
use crate::error::Result;
use async_trait::async_trait;

/// A user's access keys. Every method checks the caller itself: visitors get [`crate::error::Error::SignInNeeded`], and
/// what is not the caller's is [`crate::error::Error::NotFound`].
#[async_trait]
pub trait KeysPort: Send + Sync {
    /// The caller's keys, by name.
    async fn list(&self, caller: &Caller) -> Result<KeysView>;
    /// Reads and keeps a public key. What is no such key, is there already, or has a name that is taken is refused at its
    /// field, `key` or `name`. Nothing of what was refused is kept or logged.
    async fn add(&self, caller: &Caller, add: NewKey) -> Result<KeyView>;
    /// Removes a key. Servers that carry it keep it.
    async fn remove(&self, caller: &Caller, id: &str) -> Result<()>;
}
