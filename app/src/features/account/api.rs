//! Server functions of accounts. Signing in and out itself is plain HTTP under `/auth`, since it sets cookies.

#![expect(missing_docs, reason = "the macro turns documented arguments into undocumented fields")]

use super::model::{AccountView, FrameView, ProviderView};
use crate::error::Result;
use leptos::prelude::*;

/// What the frame shows.
#[server(endpoint = "account/frame")]
pub async fn show_frame() -> Result<FrameView> {
    let (caller, ports) = crate::asking::asked()?;
    ports.account.frame(&caller).await
}

/// The providers one may sign in with.
#[server(endpoint = "account/providers")]
pub async fn list_providers() -> Result<Vec<ProviderView>> {
    let (_, ports) = crate::asking::asked()?;
    ports.account.providers().await
}

/// The caller's own account.
#[server(endpoint = "account/show")]
pub async fn show_account() -> Result<AccountView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.account.account(&caller).await
}

/// Ends one of the caller's own sign-ins.
#[server(endpoint = "account/end_sign_in")]
pub async fn end_sign_in(id: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.account.end_sign_in(&caller, &id).await
}
