//! Many questions of one owner wait for each other, are told so, and all end; too many are refused.

use crate::asking_world::{ask, asked, over, show, try_ask, until};
use crate::place::Place;
use crate::slow_tap::SlowTap;
use futures::future::join_all;
use std::collections::BTreeSet;

pub async fn fifty_at_once(place: &Place) {
    let tap = SlowTap::start().await;
    let portal = place.portal(|config| tap.configure(config)).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let asking = (0..50).map(|_| {
        let mut browser = browser.clone();
        async move { ask(&mut browser, "slow", "SELECT * FROM gated").await }
    });
    let ids = join_all(asking).await;
    until("two at the archive", || async { tap.open() == 2 }).await;
    let (mut before, mut running) = (BTreeSet::new(), 0);
    for id in &ids {
        let view = show(&mut browser, id).await;
        match view["state"].as_str().unwrap() {
            "Running" => running += 1,
            "Queued" => assert!(
                before.insert(view["before_it"].as_u64().unwrap()),
                "each has its own place: {view:#}"
            ),
            other => panic!("{other}"),
        }
    }
    assert_eq!((running, before), (2, (2..50).collect()));
    let queued = join_all(ids.iter().map(|id| {
        let mut browser = browser.clone();
        async move { (show(&mut browser, id).await["before_it"].as_u64(), id) }
    }));
    let last = queued.await.into_iter().max().unwrap().1;
    let page = browser.get(&format!("/queries/{last}")).await.body;
    assert!(page.contains("49 "), "the page of a waiting query says how many come before");

    // The other queries of the portal do not wait for this user's.
    let mut other = portal.browser();
    asked(&mut other, "slow", "SELECT * FROM quick").await;
    tap.let_go(50);
    for id in &ids {
        assert_eq!(over(&mut browser, id).await["state"], "Completed");
    }
    assert!(tap.most_open() <= 3, "two of the user and one of the other: {}", tap.most_open());
    assert_eq!(tap.asked(), 51);
    portal.stop().await;
}

pub async fn too_many_are_refused(place: &Place) {
    let tap = SlowTap::start().await;
    let change = |config: &mut skyport::config::Config| {
        tap.configure(config);
        config.queries.waiting_per_owner = 3;
    };
    let portal = place.portal(change).await;
    let mut browser = portal.browser();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(ask(&mut browser, "slow", "SELECT * FROM gated").await);
    }
    let refused = try_ask(&mut browser, "slow", "SELECT * FROM gated").await;
    assert_eq!(refused.status, 429, "{refused:?}");
    assert!(
        refused.json()["Limit"].as_str().unwrap().starts_with("3 queries of yours are waiting or running"),
        "{refused:?}"
    );
    ask(&mut portal.browser(), "slow", "SELECT * FROM gated").await;
    assert_eq!(browser.call("queries/cancel", &[("id", &ids[2])]).await.json()["state"], "Cancelled");
    ids[2] = ask(&mut browser, "slow", "SELECT * FROM gated").await;
    tap.let_go(4);
    for id in &ids {
        assert_eq!(over(&mut browser, id).await["state"], "Completed");
    }
    portal.stop().await;
}
