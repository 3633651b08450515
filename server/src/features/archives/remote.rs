//! An archive that speaks TAP. What it tells of its tables is kept in memory; nothing here is asked while a page waits
//! for a list.

mod explain;
mod read;
mod reading;

use super::archive::{Answer, Archive, Card, Probe};
use super::fault::ArchiveFault;
use super::tables::{Table, TableSet};
use crate::metrics::Metrics;
use app::error::AdqlFault;
use async_trait::async_trait;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tap::{Client, Detail, Http, Limits, Options, Redirects, SecretToken, SizeLimit, Timeouts};
use tokio_util::sync::CancellationToken;
use url::Url;

/// Archives with at most so many tables tell their columns beforehand; others when a table is looked at.
const TABLES_WITH_COLUMNS: usize = 400;
/// Redirects followed in one exchange.
const HOPS: usize = 5;

/// How a TAP service is reached.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Base address.
    pub url: Url,
    /// Bearer token.
    pub token: Option<SecretToken>,
    /// Further hosts that it may redirect to.
    pub redirect_hosts: Vec<String>,
    /// Longest silence, and longest time to tell what it is.
    pub silence: Duration,
    /// Longest time for one answer.
    pub answer_time: Duration,
    /// Most MiB of one answer.
    pub answer_mib: u64,
}

/// An archive that speaks TAP.
pub struct RemoteArchive {
    card: Card,
    /// For questions.
    asking: Client,
    /// For what it tells of itself.
    looking: Client,
    silence: Duration,
    answer_mib: u64,
    known: RwLock<Option<Arc<TableSet>>>,
    /// Held by whoever asks for the tables, so that only one does.
    loading: tokio::sync::Mutex<()>,
    metrics: Metrics,
}

impl RemoteArchive {
    /// An archive at this address. Nothing is sent yet.
    ///
    /// # Errors
    /// Where the address cannot be one of a TAP service.
    pub fn new(card: Card, reach: Reach, http: &Http, metrics: Metrics) -> Result<Self, tap::Error> {
        let Reach { url, token, redirect_hosts, silence, answer_time, answer_mib } = reach;
        let client = |timeouts, max_bytes| {
            let limits = Limits { max_bytes, ..Limits::default() };
            let redirects = Redirects::to_hosts(HOPS, redirect_hosts.iter().cloned());
            let client = Client::new(url.clone(), http.clone(), Options { limits, timeouts, redirects })?;
            Ok::<_, tap::Error>(match &token {
                Some(token) => client.with_token(token.clone()),
                None => client,
            })
        };
        let long = Timeouts { first_byte: answer_time, idle: silence, total: answer_time };
        let short = Timeouts { first_byte: silence, idle: silence, total: answer_time };
        Ok(Self {
            card,
            asking: client(long, answer_mib << 20)?,
            looking: client(short, answer_mib << 20)?,
            silence,
            answer_mib,
            known: RwLock::new(None),
            loading: tokio::sync::Mutex::new(()),
            metrics,
        })
    }

    /// The tables as far as they are known now.
    pub fn known(&self) -> Option<Arc<TableSet>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks for the tables anew and keeps them.
    ///
    /// # Errors
    /// Why they cannot be had; what was known stays.
    pub async fn refresh(&self) -> Result<Arc<TableSet>, ArchiveFault> {
        let _one = self.loading.lock().await;
        self.load().await
    }

    async fn load(&self) -> Result<Arc<TableSet>, ArchiveFault> {
        let mut told = self.measured(self.looking.tables(Detail::Min)).await?;
        let (tables, columns) = read::count(&told);
        if columns == 0 && tables <= TABLES_WITH_COLUMNS {
            // Columns are a comfort: an archive that does not tell them here tells them table by table.
            match self.measured(self.looking.tables(Detail::Max)).await {
                Ok(more) if read::count(&more).0 >= tables => told = more,
                Ok(_) => {}
                Err(fault) => {
                    tracing::debug!(archive.name = %self.card.name, "no columns beforehand: {fault}");
                }
            }
        }
        let set = Arc::new(read::table_set(told, self.known().as_deref()));
        self.keep(set.clone());
        Ok(set)
    }

    fn keep(&self, set: Arc<TableSet>) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(set);
    }

    /// Counts and times one exchange.
    async fn measured<T>(
        &self,
        exchange: impl Future<Output = Result<T, tap::Error>>,
    ) -> Result<T, ArchiveFault> {
        let start = Instant::now();
        let answer = exchange.await.map_err(|error| self.fault(error));
        let name = self.card.name.as_str();
        self.metrics.remote_latency.with_label_values(&[name]).observe(start.elapsed().as_secs_f64());
        self.count(answer.as_ref().map_or_else(ArchiveFault::outcome, |_| "ok"));
        answer
    }

    fn count(&self, outcome: &str) {
        self.metrics.remote_calls.with_label_values(&[self.card.name.as_str(), outcome]).inc();
    }

    fn fault(&self, error: tap::Error) -> ArchiveFault {
        explain::fault(&self.card.title, self.answer_mib, error)
    }
}

#[async_trait]
impl Archive for RemoteArchive {
    fn card(&self) -> &Card {
        &self.card
    }

    async fn probe(&self) -> Result<Probe, ArchiveFault> {
        let asked = self.measured(self.looking.capabilities());
        let Ok(answer) = tokio::time::timeout(self.silence, asked).await else {
            self.count("timeout");
            return Err(explain::silent(&self.card.title, self.silence));
        };
        let limit = answer?.output_limit;
        let rows = [limit.hard, limit.default].into_iter().flatten().find_map(|limit| match limit {
            SizeLimit::Rows(rows) => Some(rows),
            SizeLimit::Bytes(_) => None,
        });
        Ok(Probe { tables: self.known().map(|set| set.tables().len() as u64), row_limit: rows })
    }

    async fn tables(&self) -> Result<Arc<TableSet>, ArchiveFault> {
        if let Some(set) = self.known() {
            return Ok(set);
        }
        let _one = self.loading.lock().await;
        match self.known() {
            Some(set) => Ok(set),
            None => self.load().await,
        }
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<Table>>, ArchiveFault> {
        let set = self.tables().await?;
        let Some(table) = set.table(name).cloned() else { return Ok(None) };
        if table.columns.is_some() {
            return Ok(Some(table));
        }
        let columns = match self.measured(self.looking.columns(&table.name)).await {
            Ok(columns) => read::columns(columns),
            Err(ArchiveFault::SaidNo { .. }) => return Ok(None),
            Err(other) => return Err(other),
        };
        let whole = Table { columns: Some(columns), ..Table::clone(&table) };
        // Another may have written meanwhile: start from what is known now.
        let latest = self.known().unwrap_or(set).with_table(whole);
        let table = latest.table(name).cloned();
        self.keep(Arc::new(latest));
        Ok(table)
    }

    fn catalogue(&self) -> Option<Arc<adql::Catalogue>> {
        self.known().map(|set| set.catalogue())
    }

    fn check(&self, adql: &str) -> Option<AdqlFault> {
        explain::certain(adql)
    }

    async fn run(
        &self,
        adql: &str,
        row_limit: u64,
        cancel: CancellationToken,
    ) -> Result<Answer, ArchiveFault> {
        let asked = self.measured(self.asking.query(adql, Some(row_limit), cancel)).await;
        let answer = asked.map_err(|fault| explain::placed(adql, fault, self.known().as_deref()))?;
        Ok(reading::answer(answer, row_limit, self))
    }
}
