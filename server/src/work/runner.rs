//! Does what is due. Every process has one runner for each noun: it takes operations under a lease and does their steps,
//! many at once, until told to stop. A step that is then in the middle is finished, since nobody may begin it again while
//! its call is on the way; what cannot be finished in time is left to its lease.

use super::store::{OperationRow, WorkStore};
use super::{Craft, Ending, Failure, Outcome, Step};
use crate::clock::{Clock, Entropy, Micros, SECOND};
use crate::ids::new_id;
use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A lease lasts so long, longer than one call to a site, and is renewed three times as often.
const LEASE_S: i64 = 90;
/// How often the runner looks at what other processes and the clock did, at the latest.
const TICK: Duration = Duration::from_secs(1);
/// A step that does not come back is tried again after this.
const LONGEST_STEP: Duration = Duration::from_secs(80);
/// The longest pause between two tries.
const LONGEST_PAUSE_S: i64 = 60;

/// Does what is due for one noun.
pub struct Runner {
    store: WorkStore,
    craft: Arc<dyn Craft>,
    noun: &'static str,
    clock: Clock,
    entropy: Entropy,
    wake: Notify,
    places: Arc<Semaphore>,
    at_once: usize,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

impl Runner {
    /// A runner that does at most so many steps at once.
    #[expect(clippy::too_many_arguments, reason = "wiring happens once")]
    pub fn new(
        noun: &'static str,
        craft: Arc<dyn Craft>,
        store: WorkStore,
        clock: &Clock,
        entropy: &Entropy,
        at_once: usize,
        stopping: &CancellationToken,
        tasks: &TaskTracker,
    ) -> Arc<Self> {
        Arc::new(Self {
            store,
            craft,
            noun,
            clock: clock.clone(),
            entropy: entropy.clone(),
            wake: Notify::new(),
            places: Arc::new(Semaphore::new(at_once.max(1))),
            at_once: at_once.max(1),
            stopping: stopping.clone(),
            tasks: tasks.clone(),
        })
    }

    /// Goes on in the background until stopped. `alone` says that no other process can have the database open, so that
    /// every lease is a dead process's.
    pub async fn start(self: &Arc<Self>, alone: bool) -> Result<(), sqlx::Error> {
        if alone {
            self.store.free_all().await?;
        }
        self.tasks.spawn(self.clone().take_due());
        Ok(())
    }

