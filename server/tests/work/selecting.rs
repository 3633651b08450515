//! The basket: nothing that was put in is ever lost, whoever changes it at the same time.

use crate::asking_world::{add, asked, basket, items, remove, window};
use crate::place::Place;
use crate::slow_tap::SlowTap;
use crate::support::browser::Browser;
use serde_json::{Value, json};
use skyport::db::Db;

/// The count that is kept, and the items that there are.
async fn counts(db: &Db, user_name: &str) -> (i64, i64) {
    let kept = sqlx::query_scalar(
        "SELECT b.item_count FROM baskets b JOIN users u ON u.id = b.user_id WHERE u.name = $1",
    );
    let real = sqlx::query_scalar(
        "SELECT COUNT(*) FROM basket_items i JOIN users u ON u.id = i.user_id \
         WHERE u.name = $1 AND i.removed_revision IS NULL",
    );
    (kept.bind(user_name).fetch_one(db).await.unwrap(), real.bind(user_name).fetch_one(db).await.unwrap())
}

async fn name_of(browser: &mut Browser) -> String {
    browser.call("account/show", &[]).await.json()["name"].as_str().unwrap().to_owned()
}

async fn count_in_frame(browser: &mut Browser) -> u64 {
    browser.call("account/frame", &[]).await.json()["basket"].as_u64().unwrap()
}

pub async fn rows_go_in_and_out(place: &Place) {
    let tap = SlowTap::start().await;
    let portal = place.portal(|config| tap.configure(config)).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let (stars, _) = asked(&mut browser, "local", "SELECT hip, mag FROM sky.stars WHERE mag < 2").await;
    let (slow, _) = asked(&mut browser, "slow", "SELECT * FROM quick").await;
    assert_eq!(
        add(&mut browser, &stars, json!({"Rows": "0-4"})).await.json(),
        json!({"added": 5, "already": 0, "count": 5})
    );
    assert_eq!(
        add(&mut browser, &stars, json!({"Rows": "3-6"})).await.json(),
        json!({"added": 2, "already": 2, "count": 7})
    );
    let bright = json!({"Matching": [{"column": "mag", "text": "< 0"}]});
    let number =
        window(&mut browser, &stars, json!({"count": 9, "filters": [{"column": "mag", "text": "< 0"}]}))
            .await;
    assert_eq!(number["matching"], 4);
    let numbers: Vec<u64> =
        number["window"].as_array().unwrap().iter().map(|r| r["number"].as_u64().unwrap()).collect();
    let inside = numbers.iter().filter(|n| **n <= 6).count() as u64;
    let matched = add(&mut browser, &stars, bright).await.json();
    assert_eq!(matched, json!({"added": 4 - inside, "already": inside, "count": 11 - inside}));
    portal.clock.forward(1);
    assert_eq!(add(&mut browser, &slow, json!({"Rows": "2,0"})).await.json()["added"], 2);
    let total = 13 - inside;
    assert_eq!(count_in_frame(&mut browser).await, total);

    let view = basket(&mut browser, "", 0).await;
    assert_eq!((&view["count"], &view["matching"], &view["undo"]), (&json!(total), &json!(total), &json!(0)));
    assert_eq!(view["groups"][0]["archive"], "local");
    assert_eq!(
        (&view["groups"][1]["archive"], &view["groups"][1]["count"], &view["groups"][1]["title"]),
        (&json!("slow"), &json!(2), &json!("Slow Archive"))
    );
    let first = &view["items"][0];
    assert_eq!(
        (&first["label"], &first["cells"], &first["query"], &first["table"]),
        (&json!("id 0"), &json!(["0", "0.5", "star 0"]), &json!(slow), &json!("quick")),
        "newest first, in the result's order"
    );
    assert_eq!((&first["columns"][1]["unit"], &first["kind"]), (&json!("mag"), &json!("Row")));

    let local = basket(&mut browser, "local", 0).await;
    assert_eq!((local["matching"].as_u64().unwrap(), items(&local).len() as u64), (total - 2, total - 2));
    let gone = items(&local)[..3].to_vec();
    let view = remove(&mut browser, &gone).await.json();
    assert_eq!((&view["count"], &view["undo"]), (&json!(total - 3), &json!(3)));
    assert_eq!(
        remove(&mut browser, &gone).await.json()["count"],
        json!(total - 3),
        "gone already is no error"
    );
    assert_eq!(remove(&mut browser, &["nothing".to_owned(), "a\0b".to_owned()]).await.status, 200);
    let view = browser.call("basket/undo", &[]).await.json();
    assert_eq!((&view["count"], &view["undo"]), (&json!(total), &json!(0)));
    let view = browser.call("basket/empty", &[("archive", "slow")]).await.json();
    assert_eq!((&view["count"], &view["undo"]), (&json!(total - 2), &json!(2)));
    let view = browser.call("basket/empty", &[("archive", "")]).await.json();
    assert_eq!((&view["count"], &view["undo"]), (&json!(0), &json!(total - 2)));
    assert_eq!(browser.call("basket/undo", &[]).await.json()["count"], json!(total - 2));
    assert_eq!(browser.call("basket/undo", &[]).await.json()["count"], json!(total), "and the one before it");
    assert_eq!(
        browser.call("basket/undo", &[]).await.json()["count"],
        json!(total),
        "there is nothing more to undo"
    );

    // What was removed comes back as new by adding it, and undoing must not bring it a second time.
    let slow_items = items(&basket(&mut browser, "slow", 0).await);
    remove(&mut browser, &slow_items).await;
    assert_eq!(
        add(&mut browser, &slow, json!({"Rows": "0"})).await.json(),
        json!({"added": 1, "already": 0, "count": total - 1})
    );
    assert_eq!(browser.call("basket/undo", &[]).await.json()["count"], json!(total));
    let name = name_of(&mut browser).await;
    assert_eq!(counts(&portal.skyport.db, &name).await, (total as i64, total as i64));

    let empty = add(&mut browser, &stars, json!({"Matching": [{"column": "mag", "text": "> 99"}]})).await;
    assert_eq!((empty.status, empty.json()["Invalid"][0]["field"].as_str()), (422, Some("rows")));
    let wrong = add(&mut browser, &stars, json!({"Matching": [{"column": "magg", "text": "> 99"}]})).await;
    assert_eq!((wrong.status, wrong.json()["Invalid"][0]["field"].as_str()), (422, Some("f.magg")));
    let beyond = add(&mut browser, &slow, json!({"Rows": "3-900"})).await;
    assert_eq!(
        (beyond.status, beyond.json()["Invalid"][0]["field"].as_str()),
        (422, Some("rows")),
        "{beyond:?}"
    );
    assert_eq!(basket(&mut browser, "nothing\0", 0).await["matching"], 0);
    assert_eq!(items(&basket(&mut browser, "", 9_999_999).await).len(), 0);
    portal.stop().await;
}

