//! Told to stop: queries under way have one deadline, their leases hold until then, and what is left is marked.

use crate::asking_world::{DEADLINE, ask, asked, reach, until};
use crate::place::{Place, Postgres};
use crate::slow_tap::SlowTap;
use skyport::clock::SECOND;
use skyport::config::Config;
use skyport::db::Db;
use std::path::Path;

async fn lease(db: &Db, id: &str) -> i64 {
    let text = "SELECT COALESCE(lease_until_us, 0) FROM queries WHERE id = $1";
    sqlx::query_scalar(text).bind(id).fetch_one(db).await.unwrap()
}

/// State and reason of the only query, as a portal that has stopped left them.
async fn left(folder: &Path) -> (String, String) {
    let url = format!("sqlite://{}", folder.join("skyport.db").display());
    let db = sqlx::AnyPool::connect(&url).await.unwrap();
    let text = "SELECT state, COALESCE(reason, '') FROM queries";
    let found = sqlx::query_as(text).fetch_one(&db).await.unwrap();
    db.close().await;
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_holds_until_the_work_is_done() {
    let tap = SlowTap::start().await;
    let folder = tempfile::tempdir().unwrap();
    let change = |config: &mut Config| {
        tap.configure(config);
        config.server.drain_s = 600;
        config.server.data_folder = folder.path().to_owned();
    };
    let portal = Place::sqlite().portal(change).await;
    let mut browser = portal.browser();
    let id = ask(&mut browser, "slow", "SELECT * FROM gated").await;
    until("it runs", || async { tap.open() == 1 }).await;
    let (db, clock, stopping) =
        (portal.skyport.db.clone(), portal.clock.clone(), portal.skyport.stopping.clone());
    let stopped = tokio::spawn(portal.stop());
    stopping.cancelled().await;
    clock.forward(10);
    let renewed = clock.now() + 15 * SECOND;
    until("its lease is renewed though the portal stops", || async { lease(&db, &id).await == renewed })
        .await;
    tap.let_go(1);
    tokio::time::timeout(DEADLINE, stopped)
        .await
        .expect("it ends with the work, not at the deadline")
        .unwrap();
    assert_eq!(left(folder.path()).await.0, "completed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_done_by_the_deadline_is_marked() {
    let tap = SlowTap::start().await;
    let folder = tempfile::tempdir().unwrap();
    let change = |config: &mut Config| {
        tap.configure(config);
        config.server.drain_s = 1;
        config.server.data_folder = folder.path().to_owned();
    };
    let portal = Place::sqlite().portal(change).await;
    ask(&mut portal.browser(), "slow", "SELECT * FROM gated").await;
    until("it runs", || async { tap.open() == 1 }).await;
    portal.stop().await;
    let (state, reason) = left(folder.path()).await;
    assert_eq!(state, "interrupted");
    assert!(reason.contains("Ask it again"), "{reason}");
    until("the archive is left", || async { tap.left() == 1 }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_in_use_does_not_hold_it_up() {
    let portal = Place::sqlite().portal(|config| config.server.drain_s = 1).await;
    let held = portal.skyport.db.acquire().await.unwrap();
    tokio::time::timeout(DEADLINE, portal.stop()).await.expect("it stops");
    drop(held);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_sweep_does_not_stop_the_leases() {
    let (server, tap) = (Postgres::start().await, SlowTap::start().await);
    let change = |config: &mut Config| {
        tap.configure(config);
        config.queries.kept_s = 120;
    };
    let portal = Place::at(server.url()).portal(change).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let (old, _) = asked(&mut browser, "slow", "SELECT * FROM quick").await;
    let running = ask(&mut browser, "slow", "SELECT * FROM gated").await;
    until("it runs", || async { tap.open() == 1 }).await;
    // Somebody's long transaction holds the row of the result that is to expire.
    let db = &portal.skyport.db;
    let mut transaction = db.begin().await.unwrap();
    let lock = "SELECT id FROM queries WHERE id = $1 FOR UPDATE";
    sqlx::query(lock).bind(&old).fetch_one(&mut *transaction).await.unwrap();
    portal.clock.forward(121);
    let waiting = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted";
    until("the sweep waits", || async {
        sqlx::query_scalar::<_, i64>(waiting).fetch_one(db).await.unwrap() > 0
    })
    .await;
    portal.clock.forward(10);
    let renewed = portal.clock.now() + 15 * SECOND;
    until("the lease is renewed meanwhile", || async { lease(db, &running).await == renewed }).await;
    transaction.rollback().await.unwrap();
    reach(&mut browser, &old, &["Expired"]).await;
    tap.let_go(1);
    reach(&mut browser, &running, &["Completed"]).await;
    portal.stop().await;
}
