//! `skyport check` against things that are right and things that are not. It looks, and changes nothing.

use crate::support::database;
use crate::support::faulty_provider::{Fault, FaultyProvider, configure};
use skyport::check::find;
use skyport::clock::Clock;
use skyport::config::archives::TapConfig;
use skyport::config::{Config, Secret};
use skyport::db::{self, Schema};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn config(folder: &tempfile::TempDir) -> Config {
    let mut config = Config::default();
    config.server.data_folder = folder.path().join("data");
    config.archives.well_known = false;
    config
}

/// The line about something, as `(state, rest)`.
fn line<'a>(lines: &'a str, what: &str) -> (&'a str, &'a str) {
    let line = lines
        .lines()
        .find(|l| l.contains(&format!(" {what}: ")))
        .unwrap_or_else(|| panic!("{what} in {lines}"));
    let (state, rest) = line.split_once(' ').unwrap();
    (state, rest.trim_start())
}

#[tokio::test]
async fn says_ok_to_what_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let provider = FaultyProvider::start(Clock::system()).await;
    let mut config = config(&folder);
    provider.configure(&mut config);
    std::fs::create_dir_all(folder.path().join("data/results")).unwrap();
    let found = find(&config).await;
    assert!(!found.failed, "{}", found.lines);
    for what in ["database", "sign-in faulty", "results"] {
        assert_eq!(line(&found.lines, what).0, "ok", "{}", found.lines);
    }
    assert_eq!(
        std::fs::read_dir(folder.path().join("data/results")).unwrap().count(),
        0,
        "nothing is left behind"
    );
}

#[tokio::test]
async fn names_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let provider = FaultyProvider::start(Clock::system()).await;
    for (fault, word) in
        [(Fault::OtherIssuerInDiscovery, "unexpected issuer"), (Fault::GiantDiscovery, "longer than")]
    {
        provider.set(fault);
        let mut config = config(&folder);
        provider.configure(&mut config);
        let found = find(&config).await;
        let (state, sentence) = line(&found.lines, "sign-in faulty");
        assert!(found.failed && state == "wrong" && sentence.contains(word), "{}", found.lines);
        assert!(sentence.contains("sign_in.providers.faulty.issuer"), "{}", found.lines);
    }
    let mut away = config(&folder);
    configure(&mut away, "http://127.0.0.1:9");
    let found = find(&away).await;
    assert!(found.failed && line(&found.lines, "sign-in faulty").0 == "wrong", "{}", found.lines);

    let mut no_database = config(&folder);
    no_database.database.url = Secret::new("postgres://me:hunter2@127.0.0.1:9/x");
    no_database.database.acquire_timeout_s = 1;
    let found = find(&no_database).await;
    let (state, sentence) = line(&found.lines, "database");
    assert!(found.failed && state == "wrong" && sentence.contains("127.0.0.1:9"), "{}", found.lines);
    assert!(!found.lines.contains("hunter2"), "{}", found.lines);
}

#[tokio::test]
async fn an_archive_that_is_away_is_only_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder);
    let away = serde_json::json!({"title": "Away", "url": "http://127.0.0.1:9/tap"});
    config.archives.tap.insert("away".to_owned(), serde_json::from_value::<TapConfig>(away).unwrap());
    let found = find(&config).await;
    assert!(!found.failed, "{}", found.lines);
    assert_eq!(line(&found.lines, "archive away").0, "warning", "{}", found.lines);
    assert_eq!(line(&found.lines, "sign-in demo").0, "ok", "{}", found.lines);
}

/// Every file and folder below one, with its bytes.
fn everything_in(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap_or_default();
            if path.is_dir() {
                open.push(path.clone());
            }
            found.insert(path, bytes);
        }
    }
    found
}

/// Takes the newest migration back out of the database's own list, as if it were an older Skyport's.
async fn make_older(config: &Config) {
    let db = db::open(config).await.unwrap();
    let text = "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
    assert_eq!(sqlx::query(text).execute(&db).await.unwrap().rows_affected(), 1);
    db.close().await;
}

#[tokio::test]
async fn looks_at_a_file_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&folder);
    let found = find(&config).await;
    assert!(!found.failed && line(&found.lines, "database").1.contains("is fresh"), "{}", found.lines);
    assert!(line(&found.lines, "results").1.contains("not there yet"), "{}", found.lines);
    assert!(
        everything_in(folder.path()).is_empty(),
        "no file, no folder: {:?}",
        everything_in(folder.path())
    );

    db::open(&config).await.unwrap().close().await;
    std::fs::create_dir_all(folder.path().join("data/results")).unwrap();
    let before = everything_in(folder.path());
    let found = find(&config).await;
    assert!(line(&found.lines, "database").1.contains("has this version's schema"), "{}", found.lines);
    assert!(before == everything_in(folder.path()), "{:?}", everything_in(folder.path()).keys());

    make_older(&config).await;
    let before = everything_in(folder.path());
    let found = find(&config).await;
    let (state, sentence) = line(&found.lines, "database");
    assert!(state == "warning" && sentence.contains("needs migration: 1 pending"), "{}", found.lines);
    assert!(!found.failed, "the next start can do it");
    assert!(before == everything_in(folder.path()), "{:?}", everything_in(folder.path()).keys());
}

#[tokio::test]
async fn looks_at_a_file_that_another_process_writes() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&folder);
    let db = db::open(&config).await.unwrap();
    sqlx::query("CREATE TABLE written_now (id BIGINT)").execute(&db).await.unwrap();
    let log = folder.path().join("data/skyport.db-wal");
    let before =
        (std::fs::read(folder.path().join("data/skyport.db")).unwrap(), std::fs::read(&log).unwrap());
    assert!(!before.1.is_empty(), "what is written stands in the log alone");
    assert_eq!(db::look(&config).await.unwrap(), Schema::Current);
    assert!(
        before
            == (std::fs::read(folder.path().join("data/skyport.db")).unwrap(), std::fs::read(&log).unwrap())
    );
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looks_at_a_server_and_changes_nothing() {
    let database = database::postgres().await;
    let config = &database.config;
    assert_eq!(db::look(config).await.unwrap(), Schema::Current);
    database.db.close().await;

    make_older(config).await;
    for _ in 0..2 {
        assert_eq!(db::look(config).await.unwrap(), Schema::Behind(1), "looking does not migrate");
    }
    let admin = sqlx::AnyPool::connect(config.database.url.expose()).await.unwrap();
    sqlx::query("CREATE DATABASE fresh").execute(&admin).await.unwrap();
    admin.close().await;
    let mut fresh = config.clone();
    let (server, _) = config.database.url.expose().rsplit_once('/').unwrap();
    fresh.database.url = Secret::new(format!("{server}/fresh"));
    for _ in 0..2 {
        assert_eq!(db::look(&fresh).await.unwrap(), Schema::Fresh, "nor makes a table");
    }

    let newer = "UPDATE _sqlx_migrations SET version = 29990101000000 WHERE version = (SELECT MIN(version) FROM _sqlx_migrations)";
    let admin = sqlx::AnyPool::connect(config.database.url.expose()).await.unwrap();
    sqlx::query(newer).execute(&admin).await.unwrap();
    admin.close().await;
    assert!(matches!(db::look(config).await, Err(db::OpenError::Newer { found: 29_990_101_000_000, .. })));
}
