//! Starts waiting queries, keeps their leases, and cleans up after processes that are gone.
//!
//! Every process has one scheduler. It wakes when something was asked or ended here, and every few seconds for what
//! other processes did. A query runs under a lease that its process renews; when the lease is over, any process marks
//! the query as interrupted: a synchronous query cannot be taken up again, only asked again.

use super::result_store::ResultStore;
use super::run::{Allowance, Progress, Run};
use super::store::{QueryEnd, QueryRow, QueryStore};
use crate::clock::{Clock, Entropy, SECOND};
use crate::config::queries::QueriesConfig;
use crate::fault::report;
use crate::features::archives::service::ArchivesService;
use crate::ids::new_id;
use futures::FutureExt as _;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A lease lasts this long; it is renewed three times in it.
const LEASE_S: i64 = 15;
const TICK: Duration = Duration::from_secs(5);
/// How often what is over is looked for.
const EXPIRE_US: i64 = 60 * SECOND;
/// How often the end of a query is tried to be written down, a second apart: longer than its lease, so that either this
/// succeeds or another process has marked the query.
const TRIES: u32 = 60;
const INTERRUPTED: &str = "Skyport was stopped while this ran. Ask it again.";
const EXPIRED: &str =
    "The result was kept as long as was promised and is gone. Ask it again to have it anew.";

/// Starts waiting queries and keeps order among them.
pub(crate) struct Scheduler {
    process: String,
    config: QueriesConfig,
    store: QueryStore,
    results: ResultStore,
    archives: Arc<ArchivesService>,
    clock: Clock,
    wake: Notify,
    stopping: CancellationToken,
    tasks: TaskTracker,
    running: Mutex<HashMap<String, Running>>,
}

struct Running {
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
            wake: Notify::new(),
            stopping,
            tasks,
            running: Mutex::default(),
        })
    }

    /// Cleans up after an earlier process, then goes on in the background until `stopping`. `alone` says that no
    /// other process can have the database open.
    pub(crate) async fn start(self: &Arc<Self>, alone: bool) -> Result<(), sqlx::Error> {
        if alone {
            self.interrupt(true).await?;
            match self.results.sweep() {
                Ok(0) => {}
                Ok(files) => tracing::info!(results.removed = files, "removed what was half written"),
                Err(error) => tracing::warn!("the results folder could not be swept: {error}"),
            }
        }
        let scheduler = self.clone();
        self.tasks.spawn(async move { scheduler.work().await });
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

    async fn work(self: Arc<Self>) {
        let mut tick = tokio::time::interval(TICK);
        let mut expired_us = None;
        loop {
            let ticked = tokio::select! {
                () = self.stopping.cancelled() => return,
                () = self.wake.notified() => false,
                _ = tick.tick() => true,
            };
            let done = async {
                if ticked {
                    self.keep_leases().await?;
                    self.interrupt(false).await?;
                    let now = self.clock.now();
                    if expired_us.is_none_or(|at| now - at >= EXPIRE_US) {
                        self.expire().await?;
                        expired_us = Some(now);
                    }
                }
                self.start_waiting().await
            };
            if let Err(error) = done.await {
                tracing::warn!(fault.chain = %crate::fault::chain(&error), "the query scheduler goes on after a fault");
            }
        }
    }

    async fn start_waiting(self: &Arc<Self>) -> Result<(), sqlx::Error> {
        while self.running().len() < self.config.at_once {
            let waiting = self.store.list_startable(self.config.at_once_per_owner as i64).await?;
            let mut started = false;
            for id in waiting {
                if self.running().len() >= self.config.at_once {
                    break;
                }
                let now = self.clock.now();
                if let Some(row) = self.store.claim(&id, &self.process, now, now + LEASE_S * SECOND).await? {
                    started = true;
                    self.spawn(row);
                }
            }
            if !started {
                break;
            }
        }
        Ok(())
    }

    fn spawn(self: &Arc<Self>, row: QueryRow) {
        let (sender, receiver) = watch::channel(Progress::default());
        let (cancel, over) = (CancellationToken::new(), CancellationToken::new());
        let running = Running { cancel: cancel.clone(), over: over.clone(), progress: receiver.clone() };
        self.running().insert(row.id.clone(), running);
        let scheduler = self.clone();
        self.tasks.spawn(async move {
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
        let (store, id) = (self.store.clone(), row.id.clone());
        let run = Run { row, archive, results: self.results.clone(), allowance, cancel, progress };
        let write_down = async {
            loop {
                tokio::time::sleep(Duration::from_secs(1)).await;
                if seen.has_changed().unwrap_or(false) {
                    let Progress { rows, bytes } = *seen.borrow_and_update();
                    if let Err(error) = store.progress(&id, rows as i64, bytes as i64).await {
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
        let now = self.clock.now();
        let visitor_s = self.config.kept_visitor_s;
        let kept_s = match self.store.owner_of(id).await {
            Ok(Some(owner)) if owner.starts_with("visitor:") => visitor_s,
            _ => self.config.kept_s,
        };
        let kept_until_us = end.result_key.is_some().then_some(now + kept_s * SECOND);
        let key = end.result_key.clone();
        let end = QueryEnd { ended_us: now, kept_until_us, ..end };
        let written = self.write_end(id, &end).await;
        if let (Ok(false), Some(key)) = (written, key)
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
            let error = match self.store.finish(id, end).await {
                Ok(written) => return Ok(written),
                Err(error) => error,
            };
            if tries == 1 || tries == TRIES {
                report("writing down how a query ended", &error);
            }
            if tries == TRIES || self.stopping.is_cancelled() {
                return Err(error);
            }
            tries += 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn keep_leases(&self) -> Result<(), sqlx::Error> {
        let running: Vec<String> = self.running().keys().cloned().collect();
        if running.is_empty() {
            return Ok(());
        }
        let until = self.clock.now() + LEASE_S * SECOND;
        for id in self.store.renew(&self.process, &running, until).await? {
            self.cancel(&id);
        }
        Ok(())
    }

    async fn interrupt(&self, everyone: bool) -> Result<(), sqlx::Error> {
        for id in self.store.interrupt(self.clock.now(), everyone, INTERRUPTED).await? {
            tracing::info!(query.id = %id, "a query was interrupted when its process ended");
        }
        Ok(())
    }

    /// Removes results whose time is over, and files that belong to no query.
    async fn expire(&self) -> Result<(), sqlx::Error> {
        for (id, key) in self.store.list_expired(self.clock.now()).await? {
            match self.results.remove(&key).await {
                Ok(()) => self.store.mark_expired(&id, EXPIRED).await?,
                Err(error) => {
                    tracing::warn!(query.id = %id, "an expired result could not be removed: {error}");
                }
            }
        }
        let files = match self.results.list().await {
            Ok(files) => files,
            Err(error) => {
                tracing::warn!("the results could not be listed: {error}");
                return Ok(());
            }
        };
        for (id, key) in files {
            if !self.store.has_result(&id).await? {
                tracing::info!(query.id = %id, "removing a result that no query has");
                if let Err(error) = self.results.remove(&key).await {
                    tracing::warn!("it could not be removed: {error}");
                }
            }
        }
        for (id, file) in self.results.half_written().unwrap_or_default() {
            if !self.store.is_running(&id).await? {
                tracing::info!(query.id = %id, "removing what a process left half written");
                if let Err(error) = std::fs::remove_file(&file) {
                    tracing::warn!("it could not be removed: {error}");
                }
            }
        }
        Ok(())
    }
}
