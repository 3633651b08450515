//! A whole result in the basket is held, or it is not in the basket; what is over is over once and for all.

use crate::asking_world::{add, asked, basket, items, reach, remove, result_files, show, until};
use crate::place::Place;
use crate::support::browser::Browser;
use crate::support::portal::Portal;
use serde_json::json;

const STARS: &str = "SELECT TOP 5 hip, mag FROM sky.stars ORDER BY mag";

/// From now on the database refuses to keep or to let go of a result, as if the process ended there.
async fn break_keeping(portal: &Portal) {
    sqlx::query(
        "CREATE TRIGGER breaks BEFORE UPDATE OF kept_until_us ON queries WHEN OLD.state = 'completed' \
         BEGIN SELECT RAISE(ABORT, 'it ends here'); END",
    )
    .execute(&portal.skyport.db)
    .await
    .unwrap();
}

async fn mend_keeping(portal: &Portal) {
    sqlx::query("DROP TRIGGER breaks").execute(&portal.skyport.db).await.unwrap();
}

async fn is_held(browser: &mut Browser, id: &str) -> bool {
    show(browser, id).await["kept_until_us"].is_null()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn holding_and_the_basket_change_together() {
    let portal = Place::sqlite().portal(|_| {}).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let (id, _) = asked(&mut browser, "local", STARS).await;

    break_keeping(&portal).await;
    assert_eq!(add(&mut browser, &id, json!("WholeResult")).await.status, 500);
    assert_eq!(basket(&mut browser, "", 0).await["count"], 0, "what is not held is not in the basket");
    mend_keeping(&portal).await;
    assert_eq!(add(&mut browser, &id, json!("WholeResult")).await.json()["count"], 1);
    assert!(is_held(&mut browser, &id).await);

    break_keeping(&portal).await;
    let item = items(&basket(&mut browser, "", 0).await);
    assert_eq!(remove(&mut browser, &item).await.status, 500);
    assert_eq!(browser.call("basket/empty", &[("archive", "")]).await.status, 500);
    assert_eq!(basket(&mut browser, "", 0).await["count"], 1, "what is still held is still in the basket");
    mend_keeping(&portal).await;
    assert_eq!(remove(&mut browser, &item).await.status, 200);
    assert!(!is_held(&mut browser, &id).await);

    break_keeping(&portal).await;
    assert_eq!(browser.call("basket/undo", &[]).await.status, 500);
    assert_eq!(basket(&mut browser, "", 0).await["count"], 0);
    mend_keeping(&portal).await;
    assert_eq!(browser.call("basket/undo", &[]).await.json()["count"], 1);
    assert!(is_held(&mut browser, &id).await);
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_is_refused_with_a_sentence() {
    let portal = Place::sqlite().portal(|config| config.queries.kept_s = 120).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let (id, _) = asked(&mut browser, "local", STARS).await;
    portal.clock.forward(121);
    reach(&mut browser, &id, &["Expired"]).await;
    for what in [json!("WholeResult"), json!({"Rows": "0"}), json!({"Matching": []})] {
        let refused = add(&mut browser, &id, what).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        let sentence = refused.json()["Invalid"][0]["sentence"].as_str().unwrap().to_owned();
        assert!(sentence.contains("no result any more") && sentence.contains("Ask it again"), "{sentence}");
    }
    assert_eq!(basket(&mut browser, "", 0).await["count"], 0);

    // Removed from the basket, its query removed too: then undoing cannot bring it back, and says so.
    let (id, _) = asked(&mut browser, "local", STARS).await;
    add(&mut browser, &id, json!("WholeResult")).await;
    let item = items(&basket(&mut browser, "", 0).await);
    assert_eq!(remove(&mut browser, &item).await.json()["undo"], 1);
    assert_eq!(browser.call("queries/remove", &[("id", &id)]).await.status, 200);
    let refused = browser.call("basket/undo", &[]).await;
    assert_eq!(refused.status, 429, "{refused:?}");
    assert!(refused.body.contains("cannot come back"), "{refused:?}");
    let view = basket(&mut browser, "", 0).await;
    assert_eq!((&view["count"], &view["undo"]), (&json!(0), &json!(0)));
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_that_failed_is_taken_up_again() {
    let portal = Place::sqlite().portal(|config| config.queries.kept_s = 120).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let (id, _) = asked(&mut browser, "local", STARS).await;
    let file = result_files(&portal).pop().unwrap();
    let aside = portal.folder.path().join("aside");
    std::fs::rename(&file, &aside).unwrap();
    // In its place something that no deleting of files removes.
    std::fs::create_dir(&file).unwrap();
    std::fs::write(file.join("inside"), "x").unwrap();
    portal.clock.forward(121);
    let view = reach(&mut browser, &id, &["Expired"]).await;
    assert_eq!(view["has_result"], false, "its time is over, whether the file could be deleted or not");
    // Not before the try has failed: a file that is not there counts as deleted.
    let undeleted = &portal.skyport.metrics.undeleted_results;
    until("the deletion fails", || async { undeleted.get() == 1 }).await;
    std::fs::remove_dir_all(&file).unwrap();
    std::fs::rename(&aside, &file).unwrap();
    portal.clock.forward(61);
    until("the next sweep deletes it", || async { result_files(&portal).is_empty() }).await;
    let doomed = "SELECT COUNT(*) FROM queries WHERE doomed_key IS NOT NULL";
    until("and says so", || async {
        sqlx::query_scalar::<_, i64>(doomed).fetch_one(&portal.skyport.db).await.unwrap() == 0
    })
    .await;
    until("nothing is left undeleted", || async { undeleted.get() == 0 }).await;
    portal.stop().await;
}
