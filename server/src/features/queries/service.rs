//! The rules of queries.

use crate::clock::{Clock, Entropy};
use crate::config::Config;
use crate::db::Db;
use crate::features::archives::service::ArchivesService;
use crate::metrics::Metrics;
use crate::start::StartError;
use app::asking::Caller;
use app::error::{AdqlFault, Error, Result};
use app::features::queries::model::{
    CompletionView, LimitsView, PlotQuestion, PlotView, QueryView, Question, Target, WindowQuestion,
    WindowView,
};
use app::features::queries::port::QueriesPort;
use async_trait::async_trait;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Queries and results.
pub struct QueriesService {}

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
        let _ = (config, db, clock, entropy, metrics, archives, stopping, tasks);
        Ok(Arc::new(Self {}))
    }

    /// Queries queued or running, of everybody.
    pub async fn count_active(&self) -> i64 {
        0
    }

    /// The caller's queries that are queued or running.
    pub async fn count_running(&self, _caller: &Caller) -> Result<u64> {
        Ok(0)
    }

    /// What a visitor asked becomes the user's.
    pub async fn adopt(&self, _visitor: &str, _user: &str) -> Result<()> {
        Ok(())
    }
}

#[async_trait]
impl QueriesPort for QueriesService {
    async fn ask(&self, _caller: &Caller, _ask: Question) -> Result<QueryView> {
        Err(Error::NotFound)
    }
    async fn list(&self, _caller: &Caller, _offset: u64) -> Result<(Vec<QueryView>, u64)> {
        Ok((Vec::new(), 0))
    }
    async fn show(&self, _caller: &Caller, _id: &str) -> Result<QueryView> {
        Err(Error::NotFound)
    }
    async fn cancel(&self, _caller: &Caller, _id: &str) -> Result<QueryView> {
        Err(Error::NotFound)
    }
    async fn remove(&self, _caller: &Caller, _id: &str) -> Result<()> {
        Err(Error::NotFound)
    }
    async fn window(&self, _caller: &Caller, _id: &str, _question: WindowQuestion) -> Result<WindowView> {
        Err(Error::NotFound)
    }
    async fn plot(&self, _caller: &Caller, _id: &str, _question: PlotQuestion) -> Result<PlotView> {
        Err(Error::NotFound)
    }
    async fn check(&self, _caller: &Caller, _archive: &str, _adql: &str) -> Result<Option<AdqlFault>> {
        Ok(None)
    }
    async fn complete(
        &self,
        _caller: &Caller,
        _archive: &str,
        _adql: &str,
        _at: usize,
    ) -> Result<Vec<CompletionView>> {
        Ok(Vec::new())
    }
    async fn resolve(&self, _caller: &Caller, _text: &str) -> Result<Target> {
        Err(Error::NotFound)
    }
    async fn limits(&self, _caller: &Caller) -> Result<LimitsView> {
        Err(Error::NotFound)
    }
}
