//! The rules of software: who sees what, and what a search finds.

mod keeping;
mod looking;
mod searching;
mod views;

use super::catalogue::{Catalogues, FolderError};
use super::entry::Entry;
use super::index::Index;
use super::remote::Registries;
use super::room::Room;
use super::store::{OwnRow, SoftwareStore};
use crate::auth::rate::RateLimit;
use crate::clock::{Clock, Entropy, Micros};
use crate::config::{Config, Secret};
use crate::db::Db;
use crate::fault::report;
use crate::features::bookings::PlannedSite;
use crate::sealing::{KeyError, Sealer};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::software::container::{Container, ContainerForm};
use app::features::software::model::{Found, Origin, Question, SoftwareView};
use app::features::software::port::SoftwarePort;
use async_trait::async_trait;
pub use looking::AtRegistry;
use searching::Habits;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Tags that one search can be narrowed by.
const MOST_TAGS: usize = 20;

/// The catalogue, and what users add to it.
pub struct SoftwareService {
    catalogues: Arc<Catalogues>,
    registries: Registries,
    store: SoftwareStore,
    sealer: Sealer,
    clock: Clock,
    entropy: Entropy,
    operators: Vec<String>,
    per_user: i64,
    sites: Vec<Arc<PlannedSite>>,
    /// How often each user asks the registries.
    asked_by: RateLimit,
}

/// An entry that a caller may see.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The entry.
    pub entry: Arc<Entry>,
    /// Where it comes from.
    pub origin: Origin,
    /// When a user added it, UTC microseconds; none for what is in the catalogue.
    pub added_us: Option<Micros>,
    /// When its owner changed it last; none for what is in the catalogue.
    pub changed_us: Option<Micros>,
    /// Whether it is shown first, or to everybody.
    pub featured: bool,
    /// What its image says of itself; empty for what is in the catalogue.
    pub labels: Vec<(String, String)>,
}

/// With what an engine gets an image from a private registry.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The registry.
    pub registry: String,
    /// The user there.
    pub user: String,
    /// The password or token.
    pub secret: Secret,
}

