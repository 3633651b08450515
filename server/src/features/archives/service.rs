//! The archives that this portal lists, and what is known of their state.

use crate::clock::Clock;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::start::StartError;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::archives::model::{ArchiveDetail, ArchiveView, TableView};
use app::features::archives::port::ArchivesPort;
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The archives.
pub struct ArchivesService {}

impl ArchivesService {
    /// The configured archives; nothing is asked of them yet.
    pub fn new(
        config: &Config,
        clock: &Clock,
        metrics: &Metrics,
        stopping: &CancellationToken,
        tasks: &TaskTracker,
    ) -> std::result::Result<Self, StartError> {
        let _ = (config, clock, metrics, stopping, tasks);
        Ok(Self {})
    }
}

#[async_trait]
impl ArchivesPort for ArchivesService {
    async fn list(&self, _caller: &Caller) -> Result<Vec<ArchiveView>> {
        Ok(Vec::new())
    }
    async fn show(&self, _caller: &Caller, _archive: &str, _search: &str) -> Result<ArchiveDetail> {
        Err(Error::NotFound)
    }
    async fn table(&self, _caller: &Caller, _archive: &str, _table: &str) -> Result<TableView> {
        Err(Error::NotFound)
    }
    async fn probe(&self, _caller: &Caller, _archive: &str) -> Result<ArchiveView> {
        Err(Error::NotFound)
    }
}
