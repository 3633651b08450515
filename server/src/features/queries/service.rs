//! The rules of queries: here the parts and the port, below asking, reading and keeping.

mod asking;
mod keeping;
mod reading;

pub use reading::ResultSource;

use super::resolve::Resolver;
use super::result_store::ResultStore;
use super::results::Results;
use super::run::Progress;
use super::scheduler::Scheduler;
use super::store::QueryStore;
use crate::auth::rate::RateLimit;
use crate::clock::{Clock, Entropy};
use crate::config::Config;
use crate::config::queries::QueriesConfig;
use crate::db::Db;
use crate::fault::report;
use crate::features::archives::service::ArchivesService;
use crate::metrics::Metrics;
use crate::start::StartError;
use crate::streams::{OpenStream, Streams};
use app::asking::Caller;
use app::error::{AdqlFault, Result};
use app::features::queries::model::{
    CompletionView, LimitsView, PlotQuestion, PlotView, QueryView, Question, Target, WindowQuestion,
    WindowView,
};
use app::features::queries::port::QueriesPort;
use async_trait::async_trait;
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Queries on one page of the list.
const PAGE: i64 = 50;

/// Queries and results.
pub struct QueriesService {
    config: QueriesConfig,
    store: QueryStore,
    pub(super) results: Results,
    files: ResultStore,
    scheduler: Arc<Scheduler>,
    archives: Arc<ArchivesService>,
    resolver: Resolver,
    asked_by: RateLimit,
    asked_from: RateLimit,
    streams: Arc<Streams>,
    clock: Clock,
    entropy: Entropy,
}

impl QueriesService {
    /// Marks what an earlier process left running as interrupted, then takes questions.
    #[expect(clippy::too_many_arguments, reason = "wiring happens once")]
    pub async fn start(
        config: &Config,
        db: &Db,
        clock: &Clock,
        entropy: &Entropy,
        metrics: &Metrics,
        archives: Arc<ArchivesService>,
        stopping: &CancellationToken,
        tasks: &TaskTracker,
    ) -> std::result::Result<Arc<Self>, StartError> {
        let files = ResultStore::open(config)?;
        let store = QueryStore::new(db.clone());
        let scheduler = Scheduler::new(
            &config.queries,
            store.clone(),
            files.clone(),
            archives.clone(),
            clock.clone(),
            entropy,
            metrics,
            stopping.clone(),
            tasks.clone(),
        );
        scheduler.start(config.database_url().starts_with("sqlite:")).await?;
        Ok(Arc::new(Self {
            config: config.queries.clone(),
            store,
            results: Results::new(files.clone()),
            files,
            scheduler,
            resolver: Resolver::new(config, &archives, metrics)?,
            asked_by: RateLimit::new(clock, config.queries.asks_per_minute_visitor),
            asked_from: RateLimit::new(clock, config.queries.asks_per_minute_address),
            streams: Streams::new(config.queries.streams_per_owner),
            archives,
            clock: clock.clone(),
            entropy: entropy.clone(),
        }))
    }

    /// Queries queued or running, of everybody.
    pub async fn count_active(&self) -> i64 {
        self.store.count_active().await.unwrap_or_default()
    }

    /// The caller's queries that are queued or running.
    pub async fn count_running(&self, caller: &Caller) -> Result<u64> {
        let Some(owner) = caller.owner.key() else { return Ok(0) };
        let count = self.store.count_unfinished(&owner).await;
        count.map(i64::unsigned_abs).map_err(|e| report("counting queries", &e))
    }

    /// Marks what still runs here as interrupted and stops it, since Skyport has no more time. Returns when it has
    /// stopped.
    pub async fn give_up(&self) {
        self.scheduler.give_up().await;
    }

    /// A place among the caller's streams of events; their oldest gives way where there are too many.
    pub(super) fn open_stream(&self, caller: &Caller) -> OpenStream {
        self.streams.open(&caller.owner.key().unwrap_or_default())
    }

    /// How far the query is, where it runs in this process.
    pub(super) fn progress(&self, id: &str) -> Option<watch::Receiver<Progress>> {
        self.scheduler.progress(id)
    }

    /// An archive's name for people.
    pub fn archive_title(&self, name: &str) -> String {
        self.archives.archive(name).map_or_else(|| name.to_owned(), |archive| archive.card().title.clone())
    }
}

#[async_trait]
impl QueriesPort for QueriesService {
    async fn ask(&self, caller: &Caller, ask: Question) -> Result<QueryView> {
        self.write_down(caller, ask).await
    }

    async fn list(&self, caller: &Caller, offset: u64) -> Result<(Vec<QueryView>, u64)> {
        let Some(owner) = caller.owner.key() else { return Ok((Vec::new(), 0)) };
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let fault = |e: sqlx::Error| report("listing queries", &e);
        let rows = self.store.list(&owner, offset, PAGE).await.map_err(fault)?;
        // A first page that is not full is all there is.
        let total = if offset == 0 && (rows.len() as i64) < PAGE {
            rows.len() as u64
        } else {
            self.store.count(&owner).await.map_err(fault)?.unsigned_abs()
        };
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            views.push(self.view(row).await?);
        }
        Ok((views, total))
    }

    async fn show(&self, caller: &Caller, id: &str) -> Result<QueryView> {
        self.view(self.row(caller, id).await?).await
    }

    async fn cancel(&self, caller: &Caller, id: &str) -> Result<QueryView> {
        let row = self.row(caller, id).await?;
        let wanted = self.store.want_cancel(id, &row.owner, self.clock.now()).await;
        wanted.map_err(|e| report("cancelling a query", &e))?;
        if let Some(over) = self.scheduler.cancel(id) {
            // The work ends at once; the page should see that rather than "running".
            let _ = tokio::time::timeout(std::time::Duration::from_secs(2), over.cancelled()).await;
        }
        self.show(caller, id).await
    }

    async fn remove(&self, caller: &Caller, id: &str) -> Result<()> {
        self.forget(caller, id).await
    }

    async fn window(&self, caller: &Caller, id: &str, question: WindowQuestion) -> Result<WindowView> {
        let key = self.result_key(caller, id).await?;
        self.results.window(&key, question).await
    }

    async fn plot(&self, caller: &Caller, id: &str, question: PlotQuestion) -> Result<PlotView> {
        let key = self.result_key(caller, id).await?;
        self.results.plot(&key, question).await
    }

    async fn check(&self, _caller: &Caller, archive: &str, adql: &str) -> Result<Option<AdqlFault>> {
        self.first_fault(archive, adql)
    }

    async fn complete(
        &self,
        _caller: &Caller,
        archive: &str,
        adql: &str,
        at: usize,
    ) -> Result<Vec<CompletionView>> {
        self.completions(archive, adql, at)
    }

    async fn resolve(&self, _caller: &Caller, text: &str) -> Result<Target> {
        self.resolver.resolve(text).await
    }

    async fn limits(&self, caller: &Caller) -> Result<LimitsView> {
        self.limits_of(caller).await
    }
}
