//! How a server is made, switched and removed, step by step. Every step looks before it acts, so that doing it twice does
//! it once.

mod making;
mod removing;
mod steps;
mod switching;

use super::sentences;
use super::sites::{Sites, is_over};
use super::store::{ServerRow, ServerStore};
use super::tokens::Tokens;
use crate::clock::{Clock, Micros, SECOND};
use crate::features::keys::service::KeysService;
use crate::following::Watching;
use crate::providers::{Access, Fault, Retry, Site, Switch, Wish};
use crate::work::{Craft, Ending, Failure, OperationRow, Outcome, Step};
use app::features::servers::model::Size;
use async_trait::async_trait;
use sqlx::{Any, Transaction};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub(super) use steps::{of as steps_of, past_title, title, verb_title};

/// What is said while a machine may still come of a lost request.
const UNSETTLED: &str = "The site's answer was lost. It is looked for before it is asked for again.";

/// What is said of a server that was called off, where not everything of it could be removed.
const LEFT_BEHIND: &str = "It was called off, and not everything that was made for it could be removed.";

/// The craft of servers.
pub(crate) struct ServerCraft {
    pub(super) store: ServerStore,
    pub(super) sites: Arc<Sites>,
    pub(super) tokens: Arc<Tokens>,
    pub(super) keys: Arc<KeysService>,
    pub(super) watching: Watching,
    pub(super) clock: Clock,
    pub(super) ssh_patience_s: u64,
}

/// What every step needs.
struct Work<'a> {
    row: ServerRow,
    site: &'a dyn Site,
    access: Access,
    /// How long this step has been tried.
    since: Micros,
}

