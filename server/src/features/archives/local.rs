//! The local archive: DataFusion over the Parquet files that the binary carries. It needs no network and no database.
//!
//! Nothing of the engine exists before the first question, since an idle portal has to stay small.

mod answer;
mod data;
mod description;
mod distance;
mod engine;
mod watch;

use super::archive::{Answer, Archive, Card, Probe};
use super::fault::ArchiveFault;
use super::tables::{Table, TableSet};
use adql::{Options, Translated};
use app::error::AdqlFault;
use async_trait::async_trait;
use description::Description;
use engine::Engine;
use std::sync::{Arc, OnceLock};
use tokio_util::sync::CancellationToken;

pub use data::Data;
pub use distance::SkyDistance;
pub use watch::{Meter, Watch};

/// Most bytes that all questions together may hold at once.
const MEMORY_BYTES: usize = 512 << 20;

/// The local archive.
pub struct LocalArchive {
    card: Card,
    description: Description,
    tables: Arc<TableSet>,
    data: Data,
    engine: OnceLock<Result<Engine, String>>,
    meter: Arc<Meter>,
}

/// The local archive cannot be offered.
#[derive(Debug, thiserror::Error)]
pub enum NoLocalArchive {
    /// The binary was built without its data.
    #[error(
        "This Skyport was built without the data of its local archive. Build it with ./dev run, or set archives.local = false."
    )]
    NotCarried,
    /// The data was made by another version.
    #[error(
        "The data of the local archive is of another version than this Skyport. Build both anew with ./dev run."
    )]
    Unreadable(#[source] super::fault::Cause),
}

impl LocalArchive {
    /// The archive in these files.
    ///
    /// # Errors
    /// Where they are not there, or not in the form that this version reads.
    pub fn new(data: Data) -> Result<Self, NoLocalArchive> {
        let text = data.file("archive.toml").ok_or(NoLocalArchive::NotCarried)?;
        let text = std::str::from_utf8(&text).map_err(|e| NoLocalArchive::Unreadable(e.into()))?;
        let description = Description::read(text).map_err(NoLocalArchive::Unreadable)?;
        let card = Card {
            name: "local".to_owned(),
            title: description.title.clone(),
            sentence: description.sentence.clone(),
            address: None,
        };
        let tables = Arc::new(description.tables());
        Ok(Self { card, description, tables, data, engine: OnceLock::new(), meter: Arc::default() })
    }

    /// Its tables.
    pub fn known(&self) -> &Arc<TableSet> {
        &self.tables
    }

    /// What its questions do at the moment.
    pub fn meter(&self) -> &Arc<Meter> {
        &self.meter
    }

    fn engine(&self) -> Result<&Engine, ArchiveFault> {
        let start = || Engine::start(&self.description, &self.data, MEMORY_BYTES).map_err(|e| e.to_string());
        self.engine.get_or_init(start).as_ref().map_err(|reason| ArchiveFault::Internal {
            archive: self.card.title.clone(),
            source: reason.clone().into(),
        })
    }

    fn translate(&self, adql: &str, max_rows: Option<u64>) -> Result<Translated, AdqlFault> {
        adql::parse(adql)
            .and_then(|query| adql::translate(&query, &self.tables.catalogue(), Options { max_rows }))
            .map_err(|error| super::fault::adql_fault(adql, &error))
    }
}

#[async_trait]
impl Archive for LocalArchive {
    fn card(&self) -> &Card {
        &self.card
    }

    async fn probe(&self) -> Result<Probe, ArchiveFault> {
        Ok(Probe { tables: Some(self.tables.tables().len() as u64), row_limit: None })
    }

    async fn tables(&self) -> Result<Arc<TableSet>, ArchiveFault> {
        Ok(self.tables.clone())
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<Table>>, ArchiveFault> {
        Ok(self.tables.table(name).cloned())
    }

    fn catalogue(&self) -> Option<Arc<adql::Catalogue>> {
        Some(self.tables.catalogue())
    }

    fn check(&self, adql: &str) -> Option<AdqlFault> {
        self.translate(adql, None).err()
    }

    async fn run(
        &self,
        adql: &str,
        row_limit: u64,
        cancel: CancellationToken,
    ) -> Result<Answer, ArchiveFault> {
        let translated =
            self.translate(adql, Some(row_limit.saturating_add(1))).map_err(ArchiveFault::Adql)?;
        let watch = Watch::new(cancel.child_token(), self.meter.clone());
        answer::answer(self.engine()?, translated, row_limit, watch, &self.card.title).await
    }
}
