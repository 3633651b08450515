//! An empty database of each kind, brought to this version's schema.

use super::servers::Server;
use skyport::config::{Config, Secret};
use skyport::db::{self, Db};

/// A database that is removed with this.
pub struct TestDatabase {
    pub db: Db,
    pub config: Config,
    _folder: tempfile::TempDir,
    _server: Option<Server>,
}

/// SQLite in a folder of its own.
pub async fn sqlite() -> TestDatabase {
    open(Config::default(), None).await
}

/// A PostgreSQL server of its own.
pub async fn postgres() -> TestDatabase {
    let server = tokio::task::spawn_blocking(|| Server::start("postgres", &[])).await.unwrap();
    let mut config = Config::default();
    config.database.url = Secret::new(server.ready["url"].as_str().expect("its address"));
    open(config, Some(server)).await
}

async fn open(mut config: Config, server: Option<Server>) -> TestDatabase {
    let folder = tempfile::tempdir().unwrap();
    config.server.data_folder = folder.path().to_owned();
    let db = db::open(&config).await.unwrap();
    TestDatabase { db, config, _folder: folder, _server: server }
}
