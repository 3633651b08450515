//! The list of archives: at once, whatever the remote ones do.

use crate::support::until;
use crate::tap_server::{Character, TapServer};
use app::asking::Caller;
use app::error::Error;
use app::features::archives::model::{ArchiveState, ArchiveView};
use app::features::archives::port::ArchivesPort;
use skyport::clock::Clock;
use skyport::config::Config;
use skyport::config::archives::TapConfig;
use skyport::features::archives::service::ArchivesService;
use skyport::features::archives::well_known::WELL_KNOWN;
use skyport::metrics::Metrics;
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A service that ends its work when dropped.
struct Running {
    service: Arc<ArchivesService>,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

fn start(config: &Config) -> Running {
    let (stopping, tasks) = (CancellationToken::new(), TaskTracker::new());
    let clock = Clock::of(|| 1_000_000);
    let service = ArchivesService::new(config, &clock, &Metrics::new().unwrap(), &stopping, &tasks).unwrap();
    Running { service: Arc::new(service), stopping, tasks }
}

fn config(servers: &[(&str, &TapServer)]) -> Config {
    let mut config = Config::default();
    config.archives.well_known = false;
    config.archives.silence_s = 20;
    for (name, server) in servers {
        let tap = TapConfig {
            title: name.to_uppercase(),
            sentence: String::new(),
            url: server.url.clone(),
            token: skyport::config::Secret::default(),
            token_file: None,
            redirect_hosts: Vec::new(),
        };
        config.archives.tap.insert((*name).to_owned(), tap);
    }
    config
}

async fn list(running: &Running) -> Vec<ArchiveView> {
    running.service.list(&Caller::nobody()).await.unwrap()
}

#[tokio::test]
async fn states_become_known_while_lists_never_wait() {
    let servers = [
        ("closed", TapServer::start(Character::Closed).await),
        ("good", TapServer::start(Character::Good).await),
        ("html", TapServer::start(Character::Html).await),
        ("silent", TapServer::start(Character::Silent).await),
    ];
    let mut config = config(&servers.each_ref().map(|(name, server)| (*name, server)));
    config.archives.probe_every_s = 1;
    config.archives.silence_s = 1;
    let running = start(&config);
    // Nothing has been awaited since the start, so nothing can have been asked.
    let first = list(&running).await;
    assert_eq!(
        first.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(),
        ["local", "closed", "good", "html", "silent"]
    );
    assert!(matches!(first[0].state, ArchiveState::Answering { at_us: 1_000_000 }));
    assert_eq!(first[0].tables, Some(4));
    assert!(first[1..].iter().all(|a| a.state == ArchiveState::NotTried && a.tables.is_none()));

    // On a busy machine even the good one may be late once; it is asked again every second.
    let seen = Mutex::new(Vec::new());
    until("every state", || async {
        let now = list(&running).await;
        let known = now.iter().all(|a| a.state != ArchiveState::NotTried);
        let good = matches!(now[2].state, ArchiveState::Answering { .. }) && now[2].tables.is_some();
        *seen.lock().unwrap() = now;
        known && good
    })
    .await;
    let now = seen.into_inner().unwrap();
    let reason = |at: usize| match &now[at].state {
        ArchiveState::Away { reason, .. } => reason.clone(),
        other => panic!("{}: {other:?}", now[at].name),
    };
    assert!(reason(1).starts_with("CLOSED cannot be reached"), "{}", reason(1));
    assert!(reason(3).contains("a web page"), "{}", reason(3));
    assert!(reason(4).contains("did not begin to answer within 1 s"), "{}", reason(4));
    assert_eq!(now[2].tables, Some(2));

    // An archive that is away shows so at once, without a table.
    let detail = running.service.show(&Caller::nobody(), "closed", "").await.unwrap();
    assert!(detail.tables.is_empty() && matches!(detail.archive.state, ArchiveState::Away { .. }));
    let table = running.service.table(&Caller::nobody(), "html", "t").await;
    assert!(matches!(table, Err(Error::Archive(sentence)) if sentence.contains("web page")));

    running.stopping.cancel();
    running.tasks.close();
    until("the end of the background work", || async { running.tasks.is_empty() }).await;
}

#[tokio::test]
async fn tables_are_found_by_words() {
    let server = TapServer::start(Character::Good).await;
    let running = start(&config(&[("good", &server)]));
    let show = |archive: &'static str, search: &'static str| {
        let service = running.service.clone();
        async move {
            let detail = service.show(&Caller::nobody(), archive, search).await.unwrap();
            assert_eq!(detail.matching, detail.tables.len() as u64);
            detail.tables.into_iter().map(|t| t.name).collect::<Vec<_>>()
        }
    };
    assert_eq!(show("local", "").await, ["sky.stars", "sky.dsos", "sky.messier", "sky.star_names"]);
    assert_eq!(show("local", "MESSIER").await[0], "sky.messier");
    assert_eq!(show("local", "betelgeuse").await, ["sky.star_names"], "a column's description");
    assert_eq!(show("local", "phot.color").await, ["sky.stars", "sky.dsos"], "a column's UCD");
    assert_eq!(show("local", "no such words").await, Vec::<String>::new());
    until("its tables", || async { !show("good", "identifier").await.is_empty() }).await;
    assert_eq!(show("good", "right ascension").await, ["public.basic"]);
    let table = running.service.table(&Caller::nobody(), "good", "public.ident").await.unwrap();
    assert_eq!(table.columns.len(), 1);
    for (archive, table) in [("nowhere", "t"), ("local", "sky.nothing"), ("good", "public.nothing")] {
        let missing = running.service.table(&Caller::nobody(), archive, table).await;
        assert_eq!(missing, Err(Error::NotFound), "{archive} {table}");
    }
    running.stopping.cancel();
}

#[tokio::test]
async fn asking_again_tells_the_change() {
    let server = TapServer::start(Character::Good).await;
    let mut config = config(&[("good", &server)]);
    config.archives.probe_every_s = 0;
    let running = start(&config);
    let nobody = Caller::nobody();
    let probe = || running.service.probe(&nobody, "good");
    assert!(matches!(probe().await.unwrap().state, ArchiveState::Answering { .. }));
    drop(server);
    until("it is away", || async { matches!(probe().await.unwrap().state, ArchiveState::Away { .. }) }).await;
    let missing = running.service.probe(&Caller::nobody(), "nowhere").await;
    assert_eq!(missing, Err(Error::NotFound));
}

#[tokio::test]
async fn the_well_known_are_listed_and_can_be_replaced() {
    let mut config = Config::default();
    config.archives.local = false;
    config.archives.probe_every_s = 0;
    let mine = TapConfig {
        title: "Our Gaia".into(),
        sentence: "A mirror.".into(),
        url: "https://gaia.example.org/tap/".into(),
        token: skyport::config::Secret::new("abc"),
        token_file: None,
        redirect_hosts: Vec::new(),
    };
    config.archives.tap.insert("gaia".into(), mine);
    let listed = list(&start(&config)).await;
    assert_eq!(listed.len(), WELL_KNOWN.len());
    assert!(listed.iter().all(|a| !a.sentence.is_empty() && a.state == ArchiveState::NotTried));
    let gaia = listed.iter().find(|a| a.name == "gaia").unwrap();
    assert_eq!(
        (gaia.title.as_str(), gaia.address.as_deref()),
        ("Our Gaia", Some("https://gaia.example.org/tap"))
    );
    assert!(listed.iter().all(|a| a.address.as_deref().is_some_and(|url| url.starts_with("https://"))));

    let tap = config.archives.tap.get_mut("gaia").unwrap();
    tap.token_file = Some("/nowhere/token".into());
    let (stopping, tasks) = (CancellationToken::new(), TaskTracker::new());
    let refused =
        ArchivesService::new(&config, &Clock::system(), &Metrics::new().unwrap(), &stopping, &tasks);
    let sentence = refused.err().unwrap().to_string();
    assert!(
        sentence.contains("archives.tap.gaia.token_file") && sentence.contains("/nowhere/token"),
        "{sentence}"
    );
}
