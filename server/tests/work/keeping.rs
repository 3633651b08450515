//! How long results are kept, and what removing, expiring and signing in do to them.

use crate::asking_world::{add, asked, reach, result_files, show, until, window};
use crate::place::Place;
use serde_json::json;

const STARS: &str = "SELECT TOP 5 hip, mag FROM sky.stars ORDER BY mag";

pub async fn removed_is_gone(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut browser = portal.browser();
    let (id, _) = asked(&mut browser, "local", STARS).await;
    assert_eq!(result_files(&portal).len(), 1);
    assert_eq!(browser.call("queries/remove", &[("id", &id)]).await.status, 200);
    assert!(result_files(&portal).is_empty());
    assert_eq!(browser.call("queries/show", &[("id", &id)]).await.status, 404);
    assert_eq!(browser.call("queries/remove", &[("id", &id)]).await.status, 404);
    assert_eq!(browser.get(&format!("/queries/{id}")).await.status, 404);
    portal.stop().await;
}

pub async fn expires_as_promised(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut visitor = portal.browser();
    let mut user = portal.browser();
    user.sign_in("astronomer").await;
    let (short, view) = asked(&mut visitor, "local", STARS).await;
    assert_eq!(view["kept_until_us"].as_i64().unwrap() - view["ended_us"].as_i64().unwrap(), 86_400_000_000);
    let (long, _) = asked(&mut user, "local", STARS).await;
    let stray = portal.folder.path().join("results/0123456789abcdef");
    std::fs::create_dir_all(&stray).unwrap();
    std::fs::write(stray.join("nobodysresultabcdefghjkm.parquet"), "PAR1").unwrap();
    std::fs::write(stray.join("not-one-of-ours.parquet"), "PAR1").unwrap();
    std::fs::write(stray.join("unfinished.parquet#1"), "PAR1").unwrap();
    assert_eq!(result_files(&portal).len(), 5);

    portal.clock.forward(86_401);
    let view = reach(&mut visitor, &short, &["Expired"]).await;
    assert!(view["reason"].as_str().unwrap().contains("Ask it again"), "{view:#}");
    assert_eq!(
        (&view["has_result"], &view["bytes"], view["adql"].as_str()),
        (&json!(false), &json!(0), Some(STARS))
    );
    let gone = json!({"id": short, "question": {"count": 1}});
    assert_eq!(visitor.call_json("queries/window", &gone).await.status, 404);
    assert_eq!(visitor.get(&format!("/queries/{short}/download?format=csv")).await.status, 404);
    until("only what somebody has stays", || async { result_files(&portal).len() == 2 }).await;
    assert!(stray.join("not-one-of-ours.parquet").exists());
    assert_eq!(window(&mut user, &long, json!({"count": 1})).await["rows"], 5);
    portal.stop().await;
}

pub async fn a_visitors_become_the_users(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut browser = portal.browser();
    let (id, before) = asked(&mut browser, "local", STARS).await;
    let wanted = add(&mut browser, &id, json!({"Rows": "1,3-4"})).await;
    assert_eq!((wanted.status, wanted.body.as_str()), (401, "\"SignInNeeded\""));
    let as_visitor = browser.clone();
    browser.sign_in("astronomer").await;
    let after = show(&mut browser, &id).await;
    let longer = after["kept_until_us"].as_i64().unwrap() - before["kept_until_us"].as_i64().unwrap();
    assert_eq!(longer, 29 * 86_400_000_000, "kept as long as a user's");
    assert_eq!(window(&mut browser, &id, json!({"count": 9})).await["rows"], 5);
    let remembered = browser.call("basket/remembered", &[("query", &id)]).await;
    assert_eq!(remembered.json(), "1,3-4");
    let mut visitor = as_visitor;
    assert_eq!(visitor.call("queries/show", &[("id", &id)]).await.status, 404);
    assert_eq!(visitor.call("basket/remembered", &[("query", &id)]).await.json(), json!(null));

    let added = add(&mut browser, &id, json!({"Rows": "1,3-4"})).await.json();
    assert_eq!(added, json!({"added": 3, "already": 0, "count": 3}));
    let remembered = browser.call("basket/remembered", &[("query", &id)]).await;
    assert_eq!(remembered.json(), json!(null), "what is in the basket is not offered again");
    portal.stop().await;
}

pub async fn a_result_in_the_basket_stays(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let (id, _) = asked(&mut browser, "local", STARS).await;
    let added = add(&mut browser, &id, json!("WholeResult")).await.json();
    assert_eq!(added, json!({"added": 1, "already": 0, "count": 1}));
    assert_eq!(show(&mut browser, &id).await["kept_until_us"], json!(null), "kept without end");
    let refused = browser.call("queries/remove", &[("id", &id)]).await;
    assert_eq!(refused.status, 429);
    assert!(refused.body.contains("lies in your basket"), "{refused:?}");
    portal.clock.forward(400 * 86_400);
    browser.sign_in("astronomer").await;
    // Another's result, asked now, expires only when the scheduler has looked: then this one was looked at too.
    let mut other = portal.browser();
    let (short, _) = asked(&mut other, "local", STARS).await;
    portal.clock.forward(86_401);
    reach(&mut other, &short, &["Expired"]).await;
    browser.sign_in("astronomer").await;
    assert_eq!(window(&mut browser, &id, json!({"count": 1})).await["rows"], 5);

    let item = crate::asking_world::items(&crate::asking_world::basket(&mut browser, "", 0).await);
    assert_eq!(crate::asking_world::remove(&mut browser, &item).await.status, 200);
    let until = show(&mut browser, &id).await["kept_until_us"].as_i64().unwrap();
    assert_eq!(until, portal.clock.now() + 30 * 86_400_000_000, "as usual, from now on");
    browser.call("basket/undo", &[]).await;
    assert_eq!(
        show(&mut browser, &id).await["kept_until_us"],
        json!(null),
        "undone, it is kept without end again"
    );
    browser.call("basket/empty", &[("archive", "local")]).await;
    assert_eq!(browser.call("queries/remove", &[("id", &id)]).await.status, 200);
    portal.stop().await;
}
