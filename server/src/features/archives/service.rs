//! The archives that this portal lists, and what is known of their state. No page waits here for a remote archive
//! longer than a moment.

use super::archive::{Archive, Card};
use super::local::{Data, LocalArchive};
use super::remote::{Reach, RemoteArchive};
use super::watch::Watched;
use super::well_known::WELL_KNOWN;
use crate::clock::Clock;
use crate::config::archives::TapConfig;
use crate::config::{Config, Secret};
use crate::metrics::Metrics;
use crate::start::StartError;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::archives::model::{ArchiveDetail, ArchiveView, LONGEST_SEARCH, TableView};
use app::features::archives::port::ArchivesPort;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use tap::{Http, SecretToken};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// Longest name of a table that an archive is asked for, in bytes.
const LONGEST_NAME: usize = 1000;
/// Most tables in one list.
const MOST_TABLES: usize = 300;
/// How long a page waits for what an archive tells for the first time.
const A_MOMENT: Duration = Duration::from_millis(800);

/// The archives.
pub struct ArchivesService {
    archives: Vec<Arc<Watched>>,
    silence: Duration,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl ArchivesService {
    /// The configured archives. Remote ones are asked in the background, a moment after this returns, until `stopping`.
    pub fn new(
        config: &Config,
        clock: &Clock,
        metrics: &Metrics,
        stopping: &CancellationToken,
        tasks: &TaskTracker,
    ) -> std::result::Result<Self, StartError> {
        let mut archives = Vec::new();
        if config.archives.local {
            match LocalArchive::new(Data::Carried) {
                Ok(local) => {
                    let local = Arc::new(local);
                    let tables = local.known().tables().len() as u64;
                    archives.push(Arc::new(Watched::local(local, tables, clock)));
                }
                Err(error) => tracing::warn!("{}", crate::fault::chain(&error)),
            }
        }
        let silence = Duration::from_secs(config.archives.silence_s);
        let http = http(silence)?;
        for (place, (name, tap)) in listed(config).into_iter().enumerate() {
            let reach = reach(config, &name, &tap)?;
            let card = Card {
                name,
                title: tap.title,
                sentence: tap.sentence,
                address: Some(tap.url.trim_end_matches('/').to_owned()),
            };
            let remote = Arc::new(RemoteArchive::new(card, reach, &http, metrics.clone())?);
            let watched = Arc::new(Watched::remote(remote, clock));
            archives.push(watched.clone());
            if config.archives.probe_every_s > 0 {
                let every = Duration::from_secs(config.archives.probe_every_s);
                let place = u32::try_from(place).unwrap_or(u32::MAX);
                tasks.spawn(watched.keep_asking(place, every, stopping.clone()));
            }
        }
        Ok(Self { archives, silence, tasks: tasks.clone(), stopping: stopping.clone() })
    }

    /// One archive; none where it is not listed.
    pub fn archive(&self, name: &str) -> Option<Arc<dyn Archive>> {
        self.watched(name).map(|watched| watched.archive.clone())
    }

    /// All archives, in the order in which they are shown.
    pub fn all(&self) -> impl Iterator<Item = Arc<dyn Archive>> {
        self.archives.iter().map(|watched| watched.archive.clone())
    }

    fn watched(&self, name: &str) -> Option<&Arc<Watched>> {
        self.archives.iter().find(|watched| watched.archive.card().name == name)
    }
}

#[async_trait]
impl ArchivesPort for ArchivesService {
    async fn list(&self, _: &Caller) -> Result<Vec<ArchiveView>> {
        Ok(self.archives.iter().map(|watched| watched.view()).collect())
    }

