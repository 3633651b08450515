//! The engine goes away: back in time the session goes on, too late it is over; and what is left there is removed, where it
//! is ours.

use crate::engine::Bed;
use crate::support::browser::Browser;
use crate::world::{
    accept, address, at_engine, booking, end, events, get, hold, log, offer, person, portal, reach, run,
    show, unseen, until,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn back_in_time_and_too_late() {
    let bed = Bed::start().await;
    let portal = portal(&bed, None, |config| config.sessions.away_s = 300).await;
    let mut browser = person(&portal, "astronomer").await;
    let id = run(&mut browser, "told", &json!({})).await;
    reach(&mut browser, &id, "Running").await;
    let before = address(&portal, &id).await;

    std::fs::write(bed.hold(), "").unwrap();
    bed.kill();
    until("nobody is let in", || async { address(&portal, &id).await.is_none() }).await;
    portal.clock.forward(200);
    let view = show(&mut browser, &id).await;
    assert_eq!(view["item"]["state"], "Running");
    assert!(!view["item"]["actions"].to_string().contains("Open"), "{view:#}");
    std::fs::remove_file(bed.hold()).unwrap();
    until("it is found again", || async { address(&portal, &id).await == before }).await;
    assert!(get(&before.unwrap(), "/").await.unwrap().contains("It runs."));
    until("it is told", || {
        let (mut browser, id) = (browser.clone(), id.clone());
        async move { events(&show(&mut browser, &id).await)[0].contains("answers again") }
    })
    .await;

    std::fs::write(bed.hold(), "").unwrap();
    bed.kill();
    until("nobody is let in", || async { address(&portal, &id).await.is_none() }).await;
    portal.clock.forward(301);
    let view = reach(&mut browser, &id, "Ended").await;
    assert_eq!(view["item"]["end"], "SiteUnreachable", "{view:#}");
    assert_eq!(booking(&mut browser, &view).await, "Over");
    // Somebody else's, with an id that is not known here.
    std::fs::remove_file(bed.hold()).unwrap();
    until("the engine is back", || async { containers::Engine::at(bed.socket()).await.is_ok() }).await;
    assert_eq!(at_engine(&bed, &id).await.len(), 1, "it is still there");
    let engine = bed.engine().await;
    let image = engine.image(bed.reference("tiny")).await.unwrap().unwrap();
    let mut stranger = containers::Wish::of("skyport-stranger", "another", &image.id);
    stranger.labels.insert("org.skyport.session".to_owned(), "stranger".to_owned());
    engine.start(&stranger).await.unwrap();
    // Not at once: its removal could still be under way.
    portal.clock.forward(61);
    until("what was left is removed", || async { at_engine(&bed, &id).await.is_empty() }).await;
    assert_eq!(at_engine(&bed, "stranger").await.len(), 1, "what is not ours is left alone");
    until("its log is kept", || {
        let (mut browser, id) = (browser.clone(), id.clone());
        async move { log(&mut browser, &id).await == "it serves\n" }
    })
    .await;
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_steps_it_goes_on() {
    let bed = Bed::start().await;
    let portal = portal(&bed, None, |_| {}).await;
    let mut browser = person(&portal, "astronomer").await;
    let begun = "SELECT COUNT(*) FROM operation_steps s JOIN operations o ON o.id = s.operation_id \
                 WHERE o.subject = $1 AND s.name = $2";
    for (first, second) in [("image", "stop"), ("start", "remove"), ("ready", "log")] {
        let id = run(&mut browser, "told", &json!({})).await;
        for (step, state) in [(first, "Running"), (second, "Ended")] {
            if state == "Ended" {
                assert_eq!(end(&mut browser, &id).await.status, 200);
            }
            until(step, || async {
                let asked = sqlx::query_scalar(begun).bind(&id).bind(step);
                let count: i64 = asked.fetch_one(&portal.skyport.db).await.unwrap();
                count > 0
            })
            .await;
            bed.kill();
            let view = reach(&mut browser, &id, state).await;
            until("the engine is back", || async { containers::Engine::at(bed.socket()).await.is_ok() })
                .await;
            assert_eq!(at_engine(&bed, &id).await.len(), usize::from(state == "Running"), "{step}: {view:#}");
        }
        assert_eq!(show(&mut browser, &id).await["item"]["end"], "StoppedByOwner");
    }
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ran_where_nothing_is_configured_any_more_ends() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |config| config.sessions.away_s = 300).await;
    let mut browser = person(&portal, "astronomer").await;
    let id = run(&mut browser, "tiny", &json!({})).await;
    reach(&mut browser, &id, "Running").await;
    let change = sqlx::query("UPDATE sessions SET node = 'sold' WHERE id = $1").bind(&id);
    change.execute(&portal.skyport.db).await.unwrap();
    until("nobody is let in", || async { address(&portal, &id).await.is_none() }).await;
    // Put back in time it goes on.
    let change = sqlx::query("UPDATE sessions SET node = 'n1' WHERE id = $1").bind(&id);
    change.execute(&portal.skyport.db).await.unwrap();
    until("it is found again", || async { address(&portal, &id).await.is_some() }).await;

    let change = sqlx::query("UPDATE sessions SET site = 'sold' WHERE id = $1").bind(&id);
    change.execute(&portal.skyport.db).await.unwrap();
    until("nobody is let in", || async { address(&portal, &id).await.is_none() }).await;
    portal.clock.forward(301);
    let view = reach(&mut browser, &id, "Ended").await;
    assert_eq!(view["item"]["end"], "SiteUnreachable", "{view:#}");
    assert_eq!(booking(&mut browser, &view).await, "Over");
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_half_removed_is_gone() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |_| {}).await;
    let mut browser = person(&portal, "astronomer").await;
    let id = run(&mut browser, "tiny", &json!({})).await;
    reach(&mut browser, &id, "Running").await;
    // Its network stays, as where somebody removes the container alone.
    unseen(&portal, &id, async || bed.remove_container(&format!("skyport-{id}")).await).await;
    let view = reach(&mut browser, &id, "Ended").await;
    assert_eq!(view["item"]["end"], "Vanished", "{view:#}");
    assert_eq!(at_engine(bed, &id).await, [], "and its network with it");

    // As where the portal was killed before it removed its data.
    let data = |id: &str| portal.folder.path().join("sessions/data").join(id);
    for id in [&*id, "strangers"] {
        std::fs::create_dir(data(id)).unwrap();
        std::fs::write(data(id).join("rows.parquet"), "").unwrap();
    }
    portal.clock.forward(660);
    until("its data is removed", || async { !data(&id).exists() }).await;
    assert!(data("strangers").exists(), "what is not known here is left alone");
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_booking_that_came_to_another_node_runs_there() {
    let (bed, second) = (Bed::shared().await, Bed::start().await);
    let portal = portal(bed, None, |config| {
        let site = config.sites.get_mut("here").unwrap();
        site.nodes[0].cores = 1;
        let mut other = site.nodes[0].clone();
        (other.name, other.socket) = ("n2".to_owned(), second.socket().to_owned());
        site.nodes.push(other);
    })
    .await;
    let (mut first, mut other) = (person(&portal, "astronomer").await, person(&portal, "operator").await);
    let now = portal.clock.now();
    let at = |minutes: i64| {
        let from_us = now + minutes * 60_000_000;
        let when = json!({ "Within": { "from_us": from_us, "to_us": from_us + 7_200_000_000_i64 } });
        json!({ "start_us": from_us, "question": { "when": when } })
    };
    let accepted = async |browser: &mut Browser, minutes: i64| {
        let held = hold(browser, &offer("tiny", 30, &at(minutes))).await;
        let answer = accept(browser, &held).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        (held, answer.json().as_str().unwrap().rsplit('/').next().unwrap().to_owned())
    };
    let (booked, id) = accepted(&mut first, 10).await;
    accepted(&mut other, 60).await;
    let node = async |id: &str| -> String {
        let text = "SELECT node FROM sessions WHERE id = $1";
        sqlx::query_scalar(text).bind(id).fetch_one(&portal.skyport.db).await.unwrap()
    };
    let before = node(&id).await;
    let start = (now + 60 * 60_000_000).to_string();
    let moved = first.call("bookings/move", &[("id", &booked), ("start_us", &start)]).await;
    assert_eq!(moved.status, 200, "{moved:?}");
    portal.clock.forward(60 * 60);
    reach(&mut first, &id, "Running").await;
    let after = node(&id).await;
    assert_ne!(before, after, "somebody else has the first");
    let (here, there) = (at_engine(bed, &id).await.len(), at_engine(&second, &id).await.len());
    assert_eq!((here, there), if after == "n2" { (0, 1) } else { (1, 0) });
    portal.stop().await;
}
