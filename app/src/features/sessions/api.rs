//! Server functions of sessions.

#![expect(missing_docs, reason = "the macro turns documented arguments into undocumented fields")]

#[cfg(feature = "ssr")]
use super::model::Share;
use super::model::{Check, SessionView, SessionsView};
use crate::error::Result;
use leptos::prelude::*;

/// What would be in the way of an offer that is held.
#[server(endpoint = "sessions/before")]
pub async fn look_before(booking: String) -> Result<Vec<Check>> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.sessions.look_before(&caller, &booking).await
}

/// Accepts an offer that is held and goes to its session.
#[server(endpoint = "sessions/accept")]
pub async fn accept_offer(booking: String) -> Result<String> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    let session = ports.sessions.accept(&caller, &booking).await?;
    leptos_axum::redirect(&format!("/sessions/{session}"));
    Ok(session)
}

/// One page of the caller's sessions.
#[server(endpoint = "sessions/list")]
pub async fn list_sessions(offset: u64) -> Result<SessionsView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.sessions.list(&caller, offset).await
}

/// One session.
#[server(endpoint = "sessions/show")]
pub async fn show_session(id: String) -> Result<SessionView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.sessions.show(&caller, &id).await
}

/// Keeps it longer.
#[server(endpoint = "sessions/extend")]
pub async fn extend_session(id: String, #[server(default)] minutes: u32) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.sessions.extend(&caller, &id, minutes).await
}

/// Ends it.
#[server(endpoint = "sessions/end")]
pub async fn end_session(id: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.sessions.end(&caller, &id).await
}

/// Takes it off the list and goes there.
#[server(endpoint = "sessions/dismiss")]
pub async fn dismiss_session(id: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.sessions.dismiss(&caller, &id).await?;
    leptos_axum::redirect("/sessions");
    Ok(())
}

/// Gives it another name.
#[server(endpoint = "sessions/rename")]
pub async fn rename_session(id: String, title: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.sessions.rename(&caller, &id, &title).await
}

/// Shares it, or no longer.
#[server(endpoint = "sessions/share")]
pub async fn share_session(
    id: String,
    #[server(default)] with: String,
    #[server(default)] key: String,
    #[server(default)] group: bool,
    #[server(default)] control: bool,
    #[server(default)] on: bool,
) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.sessions.share(&caller, &id, &Share { with, key, group, control }, on).await
}

/// The end of its log.
#[server(endpoint = "sessions/log")]
pub async fn show_session_log(id: String) -> Result<String> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.sessions.log(&caller, &id).await
}