/// Why software could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configured folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The key of held secrets.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl SoftwareService {
    /// Reads the catalogue, for a Skyport with these sites.
    ///
    /// # Errors
    /// Where the configured folder cannot be read, or the key of held secrets.
    pub fn open(
        config: &Config,
        db: &Db,
        clock: &Clock,
        entropy: &Entropy,
        sites: &[Arc<PlannedSite>],
    ) -> Result<Self, StartError> {
        Ok(Self {
            catalogues: Arc::new(Catalogues::open(&config.software, clock)?),
            registries: Registries::new(&config.software),
            store: SoftwareStore::new(db.clone()),
            sealer: Sealer::open(&config.server.data_folder, entropy)?,
            clock: clock.clone(),
            entropy: entropy.clone(),
            operators: config.sign_in.operators(&config.server),
            per_user: i64::try_from(config.software.per_user).unwrap_or(i64::MAX),
            sites: sites.to_vec(),
            asked_by: RateLimit::new(clock, config.software.asks_per_minute),
        })
    }

    /// An entry by its name; none where there is no such entry, or the caller may not see it.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn find(&self, caller: &Caller, name: &str) -> Result<Option<Seen>, sqlx::Error> {
        let catalogue = self.catalogues.current().await;
        if let Some(entry) = catalogue.find(name) {
            let (entry, origin) = (entry.clone(), Origin::Catalogue);
            let featured = entry.featured;
            return Ok(Some(Seen {
                entry,
                origin,
                added_us: None,
                changed_us: None,
                featured,
                labels: Vec::new(),
            }));
        }
        if name.contains('\0') {
            return Ok(None);
        }
        let Some(row) = self.store.find_own(name).await? else { return Ok(None) };
        let Some(origin) = self.origin(caller, &row) else { return Ok(None) };
        let Some(entry) = entry_in(&row) else { return Ok(None) };
        let labels = serde_json::from_str(&row.labels).unwrap_or_default();
        Ok(Some(Seen {
            entry: Arc::new(entry),
            origin,
            added_us: Some(row.added_us),
            changed_us: Some(row.changed_us),
            featured: row.featured != 0,
            labels,
        }))
    }

    /// With what the image of a user's container is got from its private registry; none where it needs nothing. For the
    /// engine alone: whoever runs what is shared with them does not see it.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn credentials(&self, name: &str) -> Result<Option<Credentials>, sqlx::Error> {
        let row = self.store.find_own(name).await?;
        Ok(row.and_then(|row| self.credentials_in(&row)))
    }

    fn credentials_in(&self, row: &OwnRow) -> Option<Credentials> {
        let entry = entry_in(row)?;
        let (registry, _) = entry.image.split_once('/')?;
        let (user, sealed) = (row.registry_user.clone()?, row.sealed.as_deref()?);
        let secret = self.sealer.unseal(&bound_to(&row.owner, &row.name, registry), sealed)?;
        Some(Credentials { registry: registry.to_owned(), user, secret })
    }

    /// Whether the caller runs this Skyport.
    fn is_operator(&self, caller: &Caller) -> bool {
        caller.user().is_ok() && caller.groups.iter().any(|group| self.operators.contains(group))
    }

    /// How the caller comes to see a user's container; none where they do not.
    fn origin(&self, caller: &Caller, row: &OwnRow) -> Option<Origin> {
        let user = caller.user().ok();
        let group = row.shared_with.as_ref().filter(|group| user.is_some() && caller.groups.contains(group));
        if user == Some(row.owner.as_str()) {
            Some(Origin::Mine(row.shared_with.clone()))
        } else if let Some(group) = group {
            Some(Origin::Group(group.clone()))
        } else if row.featured != 0 {
            Some(Origin::Featured)
        } else {
            self.is_operator(caller).then_some(Origin::Others)
        }
    }

    /// Users' containers that the caller sees in a list, each with how.
    async fn others(&self, caller: &Caller) -> Result<Vec<(Arc<Entry>, Origin)>> {
        let user = caller.user().unwrap_or_default();
        let groups = if user.is_empty() { &[][..] } else { caller.groups.as_slice() };
        let rows = self.store.visible(user, groups).await.map_err(|e| report("reading software", &e))?;
        let seen = rows.iter().filter_map(|row| Some((Arc::new(entry_in(row)?), self.origin(caller, row)?)));
        Ok(seen.collect())
    }

    /// The caller runs an entry.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn remember_use(&self, owner: &str, name: &str) -> Result<(), sqlx::Error> {
        self.store.remember_use(owner, name, self.clock.now()).await
    }

    /// What the caller has to do with entries; nothing for visitors.
    async fn habits(&self, caller: &Caller) -> Result<Habits> {
        let Ok(owner) = caller.user() else { return Ok(Habits::default()) };
        let uses = self.store.uses(owner).await.map_err(|e| report("reading what was used", &e))?;
        Ok(Habits { favourites: self.favourites(caller).await?, uses })
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
        // More than a page ever asks for.
        let question =
            &Question { tags: question.tags.iter().take(MOST_TAGS).cloned().collect(), ..question.clone() };
        let (habits, others) = (self.habits(caller).await?, self.others(caller).await?);
        let catalogue = self.catalogues.current().await;
        let room = Room::of(&self.sites, caller);
        let search = searching::Search::new(question, &habits, &room).over(&catalogue.index);
        let origins: HashMap<_, _> =
            others.iter().map(|(entry, origin)| (entry.name.clone(), origin.clone())).collect();
        let index = Index::new(others.into_iter().map(|(entry, _)| entry).collect());
        let search =
            search.over_with(&index, |entry| origins.get(&entry.name).cloned().unwrap_or(Origin::Others));
        Ok(search.page(caller.user().is_ok()))
    }

    async fn show(&self, caller: &Caller, name: &str) -> Result<SoftwareView> {
        let seen = self.find(caller, name).await.map_err(|e| report("reading software", &e))?;
        let seen = seen.ok_or(Error::NotFound)?;
        let favourite = self.favourites(caller).await?.contains(&seen.entry.name);
        Ok(views::view(seen, favourite, caller.user().is_ok(), self.is_operator(caller)))
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

    async fn form(&self, caller: &Caller, change: &str) -> Result<ContainerForm> {
        self.show_form(caller, change).await
    }

    async fn keep(&self, caller: &Caller, container: Container) -> Result<String> {
        self.keep_own(caller, container).await
    }

    async fn remove(&self, caller: &Caller, name: &str) -> Result<()> {
        let owner = caller.user()?;
        if name.contains('\0') {
            return Err(Error::NotFound);
        }
        let removed = self.store.remove_own(owner, name).await;
        if removed.map_err(|e| report("deleting software", &e))? { Ok(()) } else { Err(Error::NotFound) }
    }

    async fn feature(&self, caller: &Caller, name: &str, featured: bool, mark: &str) -> Result<()> {
        caller.user()?;
        if !self.is_operator(caller) {
            return Err(Error::Forbidden);
        }
        let fault = |e: sqlx::Error| report("showing software to everybody", &e);
        let there =
            if name.contains('\0') { None } else { self.store.find_own(name).await.map_err(fault)? };
        there.ok_or(Error::NotFound)?;
        let done = match (featured, mark.parse()) {
            (false, _) => self.store.hide_own(name).await.map_err(fault)?,
            (true, Ok(as_of)) => self.store.feature_own(name, as_of).await.map_err(fault)?,
            (true, Err(_)) => false,
        };
        let changed =
            "Its owner changed it after you opened this page. Look at what it is now, then decide again.";
        if done { Ok(()) } else { Err(Error::field("mark", changed)) }
    }
}

/// The entry of a row; none where a newer Skyport wrote it.
fn entry_in(row: &OwnRow) -> Option<Entry> {
    let entry: Entry = serde_json::from_str(&row.entry).ok()?;
    Some(Entry { featured: row.featured != 0, ..entry })
}

fn bound_to(owner: &str, name: &str, registry: &str) -> String {
    format!("skyport registry secret\n{owner}\n{name}\n{registry}")
}
