//! Texts longer than anybody types cost no more than those that somebody does.

use crate::asking_world::{add, asked};
use crate::place::Place;
use serde_json::json;
use std::fmt::Write as _;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_are_cut_or_refused() {
    let portal = Place::sqlite().portal(|_| {}).await;
    let mut visitor = portal.browser();
    // Only the beginning of a search is looked at, in what is said of archives as in their tables.
    let listed = visitor.call("archives/list", &[]).await.json();
    for words in ["messier", listed[0]["title"].as_str().unwrap()] {
        let search = format!("{words}{}and-something-that-nobody-has", " ".repeat(300));
        let found = visitor.call("archives/search", &[("search", &search)]).await;
        assert_eq!(
            (found.status, found.json()[0]["archive"]["name"].as_str()),
            (200, Some("local")),
            "{words}: {found:?}"
        );
    }

    let long = "x".repeat(100_000);
    let table = visitor.call("archives/table", &[("archive", "local"), ("table", &long)]).await;
    assert_eq!(table.status, 404, "{table:?}");
    assert_eq!(visitor.call("queries/show", &[("id", &long)]).await.status, 404);
    assert_eq!(visitor.call("queries/resolve", &[("text", &long)]).await.status, 422);

    // A selection of a hundred thousand single rows is not kept for a visitor who only might sign in.
    let (id, _) = asked(&mut visitor, "local", "SELECT TOP 5 hip FROM sky.stars").await;
    let mut rows = String::from("0");
    for row in 1..60_000 {
        write!(rows, ",{}", row * 2).unwrap();
    }
    assert_eq!(add(&mut visitor, &id, json!({"Rows": rows})).await.status, 401);
    assert_eq!(visitor.call("basket/remembered", &[("query", &id)]).await.json(), json!(null));
    assert_eq!(add(&mut visitor, &id, json!({"Rows": "0,2"})).await.status, 401);
    assert_eq!(visitor.call("basket/remembered", &[("query", &id)]).await.json(), "0,2");
    portal.stop().await;
}
