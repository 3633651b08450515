//! The database goes away and comes back: pages keep their frame and say so, and nothing is lost.

use crate::asking_world::{ask, asked, reach, until};
use crate::place::{Place, Postgres};
use crate::proxy::Wire;
use crate::slow_tap::SlowTap;
use skyport::config::Config;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_broke_are_not_noticed() {
    let server = Postgres::start().await;
    let url = server.new_database().await;
    let portal = Place::at(&url).portal(|_| {}).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    asked(&mut browser, "local", "SELECT TOP 1 hip FROM sky.stars").await;
    let killer = sqlx::AnyPool::connect(&url).await.unwrap();
    for path in ["/queries", "/basket", "/account", "/"] {
        let many =
            (0..8).map(|_| browser.clone()).map(|mut browser| async move { browser.get(path).await.status });
        assert!(futures::future::join_all(many).await.iter().all(|status| *status == 200));
        let broken: i64 = sqlx::query_scalar(
            "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_one(&killer)
        .await
        .unwrap();
        assert!(broken > 0);
        assert_eq!(browser.get(path).await.status, 200, "{path}");
        asked(&mut browser, "local", "SELECT TOP 1 hip FROM sky.stars").await;
    }
    killer.close().await;
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn away_and_back() {
    let server = Postgres::start().await;
    let mut wire = Wire::to(server.port()).await;
    let tap = SlowTap::start().await;
    let url = server.url().replace(&format!(":{}/", server.port()), &format!(":{}/", wire.address.port()));
    let change = |config: &mut Config| {
        tap.configure(config);
        config.database.acquire_timeout_s = 1;
    };
    let portal = Place::at(&url).portal(change).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let id = ask(&mut browser, "slow", "SELECT * FROM gated").await;
    until("it runs", || async { tap.open() == 1 }).await;

    wire.cut().await;
    for path in ["/queries", "/basket", &format!("/queries/{id}")] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 503, "{path}: {page:?}");
        assert!(page.header("content-type").starts_with("text/html"), "{page:?}");
        assert!(
            page.body.contains("<main id=\"main\"") && page.body.contains("Reference "),
            "{path}: {}",
            page.body
        );
    }
    let function = browser.call("queries/list", &[("offset", "0")]).await;
    assert_eq!(function.status, 503, "{function:?}");
    assert!(!function.json()["Unavailable"]["reference"].as_str().unwrap().is_empty());
    let download = browser.get(&format!("/queries/{id}/download?format=csv")).await;
    assert!(download.status == 503 && download.body.contains("Reference "), "{download:?}");
    assert_eq!(browser.get("/readyz").await.status, 503);
    assert_eq!(browser.get("/healthz").await.status, 200);
    // The answer is complete while the database is away.
    tap.let_go(1);
    until("the archive is done", || async { tap.open() == 0 }).await;
    assert_eq!(tap.left(), 0);
    assert_eq!(browser.get("/queries").await.status, 503);

    wire.join().await;
    until("the portal is back", || async { browser.clone().get("/queries").await.status == 200 }).await;
    assert_eq!(reach(&mut browser, &id, &["Completed"]).await["rows"], 3, "nothing was lost");
    asked(&mut browser, "slow", "SELECT * FROM quick").await;
    portal.stop().await;
}
