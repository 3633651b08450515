//! How a server is made, switched and removed, step by step. Every step looks before it acts, so that doing it twice does
//! it once.

mod steps;

use super::sentences;
use super::sites::{Sites, is_over};
use super::store::{ServerRow, ServerStore};
use super::tokens::Tokens;
use super::watching::Watching;
use crate::clock::{Clock, Micros, SECOND};
use crate::features::keys::service::KeysService;
use crate::providers::{
    Access, Fault, Given, Handle, Machine, Phase, Reason, Retry, Seen, Site, Switch, Wish,
};
use crate::work::{Craft, Ending, Failure, OperationRow, Outcome, Step};
use app::features::servers::model::{AddressPolicy, CreateServer, Size};
use async_trait::async_trait;
use sqlx::{Any, Transaction};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;

pub(super) use steps::{of as steps_of, past_title, title, verb_title};

/// How much of a console is read for the machine's keys.
const CONSOLE_BYTES: usize = 256 * 1024;
/// One look at an ssh port. Long, since each connection costs the machine a process, and a slow one answers late.
const BANNER: Duration = Duration::from_secs(20);
const CONNECT: Duration = Duration::from_secs(5);
/// What is said while a machine may still come of a lost request.
const UNSETTLED: &str = "The site's answer was lost. It is looked for before it is asked for again.";

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

