//! `skyport check` against things that are right and things that are not.

use crate::support::faulty_provider::{Fault, FaultyProvider, configure};
use skyport::check::find;
use skyport::clock::Clock;
use skyport::config::archives::TapConfig;
use skyport::config::{Config, Secret};

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
