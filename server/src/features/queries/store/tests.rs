//! Changes that come too late, or from whom they are not, change nothing. On SQLite; the same texts run on PostgreSQL
//! under the portal's own tests.

use super::{QueryEnd, QueryRow, QueryStore};
use crate::config::Config;
use crate::db::{self, Db};

struct World {
    db: Db,
    store: QueryStore,
    _folder: tempfile::TempDir,
}

async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.server.data_folder = folder.path().to_owned();
    let db = db::open(&config).await.unwrap();
    World { store: QueryStore::new(db.clone()), db, _folder: folder }
}

fn question(id: &str, owner: &str) -> QueryRow {
    QueryRow {
        id: id.to_owned(),
        owner: owner.to_owned(),
        archive: "local".to_owned(),
        title: String::new(),
        adql: String::new(),
        state: "queued".to_owned(),
        row_count: 0,
        byte_count: 0,
        row_limit: 1,
        overflow: None,
        reason: None,
        fault: None,
        result_columns: "[]".to_owned(),
        result_key: None,
        asked_us: 1,
        started_us: None,
        ended_us: None,
        kept_until_us: None,
    }
}

fn completed(key: &str) -> QueryEnd {
    QueryEnd {
        state: "completed",
        rows: 5,
        bytes: 50,
        result_key: Some(key.to_owned()),
        ended_us: 100,
        kept_visitor_until_us: 200,
        kept_user_until_us: 300,
        ..QueryEnd::default()
    }
}

impl World {
    /// A query that this process runs.
    async fn running(&self, id: &str, owner: &str) {
        self.store.insert(&question(id, owner)).await.unwrap();
        self.store.claim(id, "here", 10, 20).await.unwrap().unwrap();
    }

    async fn row(&self, id: &str, owner: &str) -> QueryRow {
        self.store.find(id, owner).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn only_the_process_that_runs_a_query_ends_it() {
    let world = world().await;
    world.running("q", "user:a").await;
    world.store.progress("q", "there", 7, 70).await.unwrap();
    assert!(!world.store.finish("q", "there", &completed("k")).await.unwrap());
    let row = world.row("q", "user:a").await;
    assert_eq!((row.state.as_str(), row.row_count), ("running", 0));
    assert!(world.store.finish("q", "here", &completed("k")).await.unwrap());
    assert_eq!(world.row("q", "user:a").await.kept_until_us, Some(300));
}

#[tokio::test]
async fn an_end_that_is_written_twice_undoes_nothing() {
    let world = world().await;
    world.running("q", "user:a").await;
    assert!(world.store.finish("q", "here", &completed("k")).await.unwrap());
    let mut connection = world.db.acquire().await.unwrap();
    assert!(QueryStore::hold(&mut connection, "q", "user:a").await.unwrap());
    drop(connection);
    assert!(world.store.finish("q", "here", &completed("k")).await.unwrap(), "it is written");
    assert_eq!(world.row("q", "user:a").await.kept_until_us, None, "and still held");
}

#[tokio::test]
async fn what_was_adopted_while_it_ran_is_kept_as_a_users() {
    let world = world().await;
    for (id, owner) in [("q", "visitor:v"), ("p", "visitor:w")] {
        world.running(id, owner).await;
    }
    world.store.adopt("visitor:v", "user:a", 100).await.unwrap();
    for id in ["q", "p"] {
        assert!(world.store.finish(id, "here", &completed(id)).await.unwrap());
    }
    assert_eq!(world.row("q", "user:a").await.kept_until_us, Some(300));
    assert_eq!(world.row("p", "visitor:w").await.kept_until_us, Some(200));
}

#[tokio::test]
async fn held_results_neither_expire_nor_are_removed() {
    let world = world().await;
    world.running("q", "user:a").await;
    world.store.finish("q", "here", &completed("k")).await.unwrap();
    let mut connection = world.db.acquire().await.unwrap();
    assert!(!QueryStore::hold(&mut connection, "q", "user:b").await.unwrap(), "another's");
    assert!(QueryStore::hold(&mut connection, "q", "user:a").await.unwrap());
    drop(connection);
    assert_eq!(world.store.doom_expired(1000, "over").await.unwrap(), 0);
    assert_eq!(world.store.remove("q", "user:a").await.unwrap(), None);
    let mut connection = world.db.acquire().await.unwrap();
    QueryStore::release(&mut connection, "q", "user:b", 2000).await.unwrap();
    QueryStore::release(&mut connection, "q", "user:a", 500).await.unwrap();
    QueryStore::release(&mut connection, "q", "user:a", 900).await.unwrap();
    drop(connection);
    assert_eq!(world.row("q", "user:a").await.kept_until_us, Some(500), "what is not held is not released");
    assert_eq!(world.store.doom_expired(1000, "over").await.unwrap(), 1);
    let mut connection = world.db.acquire().await.unwrap();
    assert!(!QueryStore::hold(&mut connection, "q", "user:a").await.unwrap(), "too late");
    drop(connection);

    // The process ends here; the next one goes on.
    assert_eq!(world.store.doom_expired(1000, "over").await.unwrap(), 0);
    assert_eq!(world.store.list_doomed("").await.unwrap(), [("q".to_owned(), "k".to_owned())]);
    assert!(world.store.has_result("q").await.unwrap(), "its object is not a stray");
    world.store.forget_doomed("q", "other").await.unwrap();
    world.store.forget_doomed("q", "k").await.unwrap();
    assert!(world.store.list_doomed("").await.unwrap().is_empty());
    let row = world.row("q", "user:a").await;
    assert_eq!((row.state.as_str(), row.result_key), ("expired", None));
}

#[tokio::test]
async fn visitors_are_forgotten_and_users_are_not() {
    let world = world().await;
    let failed = QueryEnd { state: "failed", ended_us: 100, ..QueryEnd::default() };
    for (id, owner, end) in [
        ("failed", "visitor:v", Some(&failed)),
        ("kept", "visitor:v", Some(&completed("kept"))),
        ("running", "visitor:v", None),
        ("users", "user:a", Some(&failed)),
    ] {
        world.running(id, owner).await;
        if let Some(end) = end {
            world.store.finish(id, "here", end).await.unwrap();
        }
    }
    assert_eq!(world.store.forget_visitors(100).await.unwrap(), 0, "not yet");
    assert_eq!(world.store.forget_visitors(101).await.unwrap(), 1);
    assert_eq!(world.store.doom_expired(1000, "over").await.unwrap(), 1);
    assert_eq!(world.store.forget_visitors(1000).await.unwrap(), 0, "its object is still there");
    world.store.forget_doomed("kept", "kept").await.unwrap();
    assert_eq!(world.store.forget_visitors(1000).await.unwrap(), 1);
    assert_eq!(world.store.count("visitor:v").await.unwrap(), 1, "what runs");
    assert_eq!(world.store.count("user:a").await.unwrap(), 1);
}

#[tokio::test]
async fn many_waiting_visitors_do_not_hide_a_user() {
    let world = world().await;
    for place in 0..40 {
        let row =
            QueryRow { asked_us: place, ..question(&format!("v{place:02}"), &format!("visitor:{place}")) };
        world.store.insert(&row).await.unwrap();
    }
    let last = QueryRow { asked_us: 99, ..question("u", "user:a") };
    world.store.insert(&last).await.unwrap();
    assert_eq!(world.store.list_startable(2, true).await.unwrap()[0], "v00", "longest waiting first");
    assert_eq!(world.store.list_startable(2, false).await.unwrap(), ["u"]);
}