#[async_trait]
impl Craft for ServerCraft {
    fn steps(&self, verb: &str) -> &'static [Step] {
        steps::of(verb)
    }

    async fn perform(&self, operation: &OperationRow, step: &Step) -> Outcome {
        let work = match self.prepare(operation).await {
            Ok(work) => work,
            Err(outcome) => return outcome,
        };
        if let Err(outcome) = self.check_account(&work).await {
            return outcome;
        }
        let done = match step.name {
            "key" => self.place_key(&work).await,
            "room" => self.check_room(&work).await,
            "request" => self.request(&work).await,
            "start" | "running" => self.await_running(&work).await,
            "address" => self.give_address(&work).await,
            "ssh" => self.await_ssh(&work).await,
            "on" => self.switch(&work, Switch::On).await,
            "off" => self.switch(&work, Switch::Off).await,
            "anew" => self.switch(&work, Switch::Anew).await,
            "is-off" => self.await_off(&work).await,
            "remove" => self.remove(&work).await,
            "gone" => self.await_gone(&work).await,
            "address-back" => self.take_address(&work).await,
            "key-back" => self.take_key(&work).await,
            other => return Outcome::Failed(unknown_step(other)),
        };
        self.outcome(&work, done).await
    }

    async fn undo(&self, operation: &OperationRow, step: &Step) -> Outcome {
        // Only making leaves something behind.
        if !matches!(step.name, "key" | "request" | "address") {
            return Outcome::Done(None);
        }
        let outcome = match self.prepare(operation).await {
            Err(outcome) => outcome,
            Ok(work) => match (self.check_account(&work).await, step.name) {
                (Err(outcome), _) => outcome,
                (Ok(()), "key") => self.outcome(&work, self.take_key(&work).await).await,
                (Ok(()), "address") => self.outcome(&work, self.take_address(&work).await).await,
                (Ok(()), _) => self.outcome(&work, self.undo_request(&work).await).await,
            },
        };
        match outcome {
            // What was made is not left behind for a no: the reason may pass. Another's machine is none of ours.
            Outcome::Failed(failure) if failure.what != sentences::NOT_YOURS => {
                Outcome::Retry(Duration::from_secs(30), failure)
            }
            other => other,
        }
    }

    async fn moved(&self, operation: &OperationRow) {
        self.watching.tell(&operation.owner, &operation.subject);
    }

    async fn ending(&self, operation: &OperationRow, ending: Ending) -> Result<(), sqlx::Error> {
        let (id, now) = (&operation.subject, self.clock.now());
        self.sites.forget_offers(&operation.owner);
        let why = || operation.failure().map(|failure| failure.what).unwrap_or_default();
        let what = match (operation.verb.as_str(), ending) {
            ("create", Ending::Undone) if leaves_something(operation) => LEFT_BEHIND.to_owned(),
            ("create" | "start" | "reboot", Ending::Done) => "It runs.".to_owned(),
            ("stop", Ending::Done) => "It is off.".to_owned(),
            ("delete", Ending::Done) | ("create", Ending::Undone) => {
                self.keys.forget_use(id).await?;
                "It is gone, and everything that was made for it.".to_owned()
            }
            ("create", Ending::Failed) => {
                self.keys.forget_use(id).await?;
                format!("It could not be made. {}", why())
            }
            (verb, _) => format!("{} did not work. {}", verb_title(verb), why()),
        };
        self.store.add_event(id, &what, now).await
    }

    async fn ended(
        &self,
        operation: &OperationRow,
        ending: Ending,
        transaction: &mut Transaction<'static, Any>,
    ) -> Result<(), sqlx::Error> {
        let (id, now) = (&operation.subject, self.clock.now());
        let Some(row) = ServerStore::find_in(transaction, id).await? else { return Ok(()) };
        match (operation.verb.as_str(), ending) {
            ("create" | "start" | "reboot", Ending::Done) => {
                ServerStore::set_state_in(transaction, id, "ready", row.remark.as_deref(), now).await
            }
            ("stop", Ending::Done) => ServerStore::set_state_in(transaction, id, "stopped", None, now).await,
            ("create", Ending::Undone) if leaves_something(operation) => {
                let whole = operation.failure().unwrap_or_default();
                let whole = Failure { what: LEFT_BEHIND.to_owned(), ..whole };
                let text = serde_json::to_string(&whole).unwrap_or_default();
                ServerStore::end_in(transaction, id, "failed", Some(&text), now).await
            }
            ("delete", Ending::Done) | ("create", Ending::Undone) => {
                ServerStore::forget_user_data_in(transaction, &row).await?;
                ServerStore::end_in(transaction, id, "deleted", None, now).await
            }
            ("create", Ending::Failed) => {
                let mut whole = operation.failure().unwrap_or_default();
                // Where something could not be undone, that is what is said.
                if row.machine.is_some() && whole.cleaned.is_empty() {
                    whole.cleaned.push("The machine was removed, with its disk.".to_owned());
                    if row.address.is_some() {
                        whole.cleaned.push("Its address was given back.".to_owned());
                    }
                }
                let text = serde_json::to_string(&whole).unwrap_or_default();
                ServerStore::end_in(transaction, id, "failed", Some(&text), now).await
            }
            (verb, _) => {
                // It lives on; what it is at is seen by the next look.
                ServerStore::set_failure_in(transaction, id, operation.failure.as_deref()).await?;
                let state = if verb == "start" { "stopped" } else { "ready" };
                ServerStore::set_state_in(transaction, id, state, None, now).await
            }
        }
    }
}

