//! Starts waiting queries and keeps order among them.
//!
//! Every process has one scheduler with three tasks that never wait for each other: this one wakes when something was
//! asked or ended here, and every few seconds for what other processes did; [`leases`] keeps what runs here its own and
//! cleans up after processes that are gone; [`expiry`] removes what is over. A synchronous query cannot be taken up
//! again, only asked again.
//!
//! Order: each owner's queries one after the other, owners by how long their next one waits. Visitors cost nothing to
//! make, so all of them together have fewer places than there are, and the rest is always left to users.

mod expiry;
mod leases;

use super::result_store::ResultStore;
use super::run::{Allowance, Progress, Run};
use super::store::{QueryEnd, QueryRow, QueryStore};
use crate::clock::{Clock, Entropy, SECOND};
use crate::config::queries::QueriesConfig;
use crate::fault::report;
use crate::features::archives::service::ArchivesService;
use crate::ids::new_id;
use crate::metrics::Metrics;
use futures::FutureExt as _;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use leases::LEASE_S;

/// How often each of the scheduler's tasks looks at what time and other processes did.
const TICK: Duration = Duration::from_secs(5);
/// How often the end of a query is tried to be written down, a second apart: longer than its lease, so that either this
/// succeeds or another process has marked the query.
const TRIES: u32 = 60;
const INTERRUPTED: &str = "Skyport was stopped while this ran. Ask it again.";

/// Starts waiting queries and keeps order among them.
pub(crate) struct Scheduler {
    process: String,
    config: QueriesConfig,
    store: QueryStore,
    results: ResultStore,
    archives: Arc<ArchivesService>,
    clock: Clock,
    metrics: Metrics,
    wake: Notify,
    /// Nothing new is started any more.
    stopping: CancellationToken,
    /// What runs has no more time.
    closing: CancellationToken,
    tasks: TaskTracker,
    /// What starts queries, and the queries that run.
    working: TaskTracker,
    running: Mutex<HashMap<String, Running>>,
}

struct Running {
    of_visitor: bool,
    cancel: CancellationToken,
    /// Goes off when its end is written down.
    over: CancellationToken,
    progress: watch::Receiver<Progress>,
}

impl Scheduler {
    #[expect(clippy::too_many_arguments, reason = "wiring happens once")]
    pub(crate) fn new(
        config: &QueriesConfig,
        store: QueryStore,
        results: ResultStore,
        archives: Arc<ArchivesService>,
        clock: Clock,
        entropy: &Entropy,
        metrics: &Metrics,
        stopping: CancellationToken,
        tasks: TaskTracker,
    ) -> Arc<Self> {
        Arc::new(Self {
            process: new_id(entropy),
            config: config.clone(),
            store,
            results,
            archives,
            clock,
            metrics: metrics.clone(),
            wake: Notify::new(),
            stopping,
            closing: CancellationToken::new(),
            tasks,
            working: TaskTracker::new(),
            running: Mutex::default(),
        })
    }

    /// Cleans up after an earlier process, then goes on in the background until `stopping`, and with what runs by then
    /// until it is over or [`Self::give_up`] is called. `alone` says that no other process can have the database open.
    pub(crate) async fn start(self: &Arc<Self>, alone: bool) -> Result<(), sqlx::Error> {
        if alone {
            self.interrupt(true).await?;
            match self.results.sweep() {
                Ok(0) => {}
                Ok(files) => tracing::info!(results.removed = files, "removed what was half written"),
                Err(error) => tracing::warn!("the results folder could not be swept: {error}"),
            }
        }
        self.working.spawn(self.clone().start_queries());
        self.tasks.spawn(self.clone().keep_leases());
        self.tasks.spawn(self.clone().sweep());
        Ok(())
    }

    /// Something may be startable now.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Cancels a query, if it runs in this process; the token goes off when its end is written down.
    pub(crate) fn cancel(&self, id: &str) -> Option<CancellationToken> {
        let running = self.running();
        let running = running.get(id)?;
        running.cancel.cancel();
        Some(running.over.clone())
    }

    /// How far a query is, if it runs in this process.
    pub(crate) fn progress(&self, id: &str) -> Option<watch::Receiver<Progress>> {
        self.running().get(id).map(|running| running.progress.clone())
    }

