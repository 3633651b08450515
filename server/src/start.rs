//! Puts the parts together and serves until told to stop.

use crate::auth::Auth;
use crate::clock::{Clock, Entropy};
use crate::config::Config;
use crate::db::{self, Db};
use crate::features::{
    account::service::AccountService, archives::service::ArchivesService, basket::service::BasketService,
    bookings::service::BookingsService, keys::service::KeysService, plan::service::PlanService,
    queries::service::QueriesService, servers::Sites, servers::service::ServersService,
    sessions::opening::Opening, sessions::service::SessionsService, software::service::SoftwareService,
};
use crate::http::{assets, router};
use crate::metrics::Metrics;
use crate::providers;
use app::asking::Ports;
use app::frame::assets::Assets;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What is left at the end of the drain has this long to be marked and stopped, and the database as long to be closed.
const CLOSING: Duration = Duration::from_secs(5);

/// What every request can reach. Cheap to clone.
#[derive(Clone)]
pub struct Skyport(Arc<Parts>);

/// The parts of a running portal.
pub struct Parts {
    /// The configuration in force.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// What is counted.
    pub metrics: Metrics,
    /// Names of the site's files.
    pub assets: Assets,
    /// The address people type, without a trailing slash.
    pub origin: String,
    /// Whether that address is https.
    pub secure: bool,
    /// Sign-in.
    pub auth: Auth,
    /// Queries and results.
    pub queries: Arc<QueriesService>,
    /// The basket.
    pub basket: Arc<BasketService>,
    /// Access keys.
    pub keys: Arc<KeysService>,
    /// Servers.
    pub servers: Arc<ServersService>,
    /// The catalogue of software.
    pub software: Arc<SoftwareService>,
    /// Bookings.
    pub bookings: Arc<BookingsService>,
    /// Sessions.
    pub sessions: Arc<SessionsService>,
    /// The way into sessions.
    pub opening: Opening,
    /// All ports, for the pages.
    pub ports: Ports,
    /// Goes off when Skyport is told to stop.
    pub stopping: CancellationToken,
    /// Work that goes on beside requests.
    pub tasks: TaskTracker,
}

impl std::ops::Deref for Skyport {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The outside world of a portal, handed in by `main` or by a test.
pub struct Surroundings {
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// The sites that make servers; none: those of the configuration.
    pub sites: Option<Sites>,
}

impl Surroundings {
    /// The system's.
    pub fn system() -> Self {
        Self { clock: Clock::system(), entropy: Entropy::system(), sites: None }
    }
}

/// Any reason not to start.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

impl Skyport {
    /// Opens the database and builds every part, for a portal that listens on `bound`.
    pub async fn build(
        config: Config,
        bound: SocketAddr,
        surroundings: Surroundings,
    ) -> Result<Self, StartError> {
        let Surroundings { clock, entropy, sites } = surroundings;
        // Pages render on tokio. A second portal in one process (tests) finds that said already.
        let _ = any_spawner::Executor::init_tokio();
        std::fs::create_dir_all(&config.server.data_folder)?;
        let db = db::open(&config).await?;
        let metrics = Metrics::new()?;
        let origin = config.server.origin(bound);
        let (stopping, tasks) = (CancellationToken::new(), TaskTracker::new());
        let archives = Arc::new(ArchivesService::new(&config, &clock, &metrics, &stopping, &tasks)?);
        let queries = QueriesService::start(
            &config,
            &db,
            &clock,
            &entropy,
            &metrics,
            archives.clone(),
            &stopping,
            &tasks,
        )
        .await?;
        let basket = Arc::new(BasketService::new(&db, &clock, &entropy, queries.clone()));
        let keys = Arc::new(KeysService::new(&db, &clock, &entropy));
        let bookings = BookingsService::start(&config, &db, &clock, &entropy, &origin, &stopping, &tasks)?;
        let software = Arc::new(SoftwareService::open(&config, &db, &clock, &entropy, bookings.sites())?);
        let sites = match sites {
            Some(sites) => sites,
            None => Sites::new(providers::open(&config).await?),
        };
        let servers =
            ServersService::start(&config, &db, &clock, &entropy, sites, keys.clone(), &stopping, &tasks)
                .await?;
        let plan =
            Arc::new(PlanService::new(bookings.clone(), software.clone(), basket.clone(), &clock, &entropy));
        let opening = Opening::new(&config, &db, &clock, &entropy, &origin);
        let sessions = SessionsService::start(
            &config,
            &db,
            &clock,
            &entropy,
            bookings.clone(),
            software.clone(),
            basket.clone(),
            queries.clone(),
            opening.clone(),
            &stopping,
            &tasks,
        )
        .await?;
        let auth = Auth::start(
            &config,
            &db,
            &clock,
            &entropy,
            &metrics,
            &origin,
            queries.clone(),
            servers.clone(),
            &stopping,
            &tasks,
        )
        .await?;
        opening.watch(&auth, &stopping, &tasks);
        let account =
            Arc::new(AccountService::new(auth.clone(), queries.clone(), basket.clone(), sessions.clone()));
        let ports = Ports {
            account,
            archives,
            basket: basket.clone(),
            bookings: bookings.clone(),
            keys: keys.clone(),
            plan,
            queries: queries.clone(),
            servers: servers.clone(),
            sessions: sessions.clone(),
            software: software.clone(),
        };
        let secure = origin.starts_with("https");
        Ok(Self(Arc::new(Parts {
            config,
            db,
            clock,
            entropy,
            metrics,
            assets: assets::names(),
            origin,
            secure,
            auth,
            queries,
            basket,
            keys,
            servers,
            software,
            bookings,
            sessions,
            opening,
            ports,
            stopping,
            tasks,
        })))
    }

