//! How a session is run and ended, step by step. Every step looks before it acts, so that doing it twice does it once.

mod ending;
mod running;
mod steps;
mod troubles;

use super::folders::{Folders, on_disk};
use super::homes::Homes;
use super::opening::Opening;
use super::sentences;
use super::sites::SessionSites;
use super::staging_task::Stagings;
use super::store::{SessionRow, SessionStore};
use crate::clock::{Clock, Micros, SECOND};
use crate::config::sessions::SessionsConfig;
use crate::features::bookings::service::BookingsService;
use crate::features::software::service::SoftwareService;
use crate::following::Watching;
use crate::providers::session_site::{End, Fault, Place, Reason, SessionSite, hints_at_full_disk};
use crate::work::{Craft, Ending, Failure, OperationRow, Outcome, Step};
use app::features::sessions::model::EndReason;
use async_trait::async_trait;
use sqlx::{Any, Transaction};
use std::io;
use std::sync::Arc;
use std::time::Duration;

pub(super) use steps::{of as steps_of, title, verb_title};
use troubles::TroubleOf;
pub(super) use troubles::Troubles;

/// How long a registry may be away until its image is given up.
const REGISTRY_US: Micros = 300 * SECOND;
/// What a site refuses without a reason that we know is tried again so often: an engine that was killed in the middle says
/// such things of what it finds half made.
const TRIES: i64 = 4;
/// How much of the log is read for why something ended.
const LAST_WORDS: usize = 4096;

/// The craft of sessions.
pub(crate) struct SessionCraft {
    pub(super) store: SessionStore,
    pub(super) sites: Arc<SessionSites>,
    pub(super) bookings: Arc<BookingsService>,
    pub(super) software: Arc<SoftwareService>,
    pub(super) stagings: Stagings,
    pub(super) folders: Folders,
    pub(super) homes: Homes,
    pub(super) watching: Watching,
    pub(super) opening: Opening,
    pub(super) clock: Clock,
    pub(super) config: SessionsConfig,
    pub(super) troubles: Troubles,
    pub(super) client: reqwest::Client,
}

/// What every step needs.
struct Work<'a> {
    row: SessionRow,
    site: &'a dyn SessionSite,
    /// Since when this step has been tried.
    since: Micros,
    operation: &'a OperationRow,
}

impl Work<'_> {
    fn place(&self) -> Place<'_> {
        self.row.place()
    }
}

/// Why a step did not come to an outcome.
pub(super) enum StepFault {
    Site(Fault),
    Database(sqlx::Error),
    Folder(io::Error),
    /// It may pass; where it does not, the session ends for this.
    Passing(EndReason, Failure),
    /// It cannot be done: the session ends for this.
    No(EndReason, Option<i64>, Failure),
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

impl From<io::Error> for StepFault {
    fn from(error: io::Error) -> Self {
        Self::Folder(error)
    }
}

#[async_trait]
impl Craft for SessionCraft {
    fn steps(&self, verb: &str) -> &'static [Step] {
        steps::of(verb)
    }

    async fn perform(&self, operation: &OperationRow, step: &Step) -> Outcome {
        let work = match self.prepare(operation).await {
            Ok(work) => work,
            Err(outcome) => return outcome,
        };
        let done = match step.name {
            "wait" => self.await_time(&work).await,
            "data" => self.place_data(&work).await,
            "image" => self.fetch_image(&work).await,
            "start" => self.start(&work).await,
            "ready" => self.await_ready(&work).await,
            "stop" => self.stop(&work).await,
            "log" => self.keep_log(&work).await,
            "remove" => self.remove(&work).await,
            "data-back" => self.remove_data(&work).await,
            "book-back" => self.give_back(&work).await,
            other => return Outcome::Failed(unknown_step(other)),
        };
        match (operation.verb.as_str(), done) {
            ("end", Err(fault)) => self.leave_or_retry(&work, fault),
            (_, done) => self.outcome(&work, done).await,
        }
    }

    async fn undo(&self, operation: &OperationRow, step: &Step) -> Outcome {
        let work = match self.prepare(operation).await {
            Ok(work) => work,
            Err(Outcome::Failed(_)) => return Outcome::Done(None),
            Err(outcome) => return outcome,
        };
        match self.undo_step(&work, step.name).await {
            Ok(outcome) => outcome,
            Err(fault) => self.leave_or_retry(&work, fault),
        }
    }

    async fn moved(&self, operation: &OperationRow) {
        self.watching.tell(&operation.owner, &operation.subject);
    }

