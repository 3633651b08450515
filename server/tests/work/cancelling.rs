//! Cancelling really stops the work, wherever it is.

use crate::asking_world::{ask, asked, reach, result_files, show, until};
use crate::place::Place;
use crate::slow_tap::SlowTap;

pub async fn a_running_one_leaves_the_archive(place: &Place) {
    let tap = SlowTap::start().await;
    let portal = place.portal(|config| tap.configure(config)).await;
    let mut browser = portal.browser();
    let stalled = ask(&mut browser, "slow", "SELECT * FROM stalls").await;
    let silent = ask(&mut browser, "slow", "SELECT * FROM silent").await;
    until("two at the archive", || async { tap.open() == 2 }).await;
    let waiting = ask(&mut browser, "slow", "SELECT * FROM gated").await;
    let view = browser.call("queries/cancel", &[("id", &waiting)]).await.json();
    assert_eq!((&view["state"], &view["started_us"]), (&"Cancelled".into(), &serde_json::Value::Null));
    for id in [&stalled, &silent] {
        let view = browser.call("queries/cancel", &[("id", id)]).await.json();
        assert_eq!(view["state"], "Cancelled", "{view:#}");
        assert_eq!((&view["has_result"], &view["rows"]), (&false.into(), &0.into()), "{view:#}");
    }
    until("the archive is left alone", || async { tap.open() == 0 && tap.left() == 2 }).await;
    assert_eq!(tap.asked(), 2, "what was cancelled while it waited was never asked");
    assert!(result_files(&portal).is_empty(), "{:?}", result_files(&portal));
    for id in [&stalled, &silent, &waiting] {
        let again = browser.call("queries/cancel", &[("id", id)]).await;
        assert_eq!((again.status, &again.json()["state"]), (200, &"Cancelled".into()));
        assert_eq!(browser.call("queries/remove", &[("id", id)]).await.status, 200);
    }
    let (done, _) = asked(&mut browser, "slow", "SELECT * FROM quick").await;
    let view = browser.call("queries/cancel", &[("id", &done)]).await.json();
    assert_eq!((&view["state"], &view["has_result"]), (&"Completed".into(), &true.into()));
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_heavy_local_one_ends() {
    let portal = Place::sqlite().portal(|_| {}).await;
    let mut browser = portal.browser();
    let heavy = "SELECT COUNT(*) FROM sky.stars AS a, sky.stars AS b WHERE DISTANCE(a.ra, a.dec, b.ra, b.dec) < 0.00001";
    let id = ask(&mut browser, "local", heavy).await;
    reach(&mut browser, &id, &["Running"]).await;
    let refused = browser.call("queries/remove", &[("id", &id)]).await;
    assert_eq!(refused.status, 429, "what still works is not removed: {refused:?}");
    browser.call("queries/cancel", &[("id", &id)]).await;
    reach(&mut browser, &id, &["Cancelled"]).await;
    assert_eq!(show(&mut browser, &id).await["has_result"], false);
    portal.stop().await;
}