    /// Answers on the listener until `stop` is done, then lets requests and queries under way finish, all until one
    /// deadline (`server.drain_s` after `stop`), and ends what is left.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let app = router::router(&self).into_make_service_with_connect_info::<SocketAddr>();
        let stopping = self.stopping.clone();
        let signal = async move {
            stop.await;
            stopping.cancel();
        };
        let drain = Duration::from_secs(self.config.server.drain_s);
        let deadline = async {
            self.stopping.cancelled().await;
            tokio::time::sleep(drain).await;
        };
        tokio::pin!(deadline);
        let served = tokio::select! {
            served = axum::serve(listener, app).with_graceful_shutdown(signal) => Some(served),
            () = &mut deadline => None,
        };
        // Also where serving itself failed.
        self.stopping.cancel();
        self.tasks.close();
        let drain_s = drain.as_secs();
        if served.is_some() {
            tokio::select! {
                () = self.tasks.wait() => {}
                () = &mut deadline => tracing::warn!("some work did not finish within {drain_s} s and was cut"),
            }
        } else {
            tracing::warn!("some requests did not finish within {drain_s} s and were cut");
        }
        if tokio::time::timeout(CLOSING, self.queries.give_up()).await.is_err() {
            tracing::warn!("queries under way did not stop in time");
        }
        if tokio::time::timeout(CLOSING, self.db.close()).await.is_err() {
            tracing::warn!("connections to the database were still in use and were cut");
        }
        served.unwrap_or(Ok(()))
    }
}

/// `skyport serve`.
pub async fn serve(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind(config.server.listen).await.map_err(|error| {
        format!(
            "Cannot listen on {} ({error}). Is another Skyport running? Set [server] listen to another port",
            config.server.listen
        )
    })?;
    let bound = listener.local_addr()?;
    let _alone = db::serve_alone(&config)?;
    let skyport = Skyport::build(config, bound, Surroundings::system())
        .await
        .map_err(|e| e as Box<dyn std::error::Error>)?;
    say_where(&skyport);
    skyport.serve(listener, told_to_stop()).await?;
    tracing::info!("stopped");
    Ok(())
}

/// For the person at the terminal, on standard output.
fn say_where(skyport: &Skyport) {
    println!("Skyport answers at {}", skyport.origin);
    if let Some(issuer) = skyport.auth.demo_issuer() {
        println!(
            "Sign in there as `astronomer` or `operator`: this is a demo with its own issuer at {issuer}, for this machine alone."
        );
    }
    tracing::info!(server.origin = %skyport.origin, "ready");
}

async fn told_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