    async fn ending(&self, operation: &OperationRow, ending: Ending) -> Result<(), sqlx::Error> {
        let Some(row) = self.store.find(&operation.subject).await? else { return Ok(()) };
        let what = match (operation.verb.as_str(), ending) {
            ("run", Ending::Done) => "It runs.".to_owned(),
            _ => sentences::ended(row.end_wanted().unwrap_or(EndReason::Failed), row.exit_code),
        };
        // Comes twice, is written once.
        let id = format!("{}-end", operation.id);
        self.store.add_event(&id, &row.id, &what, self.clock.now()).await
    }

    async fn ended(
        &self,
        operation: &OperationRow,
        ending: Ending,
        transaction: &mut Transaction<'static, Any>,
    ) -> Result<(), sqlx::Error> {
        let (id, now) = (&operation.subject, self.clock.now());
        if operation.verb == "run" && ending == Ending::Done {
            return SessionStore::set_running_in(transaction, id, now).await;
        }
        let Some(row) = SessionStore::find_in(transaction, id).await? else { return Ok(()) };
        let reason = row.end_wanted().unwrap_or(EndReason::Failed);
        let usual = sentences::end(reason, row.exit_code, self.sites.title(&row.site));
        let failure = match operation.failure() {
            // What is said of a step that failed is nearer than what is said of the reason.
            Some(failure) if ending == Ending::Failed => {
                Failure { next: if failure.next.is_empty() { usual.next } else { failure.next }, ..failure }
            }
            _ => usual,
        };
        let failure = (!failure.what.is_empty()).then(|| serde_json::to_string(&failure).unwrap_or_default());
        SessionStore::end_in(transaction, id, reason.key(), failure.as_deref(), now).await
    }
}

impl SessionCraft {
    /// The session and its site; or what to do where one of them is missing.
    async fn prepare<'a>(&'a self, operation: &'a OperationRow) -> Result<Work<'a>, Outcome> {
        let row = match self.store.find(&operation.subject).await {
            Ok(Some(row)) => row,
            Ok(None) => return Err(Outcome::Done(None)),
            Err(error) => {
                tracing::warn!(operation.id = %operation.id, fault.chain = %crate::fault::chain(&error), "a step could not read what it needs");
                return Err(Outcome::Retry(Duration::from_secs(1), sentences::database_away()));
            }
        };
        let since = operation.step_since_us.unwrap_or_else(|| self.clock.now());
        if let Some(site) = self.sites.find(&row.site) {
            return Ok(Work { row, site: &**site, since, operation });
        }
        // There is nothing to ask; what is ours is given back all the same.
        if operation.verb == "end" || operation.undoing != 0 {
            self.stagings.stop(&row.id).await;
            let (folders, id) = (self.folders.clone(), row.id.clone());
            if let Err(error) = on_disk(move || folders.remove_data(&id)).await {
                tracing::warn!(session.id = %row.id, "the data of a session could not be removed: {error}");
            }
            if let Err(error) = self.bookings.finish(&row.booking, self.clock.now()).await {
                tracing::warn!(session.id = %row.id, fault.chain = %crate::fault::chain(&error), "a booking was not given back");
                return Err(Outcome::Retry(Duration::from_secs(1), sentences::database_away()));
            }
            return Err(Outcome::Done(None));
        }
        let reason = EndReason::SiteUnreachable;
        let what = format!("The site {} is not configured here any more.", row.site);
        let failure = Failure { what, ..sentences::end(reason, None, &row.site) };
        Err(self.no(&row, reason, None, failure).await)
    }

    /// The session ends for this.
    async fn no(
        &self,
        row: &SessionRow,
        reason: EndReason,
        exit_code: Option<i64>,
        failure: Failure,
    ) -> Outcome {
        match self.store.want_end(&row.id, reason.key(), exit_code).await {
            Ok(()) => Outcome::Failed(failure),
            Err(error) => {
                tracing::warn!(session.id = %row.id, fault.chain = %crate::fault::chain(&error), "why a session ends was not written down");
                Outcome::Retry(Duration::from_secs(1), sentences::database_away())
            }
        }
    }

