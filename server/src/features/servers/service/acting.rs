//! What an owner may do with a server when.

use super::super::checks::name_fault;
use super::super::sentences;
use super::super::store::ServerRow;
use super::ServersService;
use crate::fault::report;
use crate::ids::new_id;
use crate::providers::{Access, Site};
use crate::work::NewOperation;
use app::error::{Error, Result};
use app::features::servers::model::{ServerAction, ServerState};

/// What may be done with a server that is at this; the likely one first.
pub(super) fn legal(state: ServerState) -> Vec<ServerAction> {
    use ServerAction::{Delete, Dismiss, Reboot, Rename, Start, Stop};
    match state {
        ServerState::Ready => vec![Stop, Reboot, Rename, Delete],
        ServerState::Stopped => vec![Start, Rename, Delete],
        ServerState::Creating
        | ServerState::Starting
        | ServerState::Stopping
        | ServerState::Rebooting
        | ServerState::NeedsSignIn => vec![Delete],
        ServerState::Deleting => Vec::new(),
        ServerState::Deleted | ServerState::Failed | ServerState::Vanished => vec![Dismiss],
    }
}

impl ServersService {
    pub(super) async fn act_on(&self, row: ServerRow, action: ServerAction, name: &str) -> Result<()> {
        let state = self.state_of(&row).await?;
        if !legal(state).contains(&action) {
            // Pressed twice, or in another tab: what is done already is no fault.
            return if is_done(state, action) { Ok(()) } else { Err(not_now(state)) };
        }
        match action {
            ServerAction::Start => self.begin(&row, "start", "starting", "Told to start.").await,
            ServerAction::Stop => self.begin(&row, "stop", "stopping", "Told to stop.").await,
            ServerAction::Reboot => self.begin(&row, "reboot", "rebooting", "Told to start anew.").await,
            ServerAction::Delete => self.delete(&row, name).await,
            ServerAction::Rename => self.rename(&row, name).await,
            ServerAction::Dismiss => {
                let done = self.store.dismiss(&row, self.clock.now()).await;
                done.map_err(|e| report("taking a server off the list", &e))?;
                self.watching.tell(&row.owner, &row.id);
                Ok(())
            }
        }
    }

    async fn begin(&self, row: &ServerRow, verb: &str, state: &str, event: &str) -> Result<()> {
        let fault = |e: sqlx::Error| report("writing down what to do with a server", &e);
        let now = self.clock.now();
        let operation = NewOperation {
            id: &new_id(&self.entropy),
            noun: "server",
            subject: &row.id,
            owner: &row.owner,
            verb,
        };
        if !self.store.begin(row, state, &operation, now).await.map_err(fault)? {
            // Somebody was quicker: with the same, or with something that this has to wait for.
            let under_way = self.work.going_on(&row.id).await.map_err(fault)?.verb;
            return if under_way.as_deref() == Some(verb) { Ok(()) } else { Err(busy()) };
        }
        self.store.add_event(&row.id, event, now).await.map_err(fault)?;
        self.watching.tell(&row.owner, &row.id);
        self.runner.wake();
        Ok(())
    }

    async fn delete(&self, row: &ServerRow, name: &str) -> Result<()> {
        let fault = |e: sqlx::Error| report("writing down that a server is deleted", &e);
        if name != row.name {
            let sentence = format!("Type the server's name, {}, to delete it.", row.name);
            return Err(Error::field("name", sentence));
        }
        let now = self.clock.now();
        // One that is being made is called off, and what was made of it undone.
        if self.store.call_off(&row.id, now).await.map_err(fault)? {
            self.store.add_event(&row.id, "Called off.", now).await.map_err(fault)?;
            self.watching.tell(&row.owner, &row.id);
            self.runner.wake();
            return Ok(());
        }
        self.begin(row, "delete", "deleting", "Told to go.").await
    }

    async fn rename(&self, row: &ServerRow, name: &str) -> Result<()> {
        if let Some(sentence) = name_fault(name) {
            return Err(Error::field("name", sentence));
        }
        if name == row.name {
            return Ok(());
        }
        let fault = |e: sqlx::Error| report("renaming a server", &e);
        if !self.store.rename(row, name).await.map_err(fault)? {
            let sentence = format!("You have a server named {name} already. Choose another name.");
            return Err(Error::field("name", sentence));
        }
        let what = format!("Renamed from {} to {name}.", row.name);
        self.store.add_event(&row.id, &what, self.clock.now()).await.map_err(fault)?;
        self.watching.tell(&row.owner, &row.id);
        // The name is ours; the site's copy of it is for its own people.
        let Some(site) = self.sites.find(&row.site) else { return Ok(()) };
        if let Some(access) = self.sites.access(&self.tokens, &**site, &row.owner).await.map_err(fault)? {
            let handle = row.handle();
            if self.other_account(row, &**site, &access).await.is_some() {
                tracing::info!(server.id = %row.id, "the site was not told the new name: its token is another account's");
            } else if let Err(error) = site.rename(&access, &handle, name).await {
                tracing::info!(server.id = %row.id, "the site did not take the new name: {error}");
            }
        }
        Ok(())
    }

