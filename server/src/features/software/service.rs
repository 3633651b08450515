//! The rules of software: who sees what, and what a search finds.

mod searching;

use super::catalogue::{Catalogues, FolderError};
use super::entry::Entry;
use super::markdown;
use super::store::SoftwareStore;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::fault::report;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::software::model::{Found, Origin, Question, SoftwareCard, SoftwareView};
use app::features::software::port::SoftwarePort;
use async_trait::async_trait;
use std::collections::HashSet;
use std::sync::Arc;

/// The catalogue, and what users make of it.
pub struct SoftwareService {
    catalogues: Arc<Catalogues>,
    store: SoftwareStore,
    clock: Clock,
}

/// An entry that a caller may see.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The entry.
    pub entry: Arc<Entry>,
    /// Where it comes from.
    pub origin: Origin,
}

impl SoftwareService {
    /// Reads the catalogue.
    ///
    /// # Errors
    /// Where the configured folder cannot be read.
    pub fn open(config: &Config, db: &Db, clock: &Clock) -> Result<Self, FolderError> {
        let catalogues = Arc::new(Catalogues::open(&config.software, clock)?);
        Ok(Self { catalogues, store: SoftwareStore::new(db.clone()), clock: clock.clone() })
    }

    /// An entry by its name; none where there is no such entry, or the caller may not see it.
    pub async fn find(&self, _caller: &Caller, name: &str) -> Result<Option<Seen>, sqlx::Error> {
        let catalogue = self.catalogues.current().await;
        Ok(catalogue.find(name).map(|entry| Seen { entry: entry.clone(), origin: Origin::Catalogue }))
    }

    /// The names of the caller's favourites; none for visitors.
    async fn favourites(&self, caller: &Caller) -> Result<HashSet<String>> {
        let Ok(owner) = caller.user() else { return Ok(HashSet::new()) };
        self.store.favourites(owner).await.map_err(|e| report("reading favourites", &e))
    }
}

#[async_trait]
impl SoftwarePort for SoftwareService {
    async fn search(&self, caller: &Caller, question: &Question) -> Result<Found> {
        let favourites = self.favourites(caller).await?;
        let catalogue = self.catalogues.current().await;
        let found = searching::Search::new(question, &favourites).over(&catalogue.index);
        Ok(found.page(caller.user().is_ok()))
    }

    async fn show(&self, caller: &Caller, name: &str) -> Result<SoftwareView> {
        let seen = self.find(caller, name).await.map_err(|e| report("reading software", &e))?;
        let Seen { entry, origin } = seen.ok_or(Error::NotFound)?;
        let favourite = self.favourites(caller).await?.contains(&entry.name);
        Ok(view(&entry, origin, favourite, caller.user().is_ok()))
    }

    async fn set_favourite(&self, caller: &Caller, name: &str, favourite: bool) -> Result<()> {
        let owner = caller.user()?;
        let fault = |e: sqlx::Error| report("keeping a favourite", &e);
        // One that is gone can be taken off.
        if !favourite && !name.contains('\0') {
            return self.store.remove_favourite(owner, name).await.map_err(fault);
        }
        self.find(caller, name).await.map_err(fault)?.ok_or(Error::NotFound)?;
        self.store.add_favourite(owner, name, self.clock.now()).await.map_err(fault)
    }
}

fn card(entry: &Entry, origin: Origin, favourite: bool) -> SoftwareCard {
    SoftwareCard {
        name: entry.name.clone(),
        title: entry.title.clone(),
        purpose: entry.purpose.clone(),
        kind: entry.kind,
        version: entry.versions.first().map(|v| v.version.clone()).unwrap_or_default(),
        versions: entry.versions.len() as u64,
        tags: entry.tags.clone(),
        domain: entry.domain.clone(),
        minimum: entry.minimum,
        featured: entry.featured,
        favourite,
        origin,
    }
}

fn view(entry: &Entry, origin: Origin, favourite: bool, signed_in: bool) -> SoftwareView {
    SoftwareView {
        card: card(entry, origin, favourite),
        description: markdown::to_html(&entry.description),
        image: entry.image.clone(),
        versions: entry.versions.clone(),
        command: entry.command.clone(),
        interface: entry.interface.clone(),
        recommended: entry.recommended,
        architectures: entry.architectures.clone(),
        licence: entry.licence.clone(),
        citation: entry.citation.clone(),
        source: entry.source.clone(),
        maintainer: entry.maintainer.clone(),
        signed_in,
        may_change: false,
        may_feature: false,
        added_us: None,
    }
}