    /// What to do after a step of running.
    async fn outcome(&self, work: &Work<'_>, done: Result<Outcome, StepFault>) -> Outcome {
        match done {
            Ok(outcome) => {
                match outcome {
                    Outcome::Done(_) => self.troubles.forget(work.operation),
                    _ => self.troubles.answered(work.operation),
                }
                outcome
            }
            Err(StepFault::Passing(reason, failure)) => {
                let trouble = self.troubles.count(work.operation, TroubleOf::Data, self.clock.now());
                if trouble.times <= TRIES {
                    return trouble.again(&failure);
                }
                self.troubles.forget(work.operation);
                self.no(&work.row, reason, None, failure).await
            }
            Err(StepFault::No(reason, code, failure)) => {
                self.troubles.forget(work.operation);
                self.no(&work.row, reason, code, failure).await
            }
            Err(StepFault::Database(error)) => {
                tracing::warn!(session.id = %work.row.id, fault.chain = %crate::fault::chain(&error), "what a step learned was not written down");
                Outcome::Retry(Duration::from_secs(1), sentences::database_away())
            }
            Err(StepFault::Folder(error)) => {
                let trouble = self.troubles.count(work.operation, TroubleOf::Folder, self.clock.now());
                if trouble.times <= TRIES {
                    return trouble.again(&sentences::folder_fault(&error));
                }
                self.troubles.forget(work.operation);
                let reason = match error.kind() {
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => EndReason::DiskFull,
                    _ => EndReason::Failed,
                };
                self.no(&work.row, reason, None, sentences::folder_fault(&error)).await
            }
            Err(StepFault::Site(fault)) => {
                let now = self.clock.now();
                let trouble = self.troubles.count(work.operation, TroubleOf::Site(fault.reason), now);
                let (reason, failure) = sentences::fault(&fault, work.site.title());
                let patience = match fault.reason {
                    Reason::Unreachable => i64::from(self.config.away_s) * SECOND,
                    Reason::NoRegistry => REGISTRY_US,
                    Reason::Broken if trouble.times <= TRIES => Micros::MAX,
                    _ => 0,
                };
                if now - trouble.since < patience {
                    trouble.again(&failure)
                } else {
                    self.troubles.forget(work.operation);
                    self.no(&work.row, reason, None, failure).await
                }
            }
        }
    }

    /// What to do where something could not be undone or ended. What a site has that is away for too long is left to the
    /// reconciler, which finds it when the site is back: its booking does not wait for that.
    fn leave_or_retry(&self, work: &Work<'_>, fault: StepFault) -> Outcome {
        let since = if work.operation.verb == "end" { work.operation.asked_us } else { work.since };
        let waited = self.clock.now() - since;
        let given_up = work.row.end_wanted() == Some(EndReason::SiteUnreachable);
        match fault {
            StepFault::Site(fault) => {
                let away = i64::from(self.config.away_s) * SECOND;
                let is_gone = fault.reason == Reason::NoNode;
                if is_gone || given_up || waited >= away {
                    let words = "The site does not answer; what is left there is removed when it does.";
                    return Outcome::Done(Some(words.to_owned()));
                }
                tracing::warn!(session.id = %work.row.id, "a session could not be ended yet: {fault}");
                Outcome::Retry(Duration::ZERO, sentences::not_ended(&fault, work.site.title()))
            }
            StepFault::Database(error) => {
                tracing::warn!(session.id = %work.row.id, fault.chain = %crate::fault::chain(&error), "an ending could not read or write what it needs");
                Outcome::Retry(Duration::from_secs(1), sentences::database_away())
            }
            StepFault::Folder(error) => {
                tracing::warn!(session.id = %work.row.id, "a folder of a session that ends could not be used: {error}");
                if waited > REGISTRY_US {
                    return Outcome::Done(Some("A folder of it could not be removed.".to_owned()));
                }
                Outcome::Retry(Duration::ZERO, sentences::folder_fault(&error))
            }
            StepFault::Passing(_, failure) | StepFault::No(_, _, failure) => {
                Outcome::Retry(Duration::ZERO, failure)
            }
        }
    }

    /// Looks again: often at first, when most things happen, then ever more rarely.
    fn again(&self, work: &Work<'_>, note: Option<String>) -> Outcome {
        let waited = self.clock.now() - work.since;
        let pause = (waited / 20).clamp(SECOND / 20, SECOND);
        Outcome::Again(Duration::from_micros(pause.unsigned_abs()), note)
    }

    /// Why something ended by itself. Nobody here ended it, so whatever killed it was the kernel, for its memory.
    pub(super) async fn why_ended(
        site: &dyn SessionSite,
        place: Place<'_>,
        end: &End,
    ) -> Result<EndReason, Fault> {
        if end.out_of_memory {
            return Ok(EndReason::OutOfMemory);
        }
        if end.exit_code == 0 {
            return Ok(EndReason::Finished);
        }
        let said = site.read_log(place, LAST_WORDS).await?;
        Ok(if hints_at_full_disk(&said) { EndReason::DiskFull } else { EndReason::Crashed })
    }
}

fn unknown_step(name: &str) -> Failure {
    Failure {
        what: format!("This Skyport does not know the step \"{name}\"."),
        next: "Tell the operator: a newer version wrote it.".to_owned(),
        ..Failure::default()
    }
}