    /// Something new may be due.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    async fn take_due(self: Arc<Self>) {
        loop {
            let pause = match self.take_some().await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(fault.chain = %crate::fault::chain(&error), "work that is due was not found; trying again");
                    TICK
                }
            };
            tokio::select! {
                () = self.stopping.cancelled() => return,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Takes as many as there are places; gives how long there is nothing to do.
    async fn take_some(self: &Arc<Self>) -> Result<Duration, sqlx::Error> {
        loop {
            // Waits for one place, then takes what else is free: no more is leased than can be begun at once.
            let Ok(first) = self.places.clone().acquire_owned().await else { return Ok(TICK) };
            if self.stopping.is_cancelled() {
                return Ok(TICK);
            }
            let mut places = vec![first];
            while let Ok(more) = self.places.clone().try_acquire_owned() {
                places.push(more);
            }
            let now = self.clock.now();
            let most = i64::try_from(places.len().min(self.at_once)).unwrap_or(1);
            let lease = new_id(&self.entropy);
            let taken = self.store.claim(self.noun, &lease, now + LEASE_S * SECOND, now, most).await?;
            if taken.is_empty() {
                drop(places);
                let due = self.store.next_due(self.noun, now).await?;
                let wait = due.map_or(TICK, |due| {
                    Duration::from_micros(u64::try_from(due - self.clock.now()).unwrap_or(0)).min(TICK)
                });
                return Ok(wait.max(Duration::from_millis(5)));
            }
            for (operation, place) in taken.into_iter().zip(places) {
                self.tasks.spawn(self.clone().go_on(operation, lease.clone(), place));
            }
        }
    }

    /// Does one operation's steps, until one has to wait or all are done.
    async fn go_on(self: Arc<Self>, operation: OperationRow, lease: String, place: OwnedSemaphorePermit) {
        let id = operation.id.clone();
        // Broken off when the lease is lost: the step is done again by whoever has it then.
        let done = tokio::select! {
            () = self.keep(&id, &lease) => None,
            done = self.do_steps(operation, &lease) => Some(done),
        };
        drop(place);
        match done {
            // A place is free, or this very operation is due again.
            Some(Ok(())) => self.wake.notify_one(),
            Some(Err(error)) => {
                tracing::warn!(operation.id = %id, fault.chain = %crate::fault::chain(&error), "a step was not written down; it will be done again");
            }
            None => tracing::warn!(operation.id = %id, "a lease ran out; another process goes on"),
        }
    }

    /// Renews a lease until it is lost.
    async fn keep(&self, id: &str, lease: &str) {
        let every = Duration::from_secs(u64::try_from(LEASE_S).unwrap_or(30) / 3);
        loop {
            tokio::time::sleep(every).await;
            match self.store.renew(id, lease, self.clock.now() + LEASE_S * SECOND).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(operation.id = %id, fault.chain = %crate::fault::chain(&error), "a lease was not renewed; trying again");
                }
            }
        }
    }

    async fn do_steps(&self, mut operation: OperationRow, lease: &str) -> Result<(), sqlx::Error> {
        let steps = self.craft.steps(&operation.verb);
        loop {
            let is_called_off = operation.cancel_wanted != 0 && operation.undoing == 0;
            if is_called_off && !self.turn_back(&mut operation, lease).await? {
                return Ok(());
            }
            let position = usize::try_from(operation.position).ok();
            let Some(step) = position.and_then(|position| steps.get(position)) else {
                if self.end(&operation, lease).await? || !self.is_called_off(&mut operation, lease).await? {
                    return Ok(());
                }
                continue;
            };
            let now = self.clock.now();
            let since = *operation.step_since_us.get_or_insert(now);
            operation.attempts += 1;
            let undoing = operation.undoing != 0;
            if !undoing {
                self.store.begin_step(&operation, step.name, now).await?;
                self.craft.moved(&operation).await;
            }
            let doing = async {
                if undoing {
                    self.craft.undo(&operation, step).await
                } else {
                    self.craft.perform(&operation, step).await
                }
            };
            let again = |what: &str| {
                Outcome::Retry(
                    Duration::from_secs(1),
                    Failure { what: what.to_owned(), ..Failure::default() },
                )
            };
            let outcome =
                match tokio::time::timeout(LONGEST_STEP, AssertUnwindSafe(doing).catch_unwind()).await {
                    Ok(Ok(outcome)) => outcome,
                    Ok(Err(_)) => {
                        tracing::error!(operation.id = %operation.id, step.name, "a step panicked");
                        again("Something broke on our side while this was done.")
                    }
                    Err(_) => {
                        tracing::warn!(operation.id = %operation.id, step.name, "a step did not come back");
                        again("The site did not answer.")
                    }
                };
            if !self.write_down(&mut operation, lease, step, outcome, since).await? {
                return Ok(());
            }
            if self.stopping.is_cancelled() {
                self.store.save(lease, &mut operation, false).await?;
                return Ok(());
            }
        }
    }

    /// Writes down what came of a step; false where this operation is not ours any more or has to wait.
    async fn write_down(
        &self,
        operation: &mut OperationRow,
        lease: &str,
        step: &Step,
        outcome: Outcome,
        since: Micros,
    ) -> Result<bool, sqlx::Error> {
        let now = self.clock.now();
        let undoing = operation.undoing != 0;
        let is_late = now - since > step.deadline_s * SECOND;
        match outcome {
            Outcome::Done(note) => {
                let state = if undoing { "undone" } else { "done" };
                self.store.note_step(operation, state, note.as_deref(), Some(now)).await?;
                self.next_step(operation);
                self.store.save(lease, operation, true).await
            }
            Outcome::Again(..) | Outcome::Retry(..) if is_late && !undoing => {
                let mut failure = match outcome {
                    Outcome::Retry(_, failure) => failure,
                    _ => Failure::default(),
                };
                failure.what = match failure.what.as_str() {
                    "" => step.too_late.to_owned(),
                    what => format!("{} {what}", step.too_late),
                };
                self.fail(operation, lease, failure).await
            }
            Outcome::Again(after, note) => {
                self.store.note_step(operation, "running", note.as_deref(), None).await?;
                operation.due_us = soonest(now + micros(after), step, since, undoing);
                self.store.save(lease, operation, false).await?;
                self.craft.moved(operation).await;
                Ok(false)
            }
            Outcome::Retry(after, failure) => {
                let pause = micros(after).max(self.pause(operation.attempts));
                let note = format!("{} Trying again.", failure.what);
                let state = if undoing { "done" } else { "running" };
                self.store.note_step(operation, state, Some(&note), None).await?;
                operation.due_us = soonest(now + pause, step, since, undoing);
                self.store.save(lease, operation, false).await?;
                self.craft.moved(operation).await;
                Ok(false)
            }
            Outcome::SignIn(site, why) => {
                operation.waits_for = Some(site);
                operation.waits_why = why;
                operation.step_since_us = None;
                self.store.save(lease, operation, false).await?;
                self.craft.moved(operation).await;
                Ok(false)
            }
            Outcome::Failed(failure) if undoing => {
                // It stays behind; what can be undone besides is.
                let mut whole = operation.failure().unwrap_or_default();
                whole.cleaned.push(failure.what);
                operation.set_failure(&whole);
                self.store.note_step(operation, "failed", failure.words.as_deref(), Some(now)).await?;
                self.next_step(operation);
                self.store.save(lease, operation, true).await
            }
            Outcome::Failed(failure) => self.fail(operation, lease, failure).await,
        }
    }

    fn next_step(&self, operation: &mut OperationRow) {
        operation.position += if operation.undoing == 0 { 1 } else { -1 };
        operation.attempts = 0;
        operation.step_since_us = None;
        operation.due_us = self.clock.now();
    }

    async fn fail(
        &self,
        operation: &mut OperationRow,
        lease: &str,
        failure: Failure,
    ) -> Result<bool, sqlx::Error> {
        tracing::info!(operation.id = %operation.id, operation.verb = %operation.verb, failure.what = %failure.what, "a step failed");
        self.store.note_step(operation, "failed", Some(&failure.what), Some(self.clock.now())).await?;
        operation.set_failure(&failure);
        self.turn(operation, lease).await
    }

    async fn turn_back(&self, operation: &mut OperationRow, lease: &str) -> Result<bool, sqlx::Error> {
        self.store.note_step(operation, "failed", Some("Called off."), Some(self.clock.now())).await?;
        self.turn(operation, lease).await
    }

    async fn turn(&self, operation: &mut OperationRow, lease: &str) -> Result<bool, sqlx::Error> {
        operation.undoing = 1;
        operation.attempts = 0;
        operation.step_since_us = None;
        operation.waits_for = None;
        operation.waits_why = None;
        operation.due_us = self.clock.now();
        // The step that failed may have been half done.
        let last = i64::try_from(self.craft.steps(&operation.verb).len()).unwrap_or(i64::MAX) - 1;
        operation.position = operation.position.min(last);
        let ours = self.store.save(lease, operation, true).await?;
        self.craft.moved(operation).await;
        Ok(ours)
    }

    /// Ends it; false where that could not be written down.
    async fn end(&self, operation: &OperationRow, lease: &str) -> Result<bool, sqlx::Error> {
        let ending = match (operation.undoing != 0, operation.cancel_wanted != 0) {
            (false, _) => Ending::Done,
            (true, true) => Ending::Undone,
            (true, false) => Ending::Failed,
        };
        self.craft.ending(operation, ending).await?;
        let Some(mut transaction) = self.store.end(lease, &operation.id, ending, self.clock.now()).await?
        else {
            return Ok(false);
        };
        self.craft.ended(operation, ending, &mut transaction).await?;
        transaction.commit().await?;
        self.craft.moved(operation).await;
        Ok(true)
    }

    /// Whether it is still ours and was called off in its last moment.
    async fn is_called_off(&self, operation: &mut OperationRow, lease: &str) -> Result<bool, sqlx::Error> {
        Ok(self.store.save(lease, operation, true).await? && operation.cancel_wanted != 0)
    }

    /// One second, doubled with each try, with up to half of it more by chance, so that many do not come back at once.
    fn pause(&self, attempts: i64) -> Micros {
        let doubled = 1_i64 << u32::try_from(attempts.clamp(1, 7) - 1).unwrap_or(0);
        let seconds = doubled.min(LONGEST_PAUSE_S);
        let [chance] = self.entropy.bytes::<1>();
        seconds * SECOND + seconds * SECOND * i64::from(chance) / 512
    }
}

/// When to look again: not after the step's deadline, which is only seen by looking.
fn soonest(due: Micros, step: &Step, since: Micros, undoing: bool) -> Micros {
    if undoing { due } else { due.min(since + (step.deadline_s + 1) * SECOND) }
}

fn micros(duration: Duration) -> Micros {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
