//! The rules of sessions: who may have one, what may be done with it when, and who sees it.

mod accepting;
mod acting;
mod before;
mod reading;
mod views;

use super::craft::{SessionCraft, Troubles};
use super::ending::Ender;
use super::folders::Folders;
use super::homes::Homes;
use super::opening::Opening;
use super::reconciler::Reconciler;
use super::sites::SessionSites;
use super::staging::Products;
use super::staging_task::{Stage, Stagings};
use super::store::{SessionRow, SessionStore, Viewer};
use crate::clock::{Clock, Entropy};
use crate::config::Config;
use crate::config::sessions::SessionsConfig;
use crate::db::Db;
use crate::fault::report;
use crate::features::basket::service::BasketService;
use crate::features::bookings::service::BookingsService;
use crate::features::queries::service::QueriesService;
use crate::features::software::service::SoftwareService;
use crate::following::Watching;
use crate::streams::Streams;
use crate::work::{Runner, WorkStore};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::sessions::model::{Brief, Check, SessionItem, SessionView, SessionsView, Share};
use app::features::sessions::port::SessionsPort;
use async_trait::async_trait;
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Pages of one user that may follow sessions at once; the oldest gives way and looks again by itself.
const STREAMS_PER_USER: usize = 20;

/// The sessions of each user.
pub struct SessionsService {
    config: SessionsConfig,
    store: SessionStore,
    work: WorkStore,
    sites: Arc<SessionSites>,
    bookings: Arc<BookingsService>,
    software: Arc<SoftwareService>,
    folders: Folders,
    homes: Homes,
    stage: Stage,
    ender: Ender,
    runner: Arc<Runner>,
    watching: Watching,
    streams: Arc<Streams>,
    operators: Vec<String>,
    clock: Clock,
    entropy: Entropy,
}

/// Why sessions could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The client of interfaces.
    #[error("What asks whether a session is ready could not be made")]
    Client(#[from] reqwest::Error),
    /// The database.
    #[error("The work that was under way could not be taken up")]
    Database(#[from] sqlx::Error),
}

impl SessionsService {
    /// Takes up what an earlier process left, then goes on in the background until `stopping`.
    ///
    /// # Errors
    /// Where the database is away.
    #[expect(clippy::too_many_arguments, reason = "wiring happens once")]
    pub async fn start(
        config: &Config,
        db: &Db,
        clock: &Clock,
        entropy: &Entropy,
        bookings: Arc<BookingsService>,
        software: Arc<SoftwareService>,
        basket: Arc<BasketService>,
        queries: Arc<QueriesService>,
        opening: Opening,
        stopping: &CancellationToken,
        tasks: &TaskTracker,
    ) -> std::result::Result<Arc<Self>, StartError> {
        let (store, work, watching) =
            (SessionStore::new(db.clone()), WorkStore::new(db.clone()), Watching::new());
        let sites = Arc::new(SessionSites::open(config));
        let settings = config.sessions.clone();
        let folders = Folders::new(config.sessions_folder(), settings.uid, settings.gid);
        let homes = Homes::new(folders.clone(), clock, settings.home_mib);
        let stage = Stage {
            basket,
            queries,
            products: Products::new(config)?,
            folders: folders.clone(),
            store: store.clone(),
            most_bytes: settings.data_mib << 20,
        };
        let craft = Arc::new(SessionCraft {
            store: store.clone(),
            sites: sites.clone(),
            bookings: bookings.clone(),
            software: software.clone(),
            stagings: Stagings::new(stage.clone()),
            folders: folders.clone(),
            homes: homes.clone(),
            watching: watching.clone(),
            opening: opening.clone(),
            clock: clock.clone(),
            config: settings.clone(),
            troubles: Troubles::default(),
            // To containers alone: through nobody's proxy, and nowhere that one of them names.
            client: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
        });
        let at_once = settings.steps_at_once;
        let runner =
            Runner::new("session", craft.clone(), work.clone(), clock, entropy, at_once, stopping, tasks);
        runner.start(config.database_url().starts_with("sqlite:")).await?;
        let ender = Ender {
            store: store.clone(),
            runner: runner.clone(),
            watching: watching.clone(),
            opening,
            clock: clock.clone(),
            entropy: entropy.clone(),
        };
        let reconciler =
            Reconciler { sites: sites.clone(), craft, ender: ender.clone(), memory: Mutex::default() };
        tasks.spawn(reconciler.keep_comparing(settings.reconcile_s, stopping.clone()));
        Ok(Arc::new(Self {
            config: settings,
            store,
            work,
            sites,
            bookings,
            software,
            folders,
            homes,
            stage,
            ender,
            runner,
            watching,
            streams: Streams::new(STREAMS_PER_USER),
            operators: config.sign_in.operators(&config.server),
            clock: clock.clone(),
            entropy: entropy.clone(),
        }))
    }

    /// Who is told what moves: also when a session ends, or is shared no longer.
    pub(crate) fn watching(&self) -> &Watching {
        &self.watching
    }

    /// Everybody's streams of events.
    pub(super) fn streams(&self) -> &Arc<Streams> {
        &self.streams
    }

    /// One of the caller's sessions as the list shows it.
    pub(super) async fn find_item(&self, caller: &Caller, id: &str) -> Result<SessionItem> {
        let row = self.row(caller, id).await?;
        self.item_of(caller, &row).await
    }

    /// A text that is another one when anything moved at what the caller sees.
    pub(super) async fn mark_of(&self, caller: &Caller) -> Result<String> {
        let viewer = viewer(caller)?;
        self.store.mark(&viewer).await.map_err(|e| report("following sessions", &e))
    }

    /// A session that the caller may see: their own, or one that is shared with them. What they may not
    /// see is not found.
    async fn row(&self, caller: &Caller, id: &str) -> Result<SessionRow> {
        let fault = |e: sqlx::Error| report("reading a session", &e);
        let viewer = viewer(caller)?;
        let row = self.known(id).await?;
        if row.owner == viewer.user || self.store.find_share(id, &viewer).await.map_err(fault)?.is_some() {
            return Ok(row);
        }
        Err(Error::NotFound)
    }

    /// The caller's own session; what is not theirs is not found.
    async fn own_row(&self, caller: &Caller, id: &str) -> Result<SessionRow> {
        let user = caller.user()?;
        let row = self.known(id).await?;
        if row.owner == user { Ok(row) } else { Err(Error::NotFound) }
    }

    /// A session, whoever's it is.
    async fn known(&self, id: &str) -> Result<SessionRow> {
        if id.len() > 64 || id.contains('\0') {
            return Err(Error::NotFound);
        }
        let row = self.store.find(id).await.map_err(|e| report("reading a session", &e))?;
        row.ok_or(Error::NotFound)
    }

    /// Whether the caller runs this Skyport.
    fn is_operator(&self, caller: &Caller) -> bool {
        caller.user().is_ok() && caller.groups.iter().any(|group| self.operators.contains(group))
    }
}

/// Who looks.
fn viewer(caller: &Caller) -> Result<Viewer<'_>> {
    Ok(Viewer { user: caller.user()?, groups: &caller.groups })
}