    async fn show(&self, _: &Caller, archive: &str, search: &str) -> Result<ArchiveDetail> {
        let search: String = search.chars().take(LONGEST_SEARCH).collect();
        let search = search.as_str();
        let watched = self.watched(archive).ok_or(Error::NotFound)?;
        let set = if watched.is_away() && watched.archive.catalogue().is_none() {
            None
        } else {
            // Goes on beside the page where it takes longer than a moment, so that the next look finds it.
            let asked = watched.archive.clone();
            let stopping = self.stopping.clone();
            let load =
                self.tasks.spawn(async move { stopping.run_until_cancelled(asked.tables()).await?.ok() });
            tokio::time::timeout(A_MOMENT, load).await.ok().and_then(std::result::Result::ok).flatten()
        };
        let archive = watched.view();
        let Some(set) = set else {
            return Ok(ArchiveDetail { archive, tables: Vec::new(), matching: 0, credit: None });
        };
        let (tables, matching) = set.search(search, MOST_TABLES);
        Ok(ArchiveDetail {
            archive: ArchiveView { tables: Some(set.tables().len() as u64), ..archive },
            tables: tables.into_iter().map(|table| table.summary()).collect(),
            matching,
            credit: set.credit.clone(),
        })
    }

    async fn table(&self, _: &Caller, archive: &str, table: &str) -> Result<TableView> {
        let watched = self.watched(archive).ok_or(Error::NotFound)?;
        if table.len() > LONGEST_NAME {
            return Err(Error::NotFound);
        }
        let card = watched.archive.card();
        match tokio::time::timeout(self.silence, watched.archive.table(table)).await {
            Ok(Ok(Some(table))) => Ok(table.view()),
            Ok(Ok(None)) => Err(Error::NotFound),
            Ok(Err(fault)) => Err(fault.into_error()),
            Err(_) => Err(Error::Archive(format!(
                "{} did not tell its tables within {} s. Try again later.",
                card.title,
                self.silence.as_secs()
            ))),
        }
    }

    async fn probe(&self, _: &Caller, archive: &str) -> Result<ArchiveView> {
        let watched = self.watched(archive).ok_or(Error::NotFound)?;
        // What it says is in the state.
        let _ = watched.probe().await;
        Ok(watched.view())
    }
}

/// The remote archives by name: well-known ones first, unless configured otherwise under the same name.
fn listed(config: &Config) -> Vec<(String, TapConfig)> {
    let mut own = config.archives.tap.clone();
    let mut listed = Vec::new();
    for known in WELL_KNOWN.iter().filter(|_| config.archives.well_known) {
        let tap = own.remove(known.name).unwrap_or_else(|| TapConfig {
            title: known.title.to_owned(),
            sentence: known.sentence.to_owned(),
            url: known.url.to_owned(),
            token: Secret::default(),
            token_file: None,
            redirect_hosts: known.redirect_hosts.iter().map(|host| (*host).to_owned()).collect(),
        });
        listed.push((known.name.to_owned(), tap));
    }
    listed.extend(own);
    listed
}

fn reach(config: &Config, name: &str, tap: &TapConfig) -> std::result::Result<Reach, StartError> {
    let key = |key: &str| format!("Configuration key archives.tap.{name}.{key}");
    let url = Url::parse(&tap.url).map_err(|error| format!("{}: {error}", key("url")))?;
    let token = match &tap.token_file {
        Some(file) => std::fs::read_to_string(file)
            .map_err(|error| format!("{}: {} cannot be read ({error})", key("token_file"), file.display()))?,
        None => tap.token.expose().to_owned(),
    };
    let token = match token.trim() {
        "" => None,
        token => Some(SecretToken::new(token).map_err(|error| format!("{}: {error}", key("token")))?),
    };
    Ok(Reach {
        url,
        token,
        redirect_hosts: tap.redirect_hosts.clone(),
        silence: Duration::from_secs(config.archives.silence_s),
        answer_time: Duration::from_secs(config.queries.timeout_s),
        answer_mib: config.queries.answer_mib,
    })
}

/// One HTTP client for all archives. Addresses come from the configuration alone, and redirects are judged one by one.
fn http(silence: Duration) -> std::result::Result<Http, StartError> {
    let builder = reqwest::Client::builder()
        .connect_timeout(silence.min(Duration::from_secs(10)))
        .user_agent(concat!("Skyport/", env!("CARGO_PKG_VERSION")));
    Ok(Http::build(builder)?)
}
