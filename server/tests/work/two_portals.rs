//! Two portals on one PostgreSQL: each sees what the other does, and cleans up after it.

use crate::asking_world::{ask, asked, over, reach, show, until};
use crate::place::{Place, Postgres};
use crate::slow_tap::SlowTap;
use crate::support::browser::Browser;
use crate::support::portal::Portal;
use skyport::config::Config;

/// The same person's browser at another portal.
fn at(portal: &Portal, browser: &Browser) -> Browser {
    let mut there = portal.browser();
    there.cookies = browser.cookies.clone();
    there
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn share_their_queries() {
    let server = Postgres::start().await;
    let tap = SlowTap::start().await;
    let place = Place::at(server.url());
    let results = tempfile::tempdir().unwrap();
    let change = |config: &mut Config| {
        tap.configure(config);
        config.server.drain_s = 1;
        config.server.data_folder = results.path().to_owned();
    };
    let (first, second) = (place.portal(change).await, place.portal(change).await);
    let mut here = first.browser();
    here.sign_in("astronomer").await;
    let mut there = at(&second, &here);

    // What one keeps, the other shows.
    let (quick, _) = asked(&mut here, "slow", "SELECT * FROM quick").await;
    assert_eq!(show(&mut there, &quick).await["rows"], 3);
    let rows = there.get(&format!("/queries/{quick}/download?format=csv")).await;
    assert_eq!((rows.status, rows.body.lines().count()), (200, 4));

    // Two at once over both together, whichever starts them.
    let mut ids = Vec::new();
    for place in 0..4 {
        let browser = if place % 2 == 0 { &mut here } else { &mut there };
        ids.push(ask(browser, "slow", "SELECT * FROM gated").await);
        until("as many as may be at the archive", || async { tap.open() == (place + 1).min(2) }).await;
    }
    assert_eq!(there.call("queries/list", &[("offset", "0")]).await.json()[1], 5);

    // Cancelled at the other portal, wherever it runs: seen within a few seconds by whoever runs it.
    there.call("queries/cancel", &[("id", &ids[0])]).await;
    here.call("queries/cancel", &[("id", &ids[1])]).await;
    for id in &ids[..2] {
        reach(&mut here, id, &["Cancelled"]).await;
    }
    until("the archive is left twice", || async { tap.left() == 2 }).await;
    tap.let_go(2);
    for id in &ids[2..] {
        assert_eq!(over(&mut there, id).await["state"], "Completed");
    }
    assert_eq!(tap.most_open(), 2);
    first.stop().await;
    second.stop().await;
}

#[test]
fn one_marks_what_the_other_left() {
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (staying, leaving) = (runtime(), runtime());
    let (server, tap) = staying.block_on(async { (Postgres::start().await, SlowTap::start().await) });
    let place = Place::at(server.url());
    // Asked at a portal that then ends without a word, as by a lost machine.
    let (lost, browser) = leaving.block_on(async {
        let other = place.portal(|config| tap.configure(config)).await;
        let mut browser = other.browser();
        browser.sign_in("astronomer").await;
        let lost = ask(&mut browser, "slow", "SELECT * FROM gated").await;
        until("it runs", || async { tap.open() == 1 }).await;
        std::mem::forget(other);
        (lost, browser)
    });
    leaving.shutdown_background();
    staying.block_on(async {
        let portal = place.portal(|config| tap.configure(config)).await;
        let mut here = at(&portal, &browser);
        assert_eq!(show(&mut here, &lost).await["state"], "Running", "its lease is not over yet");
        portal.clock.forward(20);
        let view = reach(&mut here, &lost, &["Interrupted"]).await;
        assert!(view["reason"].as_str().unwrap().contains("Ask it again"), "{view:#}");
        assert_eq!((&view["has_result"], &view["rows"]), (&false.into(), &0.into()));
        let (_, view) = asked(&mut here, "slow", "SELECT * FROM quick").await;
        assert_eq!(view["rows"], 3);
        portal.stop().await;
    });
}