pub async fn notes_are_kept_as_written(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let (stars, _) = asked(&mut browser, "local", "SELECT TOP 2 hip FROM sky.stars ORDER BY mag").await;
    add(&mut browser, &stars, json!({"Rows": "0-1"})).await;
    let item = items(&basket(&mut browser, "", 0).await)[0].clone();
    for note in ["‏نجمة بعيدة‏", "👩🏽‍🚀 ★ é ﷽", "a\nb\tc", "<script>alert(1)</script>", &"😀".repeat(2000), ""]
    {
        let written = browser.call("basket/note", &[("item", &item), ("note", note)]).await;
        assert_eq!(written.status, 200, "{written:?}");
        assert_eq!(basket(&mut browser, "", 0).await["items"][0]["note"], note);
    }
    browser.call("basket/note", &[("item", &item), ("note", "two\r\nlines")]).await;
    for (note, word) in
        [(&*"ü".repeat(2001), "at most 2"), ("a\u{7}b", "cannot be shown"), ("a\0b", "cannot be shown")]
    {
        let refused = browser.call("basket/note", &[("item", &item), ("note", note)]).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        assert!(refused.json()["Invalid"][0]["sentence"].as_str().unwrap().contains(word), "{refused:?}");
    }
    let view = basket(&mut browser, "", 0).await;
    assert_eq!(view["items"][0]["note"], "two\nlines", "what was refused changed nothing");
    browser.call("basket/note", &[("item", &item), ("note", "<b>bold</b> ‏א‏")]).await;
    let page = browser.get("/basket").await.body;
    assert!(!page.contains("<b>bold</b>") && page.contains("&lt;b&gt;bold"), "notes are text in the page");
    for nowhere in ["nothing", "a\0b"] {
        assert_eq!(browser.call("basket/note", &[("item", nowhere), ("note", "x")]).await.status, 404);
    }
    let mut other = portal.browser();
    other.sign_in("operator").await;
    assert_eq!(other.call("basket/note", &[("item", &item), ("note", "mine")]).await.status, 404);
    let theirs = remove(&mut other, std::slice::from_ref(&item)).await.json();
    assert_eq!(theirs["count"], 0);
    assert_eq!(add(&mut other, &stars, json!({"Rows": "0"})).await.status, 404, "another's result");
    assert_eq!(other.call("basket/undo", &[]).await.json()["count"], 0);
    assert_eq!(basket(&mut browser, "", 0).await["count"], 2);
    portal.stop().await;
}

