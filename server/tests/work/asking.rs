//! Questions to the local archive: right rows, or a refusal that says where and why.

use crate::asking_world::{ask, asked, lines, reach, show, try_ask, window};
use crate::place::Place;
use serde_json::json;

pub async fn right_rows(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let adql = "SELECT hip, mag FROM sky.stars WHERE mag < 0 ORDER BY mag";
    let (id, view) = asked(&mut browser, "local", adql).await;
    assert_eq!(
        (&view["rows"], &view["overflow"], &view["reason"]),
        (&json!(4), &json!(null), &json!(null)),
        "{view:#}"
    );
    assert_eq!((view["adql"].as_str(), view["title"].as_str()), (Some(adql), Some(adql)));
    assert_eq!(
        (view["columns"][1]["name"].as_str(), view["columns"][1]["unit"].as_str()),
        (Some("mag"), Some("mag"))
    );
    assert!(view["bytes"].as_u64().unwrap() > 0 && view["has_result"] == true);
    let rows = window(&mut browser, &id, json!({"count": 10, "columns": ["hip"]})).await;
    assert_eq!(
        lines(&rows),
        ["32349", "30438", "69673", "71683"],
        "Sirius, Canopus, Arcturus, Rigil Kentaurus"
    );
    let upside_down =
        json!({"count": 2, "offset": 1, "sort": {"column": "mag", "descending": true}, "columns": ["hip"]});
    assert_eq!(lines(&window(&mut browser, &id, upside_down).await), ["69673", "30438"]);
    let filtered = json!({"count": 10, "filters": [{"column": "mag", "text": "< -0.1"}], "columns": ["hip"]});
    let rows = window(&mut browser, &id, filtered).await;
    assert_eq!(
        (lines(&rows), &rows["rows"], &rows["matching"]),
        (vec!["32349".to_owned(), "30438".to_owned()], &json!(4), &json!(2))
    );
    let plot = json!({"id": id, "question": {"x": "mag"}});
    let plot = browser.call_json("queries/plot", &plot).await.json();
    assert_eq!((&plot["counted"], &plot["missing"]), (&json!(4), &json!(0)), "{plot:#}");

    let (all, _) = asked(&mut browser, "local", "SELECT COUNT(*) AS n FROM sky.stars").await;
    assert_eq!(lines(&window(&mut browser, &all, json!({"count": 1})).await), ["118216"]);
    let list = browser.call("queries/list", &[("offset", "0")]).await.json();
    assert_eq!((list[0].as_array().unwrap().len(), &list[1]), (2, &json!(2)));
    let page = browser.get(&format!("/queries/{id}")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("32349"), "rows stand in the page without any script");
    portal.stop().await;
}

pub async fn what_is_wrong_is_refused_before_it_is_kept(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut browser = portal.browser();
    let unknown = try_ask(&mut browser, "local", "SELECT hip,\n  magg FROM sky.stars").await;
    let fault = &unknown.json()["Adql"];
    assert_eq!(unknown.status, 422, "{unknown:?}");
    assert_eq!(
        (&fault["start"], &fault["end"], &fault["line"], &fault["column"]),
        (&json!(14), &json!(18), &json!(2), &json!(3))
    );
    assert_eq!(fault["nearest"][0], "mag", "{fault:#}");
    let table = try_ask(&mut browser, "local", "SELECT hip FROM sky.star").await.json();
    assert!(table["Adql"]["nearest"].to_string().contains("sky.stars"), "{table:#}");
    let syntax = try_ask(&mut browser, "local", "SELECT hip FROM sky.stars WHERE").await;
    assert_eq!((syntax.status, syntax.json()["Adql"]["line"].as_u64()), (422, Some(1)));

    let long = format!("SELECT hip FROM sky.stars WHERE mag < 1{}", " ".repeat(100_000));
    for (archive, adql, field, word) in [
        ("local", long.as_str(), "adql", "longer"),
        ("local", "  \n ", "adql", "no question"),
        ("local", "SELECT hip FROM sky.stars WHERE hip = '\0'", "adql", "cannot be shown"),
        ("elsewhere", "SELECT 1", "archive", "no such archive"),
        ("lo\0cal", "SELECT 1", "archive", "no such archive"),
    ] {
        let answer = try_ask(&mut browser, archive, adql).await;
        assert_eq!(answer.status, 422, "{answer:?}");
        let fault = &answer.json()["Invalid"][0];
        assert_eq!(fault["field"], field);
        assert!(fault["sentence"].as_str().unwrap().contains(word), "{fault}");
    }
    assert_eq!(portal.count("queries").await, 0, "nothing of it was kept");

    let odd = [("archive", "local"), ("adql", "SELECT TOP 1 hip FROM sky.stars"), ("title", "ن\0جمة 🌟")];
    let id = browser.call("queries/ask", &odd).await.json();
    assert_eq!(show(&mut browser, id.as_str().unwrap()).await["title"], "ن جمة 🌟");
    let long_title = "ü".repeat(300);
    let long_title =
        [("archive", "local"), ("adql", "SELECT TOP 1 hip FROM sky.stars"), ("title", &*long_title)];
    let id = browser.call("queries/ask", &long_title).await.json();
    assert_eq!(show(&mut browser, id.as_str().unwrap()).await["title"], "ü".repeat(200));
    portal.stop().await;
}

pub async fn visitors_get_fewer_rows_and_are_told(place: &Place) {
    let portal = place.portal(|config| config.queries.rows_visitor = 100).await;
    let mut visitor = portal.browser();
    let id = ask(&mut visitor, "local", "SELECT hip FROM sky.stars").await;
    let view = reach(&mut visitor, &id, &["Completed"]).await;
    assert_eq!(view["rows"], 100);
    assert!(view["overflow"].as_str().unwrap().contains("100 rows"), "{view:#}");
    let limits = visitor.call("queries/limits", &[]).await.json();
    assert_eq!((&limits["rows"], &limits["rows_signed_in"]), (&json!(100), &json!(2_000_000)));
    let mut exact = portal.browser();
    let (_, view) = asked(&mut exact, "local", "SELECT TOP 100 hip FROM sky.stars").await;
    assert_eq!(
        (&view["rows"], &view["overflow"]),
        (&json!(100), &json!(null)),
        "exactly the limit is no overflow"
    );
    portal.stop().await;
}