#[async_trait]
impl SessionsPort for SessionsService {
    async fn look_before(&self, caller: &Caller, booking: &str) -> Result<Vec<Check>> {
        self.look_before_one(caller, booking).await
    }

    async fn accept(&self, caller: &Caller, booking: &str) -> Result<String> {
        self.accept_offer(caller, booking).await
    }

    async fn brief(&self, caller: &Caller) -> Result<Brief> {
        self.brief_of(caller).await
    }

    async fn list(&self, caller: &Caller, offset: u64) -> Result<SessionsView> {
        self.list_view(caller, offset).await
    }

    async fn show(&self, caller: &Caller, id: &str) -> Result<SessionView> {
        let row = self.row(caller, id).await?;
        self.session_view(caller, row).await
    }

    async fn extend(&self, caller: &Caller, id: &str, minutes: u32) -> Result<()> {
        let row = self.own_row(caller, id).await?;
        self.extend_one(&row, minutes).await
    }

    async fn end(&self, caller: &Caller, id: &str) -> Result<()> {
        self.end_one(caller, id).await
    }

    async fn dismiss(&self, caller: &Caller, id: &str) -> Result<()> {
        let row = self.own_row(caller, id).await?;
        self.dismiss_one(&row).await
    }

    async fn rename(&self, caller: &Caller, id: &str, title: &str) -> Result<()> {
        let row = self.own_row(caller, id).await?;
        self.rename_one(&row, title.trim()).await
    }

    async fn share(&self, caller: &Caller, id: &str, share: &Share, on: bool) -> Result<()> {
        let row = self.own_row(caller, id).await?;
        self.share_one(caller, &row, share, on).await
    }

    async fn log(&self, caller: &Caller, id: &str) -> Result<String> {
        let row = self.row(caller, id).await?;
        self.last_words(&row).await
    }
}