    pub(super) async fn read_console(&self, row: &ServerRow, bytes: usize) -> Result<String> {
        let fault = |e: sqlx::Error| report("reading a console", &e);
        let site = self.sites.find(&row.site).ok_or(Error::NotFound)?;
        if row.over_us.is_some() {
            return Ok("The machine is gone, and its console with it.".to_owned());
        }
        let Some(access) = self.sites.access(&self.tokens, &**site, &row.owner).await.map_err(fault)? else {
            return Err(Error::Limit(format!(
                "Sign in at {} again to see the console: paste an access token on this page.",
                site.title()
            )));
        };
        if let Some(sentence) = self.other_account(row, &**site, &access).await {
            return Err(Error::Limit(sentence));
        }
        let handle = row.handle();
        site.console(&access, &handle, bytes).await.map_err(|fault| {
            let failure = sentences::failure(&fault, site.title());
            Error::Limit(format!("{} {}", failure.what, failure.next))
        })
    }

    /// What is said where the site would be asked as somebody else than the server was made as.
    async fn other_account(&self, row: &ServerRow, site: &dyn Site, access: &Access) -> Option<String> {
        let made = row.made_as()?;
        // A site that cannot be asked says so itself.
        let now = site.account(access).await.ok().flatten()?;
        let failure = sentences::other_account(&made, &now, site)?;
        Some(format!("{} {}", failure.what, failure.next))
    }

    pub(super) async fn take_token(&self, user: &str, site: &str, token: &str) -> Result<()> {
        let site = self.sites.find(site).filter(|site| site.wants_token()).ok_or(Error::NotFound)?;
        let is_token = |c: char| c.is_ascii_graphic();
        if token.is_empty() || token.len() > 16 * 1024 || !token.chars().all(is_token) {
            let sentence = "Paste the access token alone, on one line, as the token page shows it.";
            return Err(Error::field("token", sentence));
        }
        let access = Access::Token(crate::config::Secret::new(token));
        // Asked with it once, so that a wrong one is refused where it was pasted.
        if let Err(fault) = site.offer(&access).await {
            let failure = sentences::failure(&fault, site.title());
            let sentence = match fault.reason {
                crate::providers::Reason::SignInNeeded => {
                    "The site does not take this token: it has run out, or it is for another site. Get a new one.".to_owned()
                }
                _ => format!("{} {}", failure.what, failure.next),
            };
            return Err(Error::field("token", sentence));
        }
        let kept = self.keep_token(user, site.key(), token).await;
        if kept.map_err(|e| report("keeping a token", &e))? {
            Ok(())
        } else {
            Err(Error::field("token", "This token runs out within the next half minute. Get a new one."))
        }
    }
}

fn is_done(state: ServerState, action: ServerAction) -> bool {
    use ServerAction::{Delete, Dismiss, Reboot, Start, Stop};
    matches!(
        (action, state),
        (Start, ServerState::Ready | ServerState::Starting)
            | (Stop, ServerState::Stopped | ServerState::Stopping)
            | (Reboot, ServerState::Rebooting)
            | (Delete, ServerState::Deleting | ServerState::Deleted)
            | (Dismiss, ServerState::Deleted)
    )
}

fn busy() -> Error {
    Error::Limit("The server is busy with something else. Wait a moment and try again.".to_owned())
}

fn not_now(state: ServerState) -> Error {
    let sentence = match state {
        ServerState::Creating => "The server is still being made. Wait until it is ready, or delete it.",
        ServerState::Deleting | ServerState::Deleted => "The server is being deleted.",
        ServerState::Failed | ServerState::Vanished => {
            "There is no machine any more. Make a new one with these choices."
        }
        ServerState::NeedsSignIn => "The server waits for your sign-in at its site. Sign in there first.",
        ServerState::Stopped => "The server is off. Start it first.",
        ServerState::Ready | ServerState::Starting | ServerState::Stopping | ServerState::Rebooting => {
            "The server is busy with something else. Wait a moment and try again."
        }
    };
    Error::Limit(sentence.to_owned())
}
