//! What the pages need of accounts; the server implements it.

use super::model::{AccountView, FrameView, ProviderView};
use crate::asking::Caller;
use crate::error::Result;
use async_trait::async_trait;

/// Accounts and sign-ins. Every method checks the caller itself.
#[async_trait]
pub trait AccountPort: Send + Sync {
    /// What the frame shows; for anybody.
    async fn frame(&self, caller: &Caller) -> Result<FrameView>;
    /// The providers one may sign in with; for anybody.
    async fn providers(&self) -> Result<Vec<ProviderView>>;
    /// The caller's own account and open sign-ins. [`crate::error::Error::SignInNeeded`] for visitors.
    async fn account(&self, caller: &Caller) -> Result<AccountView>;
    /// Ends one of the caller's own sign-ins. Not found where it is not theirs.
    async fn end_sign_in(&self, caller: &Caller, id: &str) -> Result<()>;
}