impl Work<'_> {
    fn handle(&self) -> Handle {
        Handle { server: self.row.id.clone(), machine: self.row.machine.clone() }
    }
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
        let work = match self.prepare(operation).await {
            Ok(work) => work,
            Err(outcome) => return outcome,
        };
        let outcome = match (self.check_account(&work).await, step.name) {
            (Err(outcome), _) => outcome,
            (Ok(()), "key") => self.outcome(&work, self.take_key(&work).await).await,
            (Ok(()), "address") => self.outcome(&work, self.take_address(&work).await).await,
            (Ok(()), _) => self.outcome(&work, self.undo_request(&work).await).await,
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

    async fn place_key(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.remember_account(work).await?;
        work.site.place_key(&work.access, &wish(&work.row)).await?;
        Ok(Outcome::Done(None))
    }

    async fn check_room(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        // Once asked for, it is itself what takes the room.
        if !matches!(work.site.look(&work.access, &work.handle()).await?, Seen::There(_)) {
            work.site.check_room(&work.access, &wish(&work.row)).await?;
        }
        Ok(Outcome::Done(None))
    }

    async fn request(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        if self.is_unsettled(work).await? {
            let Seen::There(machine) = work.site.look(&work.access, &work.handle()).await? else {
                return Ok(self.again(work, Some(UNSETTLED.to_owned())));
            };
            self.store.set_machine(&work.row.id, &machine.machine).await?;
            return Ok(Outcome::Done(None));
        }
        self.remember_account(work).await?;
        let settles = !work.site.settles_in().is_zero();
        if settles {
            self.store.set_unsettled(&work.row.id, Some(0)).await?;
        }
        match work.site.request(&work.access, &wish(&work.row)).await {
            Ok(machine) => self.store.set_machine(&work.row.id, &machine).await?,
            Err(fault) => {
                let is_lost = fault.reason == Reason::OutcomeUnknown;
                if settles {
                    let since = is_lost.then(|| self.clock.now());
                    self.store.set_unsettled(&work.row.id, since).await?;
                }
                return Err(fault.into());
            }
        }
        Ok(Outcome::Done(None))
    }

    /// Whether a machine may still come of an earlier request. One that is on its way when this is asked was cut with
    /// whoever sent it, just now at the latest.
    async fn is_unsettled(&self, work: &Work<'_>) -> Result<bool, StepFault> {
        let now = self.clock.now();
        let since = match (&work.row.machine, work.row.unsettled_us) {
            (Some(_), _) | (None, None) => return Ok(false),
            (None, Some(0)) => {
                self.store.set_unsettled(&work.row.id, Some(now)).await?;
                now
            }
            (None, Some(since)) => since,
        };
        let settles = i64::try_from(work.site.settles_in().as_micros()).unwrap_or(i64::MAX);
        Ok(now - since < settles)
    }

    async fn await_running(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        let machine = match work.site.look(&work.access, &work.handle()).await? {
            Seen::There(machine) => machine,
            Seen::Gone => return Ok(Outcome::Failed(removed_meanwhile())),
        };
        match machine.phase {
            Phase::Running { .. } => Ok(Outcome::Done(None)),
            Phase::Failed { words } => {
                let fault = Fault::of(Reason::BuildFailed).with_words(words);
                Ok(Outcome::Failed(sentences::failure(&fault, work.site.title())))
            }
            Phase::Off { reason: Some(reason) } => {
                let what = "The machine went off while it started.".to_owned();
                let next = "Look at its console, then try again.".to_owned();
                Ok(Outcome::Failed(Failure { what, words: Some(reason), next, ..Failure::default() }))
            }
            Phase::Off { reason: None } => {
                work.site.switch(&work.access, &work.handle(), Switch::On).await?;
                Ok(self.again(work, None))
            }
            Phase::Building | Phase::Removing | Phase::Unknown => Ok(self.again(work, machine.task)),
        }
    }

    async fn give_address(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        let choices: CreateServer = serde_json::from_str(&work.row.choices).unwrap_or_default();
        let wanted = choices.address == AddressPolicy::Automatic;
        let given = work.site.give_address(&work.access, &work.handle(), wanted).await?;
        let Seen::There(machine) = work.site.look(&work.access, &work.handle()).await? else {
            return Ok(Outcome::Failed(removed_meanwhile()));
        };
        let user = machine.access_user.as_deref().unwrap_or(&work.row.access_user);
        match given {
            Given::NotYet => Ok(self.again(work, None)),
            Given::Address(address) => {
                self.store.set_address(&work.row.id, Some(&address), machine.port, user).await?;
                Ok(Outcome::Done(Some(address)))
            }
            Given::Without => {
                self.store.set_address(&work.row.id, machine.address.as_deref(), machine.port, user).await?;
                Ok(Outcome::Done(Some("It has no address outside its network.".to_owned())))
            }
        }
    }

    async fn await_ssh(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        let machine = match work.site.look(&work.access, &work.handle()).await? {
            Seen::There(machine) => machine,
            Seen::Gone => return Ok(Outcome::Failed(removed_meanwhile())),
        };
        if let Phase::Off { reason } = &machine.phase {
            let what = "The machine went off before it could be reached.".to_owned();
            let next = "Look at its console, then try again.".to_owned();
            return Ok(Outcome::Failed(Failure { what, words: reason.clone(), next, ..Failure::default() }));
        }
        let place = work.row.address.clone().or_else(|| machine.address.clone());
        let late = self.clock.now() - work.since > i64::try_from(self.ssh_patience_s).unwrap_or(300) * SECOND;
        let note = match &place {
            None => "It has no address to look at.".to_owned(),
            Some(_) if !work.site.reaches_machines() => {
                "Skyport cannot reach this site's machines, so it did not look.".to_owned()
            }
            Some(address) if !work.site.may_look_at(address) => format!(
                "The site says that it is at {address}, which cannot be another machine, so Skyport did not look there."
            ),
            Some(_) if late => {
                let remark = "It runs, but ssh does not answer here. Its console may say why.";
                self.store.set_state(&work.row.id, &work.row.state, Some(remark), self.clock.now()).await?;
                remark.to_owned()
            }
            Some(address) => {
                if matches!(machine.phase, Phase::Running { booted: true })
                    && let Some(banner) = banner(address, &machine).await
                {
                    // Another port may have been free this time.
                    let user = machine.access_user.as_deref().unwrap_or(&work.row.access_user);
                    self.store.set_address(&work.row.id, Some(address), machine.port, user).await?;
                    self.learn_host_keys(work).await?;
                    return Ok(Outcome::Done(Some(banner)));
                }
                return Ok(self.again(work, Some("Its system is starting.".to_owned())));
            }
        };
        self.learn_host_keys(work).await?;
        Ok(Outcome::Done(Some(note)))
    }

    /// The machine's own keys, where its console shows them. None is no fault.
    async fn learn_host_keys(&self, work: &Work<'_>) -> Result<(), StepFault> {
        let Ok(console) = work.site.console(&work.access, &work.handle(), CONSOLE_BYTES).await else {
            return Ok(());
        };
        let lines = super::host_keys::read(&console);
        if !lines.is_empty() {
            let text = serde_json::to_string(&lines).unwrap_or_else(|_| "[]".to_owned());
            self.store.set_host_keys(&work.row.id, &text).await?;
        }
        Ok(())
    }

    async fn switch(&self, work: &Work<'_>, to: Switch) -> Result<Outcome, StepFault> {
        let is_there = match work.site.look(&work.access, &work.handle()).await? {
            Seen::Gone => return Ok(Outcome::Failed(removed_meanwhile())),
            Seen::There(machine) => match (to, &machine.phase) {
                (Switch::On, Phase::Running { .. }) | (Switch::Off, Phase::Off { .. }) => true,
                // Repeated after a crash it may start anew twice; better than not at all.
                _ => false,
            },
        };
        if !is_there {
            work.site.switch(&work.access, &work.handle(), to).await?;
        }
        Ok(Outcome::Done(None))
    }

    async fn await_off(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        match work.site.look(&work.access, &work.handle()).await? {
            Seen::Gone => Ok(Outcome::Failed(removed_meanwhile())),
            Seen::There(Machine { phase: Phase::Off { .. }, .. }) => Ok(Outcome::Done(None)),
            Seen::There(machine) => {
                // Told again until it is: a system that is starting does not hear it, and the site may have forgotten.
                let is_at_it = machine.task.is_some() && machine.phase != Phase::Unknown;
                if !is_at_it && machine.phase != Phase::Removing {
                    work.site.switch(&work.access, &work.handle(), Switch::Off).await?;
                }
                Ok(self.again(work, machine.task))
            }
        }
    }

    async fn remove(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        match work.site.look(&work.access, &work.handle()).await? {
            Seen::There(Machine { phase: Phase::Removing, .. }) => {}
            // Also where none is seen: half of one may be there.
            Seen::Gone | Seen::There(_) => work.site.remove(&work.access, &work.handle()).await?,
        }
        Ok(Outcome::Done(None))
    }

    async fn await_gone(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        match work.site.look(&work.access, &work.handle()).await? {
            Seen::Gone => Ok(Outcome::Done(None)),
            Seen::There(machine) => Ok(self.again(work, machine.task)),
        }
    }

    /// Removes what came of a request, and what may still come of it.
    async fn undo_request(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.remove(work).await?;
        match self.await_gone(work).await? {
            Outcome::Done(_) if self.is_unsettled(work).await? => {
                Ok(self.again(work, Some(UNSETTLED.to_owned())))
            }
            other => Ok(other),
        }
    }

    async fn take_address(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        work.site.take_address(&work.access, &work.handle()).await?;
        Ok(Outcome::Done(None))
    }

    async fn take_key(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        work.site.remove_key(&work.access, &work.row.id).await?;
        Ok(Outcome::Done(None))
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
    let choices: CreateServer = serde_json::from_str(&row.choices).unwrap_or_default();
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

/// The first line that an ssh server says (RFC 4253, section 4.2).
async fn banner(address: &str, machine: &Machine) -> Option<String> {
    let place = (address, machine.port);
    let mut stream = tokio::time::timeout(CONNECT, tokio::net::TcpStream::connect(place)).await.ok()?.ok()?;
    let mut line = Vec::new();
    let read = async {
        let mut buffer = [0; 255];
        while !line.contains(&b'\n') && line.len() < 255 {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(n) => line.extend_from_slice(&buffer[..n]),
            }
        }
    };
    tokio::time::timeout(BANNER, read).await.ok()?;
    let text = String::from_utf8_lossy(&line);
    let first = text.lines().next()?.trim();
    let plain: String = first.chars().filter(|c| !c.is_control()).take(80).collect();
    plain.starts_with("SSH-").then_some(plain)
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
