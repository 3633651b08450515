//! The rules of servers: who may have which, and what may be done with one when.

mod acting;
mod choosing;
mod creating;
mod views;

use super::craft::ServerCraft;
use super::reconciler::Reconciler;
use super::sites::Sites;
use super::store::{ServerRow, ServerStore};
use super::tokens::Tokens;
use crate::clock::{Clock, Entropy};
use crate::config::Config;
use crate::config::servers::ServersConfig;
use crate::db::Db;
use crate::fault::report;
use crate::features::keys::service::KeysService;
use crate::following::Watching;
use crate::sealing::{KeyError, Sealer};
use crate::streams::Streams;
use crate::work::{Runner, WorkStore};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::servers::model::{
    CreateServer, NewServerView, ServerAction, ServerItem, ServerView, ServersView,
};
use app::features::servers::port::ServersPort;
use async_trait::async_trait;
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Servers on one page of the list.
const PAGE: i64 = 50;
/// Pages of one user that may follow servers at once; the oldest gives way and looks again by itself.
const STREAMS_PER_USER: usize = 20;
/// How much of a console is shown.
const CONSOLE_BYTES: usize = 64 * 1024;

/// The servers of each user.
pub struct ServersService {
    config: ServersConfig,
    store: ServerStore,
    work: WorkStore,
    sites: Arc<Sites>,
    tokens: Arc<Tokens>,
    keys: Arc<KeysService>,
    runner: Arc<Runner>,
    watching: Watching,
    streams: Arc<Streams>,
    clock: Clock,
    entropy: Entropy,
}

/// Why servers could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The key of held tokens.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database.
    #[error("The work that was under way could not be taken up")]
    Database(#[from] sqlx::Error),
}

impl ServersService {
    /// Takes up what an earlier process left, then goes on in the background until `stopping`.
    #[expect(clippy::too_many_arguments, reason = "wiring happens once")]
    pub async fn start(
        config: &Config,
        db: &Db,
        clock: &Clock,
        entropy: &Entropy,
        sites: Sites,
        keys: Arc<KeysService>,
        stopping: &CancellationToken,
        tasks: &TaskTracker,
    ) -> std::result::Result<Arc<Self>, StartError> {
        let (store, work, watching) =
            (ServerStore::new(db.clone()), WorkStore::new(db.clone()), Watching::new());
        let sealer = Arc::new(Sealer::open(&config.server.data_folder, entropy)?);
        let tokens = Arc::new(Tokens::new(db, sealer, clock));
        let sites = Arc::new(sites);
        let craft = Arc::new(ServerCraft {
            store: store.clone(),
            sites: sites.clone(),
            tokens: tokens.clone(),
            keys: keys.clone(),
            watching: watching.clone(),
            clock: clock.clone(),
            ssh_patience_s: config.servers.ssh_patience_s,
        });
        let at_once = config.servers.steps_at_once;
        let runner = Runner::new("server", craft, work.clone(), clock, entropy, at_once, stopping, tasks);
        runner.start(config.database_url().starts_with("sqlite:")).await?;
        let reconciler = Reconciler {
            store: store.clone(),
            work: work.clone(),
            sites: sites.clone(),
            tokens: tokens.clone(),
            keys: keys.clone(),
            watching: watching.clone(),
            clock: clock.clone(),
            missed: Mutex::default(),
        };
        tasks.spawn(reconciler.keep_comparing(config.servers.reconcile_s, stopping.clone()));
        Ok(Arc::new(Self {
            config: config.servers.clone(),
            store,
            work,
            sites,
            tokens,
            keys,
            runner,
            watching,
            streams: Streams::new(STREAMS_PER_USER),
            clock: clock.clone(),
            entropy: entropy.clone(),
        }))
    }

    /// Who is told what moves.
    pub(super) fn watching(&self) -> &Watching {
        &self.watching
    }

    /// Everybody's streams of events.
    pub(super) fn streams(&self) -> &Arc<Streams> {
        &self.streams
    }

    /// One of the caller's servers as the list shows it.
    pub(super) async fn find_item(&self, caller: &Caller, id: &str) -> Result<ServerItem> {
        let row = self.row(caller, id).await?;
        self.item_of(&row).await
    }

    /// A text that is another one when anything moved at one of the caller's servers.
    pub(super) async fn mark_of(&self, caller: &Caller) -> Result<String> {
        let mark = self.store.mark(caller.user()?).await;
        mark.map_err(|e| report("following servers", &e))
    }

    /// A user signed in with a provider: its access token serves the sites that take it, and work that waited for it
    /// goes on.
    pub async fn signed_in(&self, owner: &str, provider: &str, token: &str) {
        for site in self.sites.all() {
            if site.sign_in_provider() == Some(provider) {
                let kept = self.keep_token(owner, site.key(), token).await;
                if let Err(error) = kept {
                    tracing::warn!(site.key = site.key(), fault.chain = %crate::fault::chain(&error), "a sign-in's token was not kept");
                }
            }
        }
    }

    async fn keep_token(
        &self,
        owner: &str,
        site: &str,
        token: &str,
    ) -> std::result::Result<bool, sqlx::Error> {
        if !self.tokens.keep(owner, site, token).await? {
            return Ok(false);
        }
        self.sites.forget_offers(owner);
        if self.work.resume(owner, site, self.clock.now()).await? > 0 {
            self.runner.wake();
        }
        Ok(true)
    }

    /// The caller's own server; what is not theirs is not found.
    async fn row(&self, caller: &Caller, id: &str) -> Result<ServerRow> {
        let user = caller.user()?;
        if id.len() > 64 || id.contains('\0') {
            return Err(Error::NotFound);
        }
        let row = self.store.find(id).await.map_err(|e| report("reading a server", &e))?;
        row.filter(|row| row.owner == user).ok_or(Error::NotFound)
    }
}

#[async_trait]
impl ServersPort for ServersService {
    async fn list(&self, caller: &Caller, offset: u64) -> Result<ServersView> {
        self.list_view(caller.user()?, offset).await
    }

    async fn choices(&self, caller: &Caller, site: &str) -> Result<NewServerView> {
        self.form_view(caller.user()?, site).await
    }

    async fn create(&self, caller: &Caller, wish: CreateServer) -> Result<Vec<String>> {
        self.write_down(caller.user()?, wish).await
    }

    async fn show(&self, caller: &Caller, id: &str) -> Result<ServerView> {
        self.server_view(self.row(caller, id).await?).await
    }

    async fn act(&self, caller: &Caller, id: &str, action: ServerAction, name: &str) -> Result<()> {
        let row = self.row(caller, id).await?;
        self.act_on(row, action, name.trim()).await
    }

    async fn console(&self, caller: &Caller, id: &str) -> Result<String> {
        let row = self.row(caller, id).await?;
        self.read_console(&row, CONSOLE_BYTES).await
    }

    async fn give_token(&self, caller: &Caller, site: &str, token: String) -> Result<()> {
        let user = caller.user()?;
        self.take_token(user, site, token.trim()).await
    }
}
