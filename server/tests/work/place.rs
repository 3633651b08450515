//! Where a portal keeps its things: SQLite in its own folder, or a new database of a PostgreSQL server.

use crate::support::portal::Portal;
use crate::support::servers::Server;
use skyport::config::{Config, Secret};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where a portal keeps its things.
#[derive(Clone, Default)]
pub struct Place {
    url: Option<String>,
}

impl Place {
    pub fn sqlite() -> Self {
        Self::default()
    }

    /// The database at this address.
    pub fn at(url: &str) -> Self {
        Self { url: Some(url.to_owned()) }
    }

    /// A new portal there. Connections are few: several portals share one server.
    pub async fn portal(&self, change: impl FnOnce(&mut Config)) -> Portal {
        Portal::start(|config| {
            if let Some(url) = &self.url {
                config.database.url = Secret::new(url);
            }
            change(config);
        })
        .await
    }
}

/// A PostgreSQL server of its own.
pub struct Postgres {
    server: Server,
    databases: AtomicUsize,
}

impl Postgres {
    pub async fn start() -> Self {
        let server = tokio::task::spawn_blocking(|| Server::start("postgres", &[])).await.unwrap();
        Self { server, databases: AtomicUsize::default() }
    }

    /// The server's first database.
    pub fn url(&self) -> &str {
        self.server.ready["url"].as_str().unwrap()
    }

    pub fn port(&self) -> u16 {
        u16::try_from(self.server.ready["port"].as_u64().unwrap()).unwrap()
    }

    /// The address of a new, empty database.
    pub async fn new_database(&self) -> String {
        sqlx::any::install_default_drivers();
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::SeqCst));
        let pool = sqlx::AnyPool::connect(self.url()).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&pool).await.unwrap();
        pool.close().await;
        let (server, _) = self.url().rsplit_once('/').unwrap();
        format!("{server}/{name}")
    }
}
