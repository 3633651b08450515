//! Visitors cost nothing to make: what they leave is forgotten, they leave room for users, and they may not ask too often.

use crate::asking_world::{ask, asked, over, reach, result_files, show, try_ask, until};
use crate::place::Place;
use crate::slow_tap::SlowTap;

const STARS: &str = "SELECT TOP 5 hip, mag FROM sky.stars ORDER BY mag";

pub async fn what_they_leave_is_forgotten(place: &Place) {
    let portal = place.portal(|config| config.queries.listed_visitor_s = 2 * 86_400).await;
    let (mut visitor, mut user) = (portal.browser(), portal.browser());
    user.sign_in("astronomer").await;
    let (short, _) = asked(&mut visitor, "local", STARS).await;
    let (long, _) = asked(&mut user, "local", STARS).await;
    portal.clock.forward(86_401);
    reach(&mut visitor, &short, &["Expired"]).await;
    portal.clock.forward(86_400);
    until("the visitor's query is forgotten", || async { portal.count("queries").await == 1 }).await;
    assert_eq!(visitor.call("queries/show", &[("id", &short)]).await.status, 404);
    assert_eq!(result_files(&portal).len(), 1);
    user.sign_in("astronomer").await;
    assert_eq!(show(&mut user, &long).await["has_result"], true);
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_leave_room_for_users() {
    let tap = SlowTap::start().await;
    let change = |config: &mut skyport::config::Config| {
        tap.configure(config);
        config.queries.at_once = 3;
    };
    let portal = Place::sqlite().portal(change).await;
    let mut waiting = Vec::new();
    for _ in 0..5 {
        let mut visitor = portal.browser();
        let id = ask(&mut visitor, "slow", "SELECT * FROM gated").await;
        waiting.push((visitor, id));
    }
    until("as many as visitors may", || async { tap.open() == 2 }).await;
    let mut user = portal.browser();
    user.sign_in("astronomer").await;
    let first = ask(&mut user, "slow", "SELECT * FROM gated").await;
    reach(&mut user, &first, &["Running"]).await;
    until("the user's place", || async { tap.open() == 3 }).await;
    tap.let_go(6);
    assert_eq!(over(&mut user, &first).await["state"], "Completed");
    for (visitor, id) in &mut waiting {
        assert_eq!(over(visitor, id).await["state"], "Completed", "visitors have their turn");
    }
    assert_eq!(tap.most_open(), 3);
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_may_not_ask_too_often() {
    let change = |config: &mut skyport::config::Config| {
        config.queries.asks_per_minute_visitor = 3;
        config.queries.asks_per_minute_address = 6;
    };
    let portal = Place::sqlite().portal(change).await;
    let mut visitor = portal.browser();
    for _ in 0..3 {
        ask(&mut visitor, "local", STARS).await;
    }
    let refused = try_ask(&mut visitor, "local", STARS).await;
    assert_eq!(refused.status, 429, "{refused:?}");
    assert_eq!(
        refused.json()["Limit"],
        "You asked 3 queries within a minute, the most without signing in. Ask again in 20 seconds, or sign in."
    );
    portal.clock.forward(20);
    ask(&mut visitor, "local", STARS).await;

    // A new visitor each time: the address has a limit of its own. What was refused counts, too.
    let mut last = 200;
    for _ in 0..6 {
        let answer = try_ask(&mut portal.browser(), "local", STARS).await;
        last = answer.status;
        if last == 429 {
            assert!(answer.body.contains("Visitors at your network address asked 6 queries"), "{answer:?}");
            break;
        }
    }
    assert_eq!(last, 429);
    let mut user = portal.browser();
    user.sign_in("astronomer").await;
    for _ in 0..8 {
        ask(&mut user, "local", STARS).await;
    }
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn together_they_wait_in_a_queue_that_ends() {
    let tap = SlowTap::start().await;
    let change = |config: &mut skyport::config::Config| {
        tap.configure(config);
        config.queries.at_once_visitors = 1;
        config.queries.waiting_visitors = 2;
    };
    let portal = Place::sqlite().portal(change).await;
    let mut asked = Vec::new();
    for number in 0..3 {
        let mut visitor = portal.browser();
        let id = ask(&mut visitor, "slow", "SELECT * FROM gated").await;
        if number == 0 {
            reach(&mut visitor, &id, &["Running"]).await;
        }
        asked.push((visitor, id));
    }
    let refused = try_ask(&mut portal.browser(), "slow", "SELECT * FROM gated").await;
    assert_eq!(refused.status, 429, "{refused:?}");
    assert_eq!(
        refused.json()["Limit"],
        "2 queries of visitors are waiting, the most that may. Ask again in a few minutes, or sign in."
    );
    let mut user = portal.browser();
    user.sign_in("astronomer").await;
    let id = ask(&mut user, "slow", "SELECT * FROM gated").await;
    tap.let_go(4);
    assert_eq!(over(&mut user, &id).await["state"], "Completed");
    for (visitor, id) in &mut asked {
        assert_eq!(over(visitor, id).await["state"], "Completed");
    }
    portal.stop().await;
}
