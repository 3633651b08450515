//! The real portal on a free port, with a data folder of its own and a clock that the test moves.

use super::browser::Browser;
use skyport::clock::{Clock, Entropy, Micros, SECOND};
use skyport::config::Config;
use skyport::features::servers::Sites;
use skyport::start::{Skyport, StartError, Surroundings};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A clock that stands, or goes, and can be moved. It starts at the system's time, so that other servers agree with it.
#[derive(Clone)]
pub struct HandClock {
    goes: bool,
    /// The time it stands at; or how far it is before the system's.
    moved: Arc<AtomicI64>,
}

impl HandClock {
    pub fn standing() -> Self {
        Self { goes: false, moved: Arc::new(AtomicI64::new(Clock::system().now())) }
    }

    pub fn going() -> Self {
        Self { goes: true, moved: Arc::default() }
    }

    pub fn clock(&self) -> Clock {
        let this = self.clone();
        Clock::of(move || this.now())
    }

    pub fn now(&self) -> Micros {
        let moved = self.moved.load(Ordering::SeqCst);
        if self.goes { Clock::system().now() + moved } else { moved }
    }

    pub fn forward(&self, seconds: i64) {
        self.moved.fetch_add(seconds * SECOND, Ordering::SeqCst);
    }
}

/// What is not the configuration's to say.
pub struct Setting {
    /// The portal's time.
    pub clock: HandClock,
    /// The sites that make servers; none: those of the configuration.
    pub sites: Option<Sites>,
}

/// A portal that answers until it is stopped or dropped.
pub struct Portal {
    /// Its parts.
    pub skyport: Skyport,
    /// Where it really answers.
    pub address: SocketAddr,
    /// Moves its time.
    pub clock: HandClock,
    /// Its data folder; removed with it.
    pub folder: tempfile::TempDir,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Portal {
    /// A portal with the defaults, changed by `change`: SQLite, the demo issuer on a free port, no remote archives.
    pub async fn start(change: impl FnOnce(&mut Config)) -> Self {
        Self::try_start(change).await.expect("the portal starts")
    }

    /// The same, where starting may fail.
    pub async fn try_start(change: impl FnOnce(&mut Config)) -> Result<Self, StartError> {
        Self::start_in(Setting { clock: HandClock::standing(), sites: None }, change).await
    }

    /// The same with another clock, or other sites.
    pub async fn start_in(setting: Setting, change: impl FnOnce(&mut Config)) -> Result<Self, StartError> {
        let folder = tempfile::tempdir()?;
        let mut config = Config::default();
        config.server.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        config.server.data_folder = folder.path().to_owned();
        config.sign_in.demo_listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        config.archives.well_known = false;
        // Machines take seconds to make: only the tests of servers have a site.
        config.servers.local.enabled = false;
        // The clock stands, and all tests of a portal ask from one address.
        config.queries.asks_per_minute_visitor = 10_000;
        config.queries.asks_per_minute_address = 10_000;
        change(&mut config);
        config.check()?;
        let listener = TcpListener::bind(config.server.listen).await?;
        let address = listener.local_addr()?;
        let Setting { clock, sites } = setting;
        let surroundings = Surroundings { clock: clock.clock(), entropy: Entropy::system(), sites };
        let skyport = Skyport::build(config, address, surroundings).await?;
        let (stop, stopped) = oneshot::channel::<()>();
        let told = async move {
            let _ = stopped.await;
        };
        let served = tokio::spawn(skyport.clone().serve(listener, told));
        Ok(Self { skyport, address, clock, folder, stop: Some(stop), served })
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(self.address, &self.skyport.origin)
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &'static str) -> i64 {
        let text = format!("SELECT COUNT(*) FROM {table}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(text)).fetch_one(&self.skyport.db).await.unwrap()
    }

    /// Stops as after SIGTERM, and waits until it has.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        self.served.await.unwrap().unwrap();
    }
}
