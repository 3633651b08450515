//! Server functions of access keys.

#![expect(missing_docs, reason = "the macro turns documented arguments into undocumented fields")]

use super::model::{KeyView, KeysView};
use crate::error::Result;
use leptos::prelude::*;

/// The caller's access keys.
#[server(endpoint = "keys/list")]
pub async fn list_keys() -> Result<KeysView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.keys.list(&caller).await
}

/// Adds a public key.
#[server(endpoint = "keys/add")]
pub async fn add_key(#[server(default)] name: String, #[server(default)] key: String) -> Result<KeyView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.keys.add(&caller, super::model::NewKey { name, key }).await
}

/// The same as a plain form, for pages without JavaScript: what was typed comes back with the page, unless some of it may
/// be secret.
#[server(endpoint = "keys/add_form")]
pub async fn add_key_form(#[server(default)] name: String, #[server(default)] key: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    let add = super::model::NewKey { name, key };
    let to = match caller.user() {
        Ok(_) => super::typed::after_adding(&add, ports.keys.add(&caller, add.clone()).await),
        Err(_) => crate::frame::address::sign_in("/keys"),
    };
    leptos_axum::redirect(&to);
    Ok(())
}

/// Removes a key; servers that carry it keep it.
#[server(endpoint = "keys/remove")]
pub async fn remove_key(id: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.keys.remove(&caller, &id).await
}
