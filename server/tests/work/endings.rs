//! How a question ends when the archive does not keep its side: the sentence, and the rows that came before.

use crate::asking_world::{ask, lines, over, try_ask, until, window};
use crate::place::Place;
use crate::slow_tap::SlowTap;
use serde_json::{Value, json};
use skyport::config::Config;

/// Asks a table of the slow archive and waits for the end.
async fn end_of(table: &str, change: impl FnOnce(&mut Config)) -> (Value, Value) {
    let tap = SlowTap::start().await;
    let change = |config: &mut Config| {
        tap.configure(config);
        change(config);
    };
    let portal = Place::sqlite().portal(change).await;
    let mut browser = portal.browser();
    let id = ask(&mut browser, "slow", &format!("SELECT * FROM {table}")).await;
    let view = over(&mut browser, &id).await;
    let rows = if view["has_result"] == true {
        window(&mut browser, &id, json!({"count": 500})).await
    } else {
        Value::Null
    };
    until("the archive is left alone", || async { tap.open() == 0 }).await;
    portal.stop().await;
    (view, rows)
}

async fn fails_with_rows(table: &str, words: &[&str], change: impl FnOnce(&mut Config)) {
    let (view, rows) = end_of(table, change).await;
    let reason = view["reason"].as_str().unwrap_or_default();
    assert_eq!(
        (&view["state"], &view["has_result"], &view["rows"]),
        (&json!("Failed"), &json!(true), &json!(10)),
        "{view:#}"
    );
    assert!(words.iter().all(|word| reason.contains(word)), "{reason}");
    assert_eq!((lines(&rows).len(), lines(&rows)[9].as_str()), (10, "9|9.5|star 9"));
}

async fn fails_without_rows(table: &str, words: &[&str], change: impl FnOnce(&mut Config)) {
    let (view, _) = end_of(table, change).await;
    let reason = view["reason"].as_str().unwrap_or_default();
    assert_eq!(
        (&view["state"], &view["has_result"], &view["rows"]),
        (&json!("Failed"), &json!(false), &json!(0)),
        "{view:#}"
    );
    assert!(words.iter().all(|word| reason.contains(word)), "{reason}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_came_are_kept_when_the_answer_dies() {
    fails_with_rows("breaks", &["Slow Archive", "cut after 10 rows, which are kept"], |_| {}).await;
    fails_with_rows("broken_xml", &["cannot be read after 10 rows, which are kept", "line"], |_| {}).await;
    fails_with_rows("late_error", &["failed after 10 rows", "The disk of the archive broke."], |_| {}).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_came_are_kept_when_time_is_over() {
    fails_with_rows("stalls", &["fell silent for 1 s after 10 rows"], |config| config.archives.silence_s = 1)
        .await;
    fails_with_rows("stalls", &["10 rows"], |config| config.queries.timeout_s = 1).await;
    fails_without_rows("silent", &["Slow Archive", "1 s"], |config| config.queries.timeout_s = 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_table_is_named() {
    fails_without_rows("page", &["answered with a web page", "Welcome to maintenance"], |_| {}).await;
    fails_without_rows("refuses", &["refused the query", "No table today."], |_| {}).await;
    fails_without_rows("busy", &["is busy", "in 7 s"], |_| {}).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_no_end_is_cut() {
    let (view, rows) = end_of("endless", |config| config.queries.rows_visitor = 5000).await;
    assert_eq!(
        (&view["state"], &view["rows"], &rows["rows"]),
        (&json!("Completed"), &json!(5000), &json!(5000)),
        "{view:#}"
    );
    assert!(view["overflow"].as_str().unwrap().contains("5000 rows"), "{view:#}");

    let (view, rows) = end_of("endless", |config| {
        config.queries.rows_visitor = 100_000_000;
        config.queries.answer_mib = 1;
    })
    .await;
    assert_eq!((&view["state"], &view["has_result"]), (&json!("Failed"), &json!(true)), "{view:#}");
    assert!(view["reason"].as_str().unwrap().contains("larger than 1 MiB"), "{view:#}");
    assert!(view["rows"].as_u64().unwrap() > 1000 && view["rows"] == rows["rows"], "{view:#}");

    let (view, _) = end_of("limited", |_| {}).await;
    assert_eq!((&view["state"], &view["rows"]), (&json!("Completed"), &json!(10)));
    assert!(view["overflow"].as_str().unwrap().contains("its own limit"), "{view:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_room_for_results_ends() {
    let portal = Place::sqlite().portal(|config| config.queries.quota_mib = 1).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let id = ask(&mut browser, "local", "SELECT * FROM sky.stars").await;
    let view = over(&mut browser, &id).await;
    assert_eq!(view["state"], "Completed", "{view:#}");
    assert!(
        view["overflow"].as_str().unwrap().starts_with("Your room for kept results ended after"),
        "{view:#}"
    );
    let rows = view["rows"].as_u64().unwrap();
    assert!(rows > 0 && rows < 118_216, "{rows}");
    assert_eq!(window(&mut browser, &id, json!({"count": 1})).await["rows"], rows);
    let refused = try_ask(&mut browser, "local", "SELECT TOP 1 hip FROM sky.stars").await;
    assert_eq!(refused.status, 429, "{refused:?}");
    assert!(refused.json()["Limit"].as_str().unwrap().contains("Remove some in Queries"), "{refused:?}");
    let limits = browser.call("queries/limits", &[]).await.json();
    assert_eq!((&limits["used_bytes"], &limits["quota_bytes"]), (&view["bytes"], &json!(1 << 20)));
    ask(&mut portal.browser(), "local", "SELECT TOP 1 hip FROM sky.stars").await;
    assert_eq!(browser.call("queries/remove", &[("id", &id)]).await.status, 200);
    ask(&mut browser, "local", "SELECT TOP 1 hip FROM sky.stars").await;
    portal.stop().await;
}