pub async fn two_devices_lose_nothing(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let (mut one, mut two) = (portal.browser(), portal.browser());
    one.sign_in("astronomer").await;
    two.sign_in("astronomer").await;
    let (stars, _) = asked(&mut one, "local", "SELECT TOP 300 hip FROM sky.stars ORDER BY hip").await;
    assert_eq!(add(&mut two, &stars, json!({"Rows": "0-99"})).await.json()["count"], 100);
    let mut there: Vec<String> = items(&basket(&mut one, "", 0).await);
    there.extend(items(&basket(&mut one, "", 50).await));
    assert_eq!(there.len(), 100);

    // Each device adds a hundred rows of its own, one at a time, and half of what was there is removed meanwhile.
    let adding = |mut browser: Browser, rows: std::ops::Range<u64>, stars: String| async move {
        for row in rows {
            let answer = add(&mut browser, &stars, json!({"Rows": row.to_string()})).await;
            assert_eq!((answer.status, &answer.json()["added"]), (200, &json!(1)), "{answer:?}");
        }
    };
    let removing = |mut browser: Browser, gone: Vec<String>| async move {
        for item in gone {
            assert_eq!(remove(&mut browser, &[item]).await.status, 200);
        }
    };
    tokio::join!(
        adding(one.clone(), 100..200, stars.clone()),
        adding(two.clone(), 200..300, stars.clone()),
        removing(one.clone(), there[..50].to_vec()),
        removing(two.clone(), there[40..80].to_vec()),
    );
    let name = name_of(&mut one).await;
    assert_eq!(counts(&portal.skyport.db, &name).await, (220, 220));
    assert_eq!((count_in_frame(&mut one).await, count_in_frame(&mut two).await), (220, 220));
    let mut rows: Vec<i64> =
        sqlx::query_scalar("SELECT result_row FROM basket_items WHERE removed_revision IS NULL")
            .fetch_all(&portal.skyport.db)
            .await
            .unwrap();
    rows.sort_unstable();
    assert!(rows[20..].iter().copied().eq(100..300), "every row that was added");
    let revision = basket(&mut one, "", 0).await["revision"].as_i64().unwrap();
    assert_eq!(revision, 1 + 200 + 90, "each change is one revision");
    portal.stop().await;
}

pub async fn a_hundred_thousand_rows(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let (stars, _) = asked(&mut browser, "local", "SELECT hip, mag FROM sky.stars").await;
    let added = add(&mut browser, &stars, json!({"Rows": "0-99999"})).await;
    assert_eq!(added.json(), json!({"added": 100_000, "already": 0, "count": 100_000}));
    let again = add(&mut browser, &stars, json!({"Rows": "99990-100009"})).await;
    assert_eq!(again.json(), json!({"added": 10, "already": 10, "count": 100_010}));
    assert_eq!(count_in_frame(&mut browser).await, 100_010);
    let shown = window(&mut browser, &stars, json!({"offset": 77_777, "count": 1})).await;
    let deep = basket(&mut browser, "local", 77_777).await;
    assert_eq!(items(&deep).len(), 50);
    assert_eq!(deep["items"][0]["cells"], shown["window"][0]["cells"], "in the result's order");
    assert_eq!(items(&basket(&mut browser, "", 100_000).await).len(), 10);

    let others = items(&deep);
    assert_eq!(remove(&mut browser, &others).await.json()["count"], 99_960);
    let view = browser.call("basket/empty", &[("archive", "")]).await.json();
    assert_eq!((&view["count"], &view["undo"]), (&json!(0), &json!(99_960)));
    assert_eq!(browser.call("basket/undo", &[]).await.json()["count"], 99_960);
    let name = name_of(&mut browser).await;
    assert_eq!(counts(&portal.skyport.db, &name).await, (99_960, 99_960));
    let too_many = add(&mut browser, &stars, json!({"Rows": "0-200000"})).await;
    assert_eq!(too_many.status, 429, "{too_many:?}");

    // What was removed is forgotten a day later.
    browser.call("basket/empty", &[("archive", "")]).await;
    portal.clock.forward(86_401);
    browser.sign_in("astronomer").await;
    let view: Value = browser.call("basket/undo", &[]).await.json();
    assert_eq!((&view["count"], &view["undo"]), (&json!(0), &json!(0)));
    portal.stop().await;
}