impl ServerCraft {
    /// The server, its site, and with what the site is asked; or what to do where one of them is missing.
    async fn prepare<'a>(&'a self, operation: &OperationRow) -> Result<Work<'a>, Outcome> {
        let away = |error: sqlx::Error| {
            tracing::warn!(operation.id = %operation.id, fault.chain = %crate::fault::chain(&error), "a step could not read what it needs");
            let what = "Skyport could not reach its database.".to_owned();
            Outcome::Retry(Duration::from_secs(1), Failure { what, ..Failure::default() })
        };
        let Some(row) = self.store.find(&operation.subject).await.map_err(away)? else {
            return Err(Outcome::Done(None));
        };
        let Some(site) = self.sites.find(&row.site) else {
            let what = format!("The site {} is not configured here any more.", row.site);
            let next = "Tell the operator of this Skyport; the machine may still be there.".to_owned();
            return Err(Outcome::Failed(Failure { what, next, ..Failure::default() }));
        };
        match self.sites.access(&self.tokens, &**site, &row.owner).await.map_err(away)? {
            Some(access) => {
                let now = self.clock.now();
                Ok(Work { row, site: &**site, access, since: operation.step_since_us.unwrap_or(now) })
            }
            None => Err(Outcome::SignIn(row.site, None)),
        }
    }

    /// What to do where the site would be asked as somebody else than before, who is told of no machine although there is
    /// one.
    async fn check_account(&self, work: &Work<'_>) -> Result<(), Outcome> {
        let Some(made) = work.row.made_as() else { return Ok(()) };
        let now = match work.site.account(&work.access).await {
            Ok(Some(now)) => now,
            Ok(None) => return Ok(()),
            Err(fault) => return Err(self.outcome(work, Err(fault.into())).await),
        };
        match sentences::other_account(&made, &now, work.site) {
            None => Ok(()),
            Some(failure) if work.site.wants_token() => {
                let why = format!("{} {}", failure.what, failure.next);
                Err(Outcome::SignIn(work.row.site.clone(), Some(why)))
            }
            Some(failure) => Err(Outcome::Retry(Duration::from_secs(30), failure)),
        }
    }

    /// Writes down as whom the site is asked, before anything is made there.
    async fn remember_account(&self, work: &Work<'_>) -> Result<(), StepFault> {
        if work.row.account.is_none()
            && let Some(account) = work.site.account(&work.access).await?
        {
            self.store.set_account(&work.row.id, &account).await?;
        }
        Ok(())
    }

    /// What to do after a site's answer.
    async fn outcome(&self, work: &Work<'_>, done: Result<Outcome, StepFault>) -> Outcome {
        let fault = match done {
            Ok(outcome) => return outcome,
            Err(StepFault::Site(fault)) => fault,
            Err(StepFault::Database(error)) => {
                tracing::warn!(server.id = %work.row.id, fault.chain = %crate::fault::chain(&error), "what a step learned was not written down");
                let what = "Skyport could not reach its database.".to_owned();
                return Outcome::Retry(Duration::from_secs(1), Failure { what, ..Failure::default() });
            }
        };
        if is_over(&fault.reason) && work.site.wants_token() {
            // Where this fails the token is asked for again, and said to be over again.
            let _ = self.tokens.forget(&work.row.owner, &work.row.site, &work.access).await;
            return Outcome::SignIn(work.row.site.clone(), None);
        }
        let failure = sentences::failure(&fault, work.site.title());
        match fault.reason.retry() {
            Retry::No | Retry::SignIn => Outcome::Failed(failure),
            Retry::After(pause) => Outcome::Retry(pause, failure),
        }
    }

    /// Looks again: often at first, when most things happen, then ever more rarely.
    fn again(&self, work: &Work<'_>, note: Option<String>) -> Outcome {
        let waited = self.clock.now() - work.since;
        let pause = (waited / 20).clamp(SECOND / 5, 10 * SECOND);
        Outcome::Again(Duration::from_micros(pause.unsigned_abs()), note)
    }
}

/// Why a step did not come to an outcome.
enum StepFault {
    Site(Fault),
    Database(sqlx::Error),
}

impl From<Fault> for StepFault {
    fn from(fault: Fault) -> Self {
        Self::Site(fault)
    }
}

impl From<sqlx::Error> for StepFault {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// What a site is asked for.
pub(super) fn wish(row: &ServerRow) -> Wish {
    let choices = row.choices();
    let some = |text: String| (!text.trim().is_empty()).then_some(text);
    Wish {
        server: row.id.clone(),
        name: row.name.clone(),
        image: choices.image,
        flavor: choices.size,
        size: Size {
            cores: row.cores.unsigned_abs(),
            memory_mib: row.memory_mib.unsigned_abs(),
            disk_gib: row.disk_gib.unsigned_abs(),
        },
        public_key: row.public_key.clone(),
        user_data: some(choices.user_data),
        network: some(choices.network),
        labels: BTreeMap::from([("owner".to_owned(), row.owner.clone())]),
    }
}

/// Whether something that was made could not be undone.
fn leaves_something(operation: &OperationRow) -> bool {
    operation.failure().is_some_and(|failure| !failure.cleaned.is_empty())
}

fn removed_meanwhile() -> Failure {
    Failure {
        what: "The machine is not at the site any more: somebody removed it there.".to_owned(),
        next: "Try again, or ask who manages the project at that site.".to_owned(),
        ..Failure::default()
    }
}

fn unknown_step(name: &str) -> Failure {
    Failure {
        what: format!("This Skyport does not know the step \"{name}\"."),
        next: "Tell the operator: a newer version wrote it.".to_owned(),
        ..Failure::default()
    }
}
