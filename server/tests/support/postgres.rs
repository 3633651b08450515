//! A PostgreSQL server of the tests' own, with as many databases as they need.

use super::servers::Server;
use std::sync::atomic::{AtomicUsize, Ordering};

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
