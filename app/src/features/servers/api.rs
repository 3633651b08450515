//! Server functions of servers.

#![expect(missing_docs, reason = "the macro turns documented arguments into undocumented fields")]

use super::model::{CreateServer, NewServerView, ServerAction, ServerView, ServersView};
use crate::error::Result;
use leptos::prelude::*;

/// One page of the caller's servers.
#[server(endpoint = "servers/list")]
pub async fn list_servers(offset: u64) -> Result<ServersView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.servers.list(&caller, offset).await
}

/// What the form offers.
#[server(endpoint = "servers/choices")]
pub async fn show_choices(#[server(default)] site: String) -> Result<NewServerView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.servers.choices(&caller, &site).await
}

/// Writes the wish down and goes to the server's page, or to the list where there are several. A form that was sent
/// without JavaScript and cannot be done comes back with what was chosen.
#[server(name = SendWish, endpoint = "servers/create")]
pub async fn create_server(wish: CreateServer) -> Result<String> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    let ids = match ports.servers.create(&caller, wish.clone()).await {
        Ok(ids) => ids,
        Err(error) => {
            super::wish::come_back::<SendWish>(&wish, &error);
            return Err(error);
        }
    };
    let page = match ids.as_slice() {
        [id] => format!("/servers/{id}"),
        _ => "/servers".to_owned(),
    };
    leptos_axum::redirect(&page);
    Ok(page)
}

/// One server.
#[server(endpoint = "servers/show")]
pub async fn show_server(id: String) -> Result<ServerView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.servers.show(&caller, &id).await
}

/// Starts, stops, reboots, renames, deletes or dismisses one.
#[server(endpoint = "servers/act")]
pub async fn act_on_server(id: String, action: ServerAction, #[server(default)] name: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.servers.act(&caller, &id, action, &name).await?;
    if action == ServerAction::Dismiss {
        leptos_axum::redirect("/servers");
    }
    Ok(())
}

/// The end of the machine's console.
#[server(endpoint = "servers/console")]
pub async fn show_console(id: String) -> Result<String> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.servers.console(&caller, &id).await
}

/// Takes an access token for a site.
#[server(endpoint = "servers/token")]
pub async fn give_token(site: String, token: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.servers.give_token(&caller, &site, token).await
}
