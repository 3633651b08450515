//! Changing a server: switching, renaming, reading its console, deleting. Whose it is is looked at before every change.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::Thing;
use crate::wire::Purpose;
use crate::{Fault, Reason, Session};

/// What can be done with a server. Done when [`Server::task`](crate::Server::task) is none again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Switches on one that is off.
    Start,
    /// Shuts down.
    Stop,
    /// Asks the guest to restart.
    Reboot,
    /// Restarts without asking.
    HardReboot,
}

/// What became of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The site is at it; [`Session::server`] says [`Reason::NotFound`] when it is gone.
    Begun,
    /// It was not there.
    Gone,
}

#[derive(Deserialize)]
struct Output {
    output: Option<String>,
}

impl Session {
    /// Starts, stops or restarts.
    ///
    /// # Errors
    /// [`Reason::WrongState`] if it is so already, or busy; [`Reason::Locked`]; [`Reason::NotYours`].
    pub async fn act(&self, id: &str, action: Action) -> Result<(), Fault> {
        let body = match action {
            Action::Start => json!({"os-start": null}),
            Action::Stop => json!({"os-stop": null}),
            Action::Reboot => json!({"reboot": {"type": "SOFT"}}),
            Action::HardReboot => json!({"reboot": {"type": "HARD"}}),
        };
        self.action(id, Purpose::Change(Thing::Server), body).await.map(drop)
    }

    /// Gives another name; may be repeated.
    pub async fn rename_server(&self, id: &str, name: &str) -> Result<(), Fault> {
        self.server(id).await?;
        // The second time does what the first did.
        let ask = self.nova(Purpose::Read(Thing::Server), Method::PUT, &["servers", id], &[]).await?;
        self.send(ask.body(json!({"server": {"name": name}}))).await.map(drop)
    }

    /// The last lines that the guest wrote on its serial console.
    ///
    /// # Errors
    /// [`Reason::NotOffered`] where the site keeps none; [`Reason::WrongState`] before there is one.
    pub async fn console_log(&self, id: &str, lines: u32) -> Result<String, Fault> {
        let body = json!({"os-getConsoleOutput": {"length": lines}});
        let reply = self.action(id, Purpose::Read(Thing::Server), body).await?;
        Ok(reply.json::<Output>()?.output.unwrap_or_default())
    }

    /// Asks for a server to be deleted; may be repeated. Floating addresses outlive it: release them when it is gone.
    ///
    /// # Errors
    /// [`Reason::NotYours`]; [`Reason::Locked`].
    pub async fn delete_server(&self, id: &str) -> Result<Deletion, Fault> {
        let gone = |fault: Fault| match fault.reason {
            Reason::NotFound(Thing::Server) => Ok(Deletion::Gone),
            _ => Err(fault),
        };
        if let Err(fault) = self.server(id).await {
            return gone(fault);
        }
        let ask = self.nova(Purpose::Change(Thing::Server), Method::DELETE, &["servers", id], &[]).await?;
        self.send(ask).await.map_or_else(gone, |_| Ok(Deletion::Begun))
    }

    async fn action(&self, id: &str, purpose: Purpose, body: Value) -> Result<crate::wire::Reply, Fault> {
        self.server(id).await?;
        let ask = self.nova(purpose, Method::POST, &["servers", id, "action"], &[]).await?;
        self.send(ask.body(body)).await
    }
}