    fn running(&self) -> MutexGuard<'_, HashMap<String, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn start_queries(self: Arc<Self>) {
        let mut tick = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                () = self.stopping.cancelled() => return,
                () = self.wake.notified() => {}
                _ = tick.tick() => {}
            }
            if let Err(error) = self.start_waiting().await {
                tracing::warn!(fault.chain = %crate::fault::chain(&error), "waiting queries were not started; trying again");
            }
        }
    }

    async fn start_waiting(self: &Arc<Self>) -> Result<(), sqlx::Error> {
        while !self.stopping.is_cancelled() && self.running().len() < self.config.at_once {
            let per_owner = self.config.at_once_per_owner as i64;
            let waiting = self.store.list_startable(per_owner, self.has_place_for_visitors()).await?;
            let mut started = false;
            for id in waiting {
                if self.stopping.is_cancelled() || self.running().len() >= self.config.at_once {
                    break;
                }
                let now = self.clock.now();
                if let Some(row) = self.store.claim(&id, &self.process, now, now + LEASE_S * SECOND).await? {
                    started = true;
                    let of_visitor = is_visitor(&row.owner);
                    self.spawn(row);
                    if of_visitor && !self.has_place_for_visitors() {
                        // The rest of the list may be visitors': users' are asked for alone.
                        break;
                    }
                }
            }
            if !started {
                break;
            }
        }
        Ok(())
    }

    fn has_place_for_visitors(&self) -> bool {
        let running = self.running().values().filter(|running| running.of_visitor).count();
        running < self.config.at_once_of_visitors()
    }

    fn spawn(self: &Arc<Self>, row: QueryRow) {
        let (sender, receiver) = watch::channel(Progress::default());
        let (cancel, over) = (CancellationToken::new(), CancellationToken::new());
        let running = Running {
            of_visitor: is_visitor(&row.owner),
            cancel: cancel.clone(),
            over: over.clone(),
            progress: receiver.clone(),
        };
        self.running().insert(row.id.clone(), running);
        let scheduler = self.clone();
        self.working.spawn(async move {
            let id = row.id.clone();
            // Whatever happens in there, the query ends and its place becomes free.
            let end = AssertUnwindSafe(scheduler.run(row, cancel, sender, receiver)).catch_unwind().await;
            let end = end.unwrap_or_else(|_| {
                let reference = crate::fault::reference();
                tracing::error!(fault.reference = %reference, query.id = %id, "a query panicked");
                let error = app::error::Error::Internal { reference };
                QueryEnd { state: "failed", reason: Some(error.to_string()), ..QueryEnd::default() }
            });
            scheduler.finish(&id, end).await;
            scheduler.running().remove(&id);
            over.cancel();
            scheduler.wake();
        });
    }

    async fn run(
        &self,
        row: QueryRow,
        cancel: CancellationToken,
        progress: watch::Sender<Progress>,
        mut seen: watch::Receiver<Progress>,
    ) -> QueryEnd {
        let failed =
            |reason: String| QueryEnd { state: "failed", reason: Some(reason), ..QueryEnd::default() };
        let Some(archive) = self.archives.archive(&row.archive) else {
            return failed("This archive is not listed any more. Choose another.".to_owned());
        };
        let used = match self.store.count_bytes(&row.owner).await {
            Ok(used) => used.unsigned_abs(),
            Err(error) => return failed(report("counting kept results", &error).to_string()),
        };
        let room_bytes = (self.config.quota_mib << 20).saturating_sub(used);
        let allowance = Allowance { timeout_s: self.config.timeout_s, room_bytes };
        let (store, id, process) = (self.store.clone(), row.id.clone(), self.process.clone());
        let run = Run { row, archive, results: self.results.clone(), allowance, cancel, progress };
        let write_down = async {
            loop {
                tokio::time::sleep(Duration::from_secs(1)).await;
                if seen.has_changed().unwrap_or(false) {
                    let Progress { rows, bytes } = *seen.borrow_and_update();
                    if let Err(error) = store.progress(&id, &process, rows as i64, bytes as i64).await {
                        tracing::debug!("progress was not written: {error}");
                    }
                }
            }
        };
        tokio::select! {
            end = run.into_end() => end,
            () = write_down => failed(String::new()),
        }
    }

    async fn finish(&self, id: &str, end: QueryEnd) {
        // Stopped by us and not by its owner.
        let end = if self.closing.is_cancelled() && end.state == "cancelled" {
            QueryEnd { state: "interrupted", reason: Some(INTERRUPTED.to_owned()), ..QueryEnd::default() }
        } else {
            end
        };
        let now = self.clock.now();
        let end = QueryEnd {
            ended_us: now,
            kept_visitor_until_us: now + self.config.kept_visitor_s * SECOND,
            kept_user_until_us: now + self.config.kept_s * SECOND,
            ..end
        };
        let written = self.write_end(id, &end).await;
        if let (Ok(false), Some(key)) = (written, end.result_key)
            && let Err(error) = self.results.remove(&key).await
        {
            tracing::warn!("a result without a query could not be removed: {error}");
        }
    }

    /// Writes down how a query ended. The result is complete by now: a database that is away for a moment, or a disk
    /// that is full, must not lose it.
    async fn write_end(&self, id: &str, end: &QueryEnd) -> Result<bool, sqlx::Error> {
        let mut tries = 1;
        loop {
            let error = match self.store.finish(id, &self.process, end).await {
                Ok(written) => return Ok(written),
                Err(error) => error,
            };
            if tries == 1 || tries == TRIES {
                report("writing down how a query ended", &error);
            }
            if tries == TRIES || self.closing.is_cancelled() {
                return Err(error);
            }
            tries += 1;
            tokio::select! {
                () = self.closing.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
    }
}

/// Whether an owner, as stores keep it ([`app::asking::Owner::key`]), is a visitor.
pub(crate) fn is_visitor(owner: &str) -> bool {
    owner.starts_with("visitor:")
}
