//! The stream of a query's states: each change once, the end is the end.

use crate::asking_world::{ask, over, until};
use crate::place::Place;
use crate::slow_tap::SlowTap;
use serde_json::Value;

/// The events of a stream that has ended, each with its name.
fn events(body: &str) -> Vec<(String, Value)> {
    let event = |block: &str| {
        let line = |start: &str| block.lines().find_map(|line| line.strip_prefix(start)).map(str::trim);
        let data = line("data:")?;
        Some((line("event:")?.to_owned(), serde_json::from_str(data).unwrap()))
    };
    body.split("\n\n").filter_map(event).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tells_states_and_ends() {
    let tap = SlowTap::start().await;
    let portal = Place::sqlite().portal(|config| tap.configure(config)).await;
    let mut browser = portal.browser();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(ask(&mut browser, "slow", "SELECT * FROM gated").await);
    }
    until("two at the archive", || async { tap.open() == 2 }).await;
    let path = format!("/queries/{}/events", ids[2]);
    let stream = browser.request(reqwest::Method::GET, &path, &[]).send().await.unwrap();
    assert_eq!(
        (stream.status().as_u16(), &stream.headers()["content-type"]),
        (200, &"text/event-stream".parse().unwrap())
    );
    tap.let_go(3);
    let events = events(&stream.text().await.unwrap());
    assert!(events.iter().all(|(name, view)| name == "state" && view["id"] == *ids[2]));
    let states: Vec<&str> = events.iter().map(|(_, view)| view["state"].as_str().unwrap()).collect();
    assert_eq!(states.last(), Some(&"Completed"), "{states:?}");
    assert!(
        states.is_sorted_by_key(|state| ["Queued", "Running", "Completed"].iter().position(|s| s == state))
    );
    assert!(events.windows(2).all(|pair| pair[0].1 != pair[1].1), "no state is told twice");
    assert_eq!(events.last().unwrap().1, over(&mut browser, &ids[2]).await);

    let again = browser.get(&format!("/queries/{}/events", ids[2])).await;
    assert_eq!(self::events(&again.body).len(), 1, "what is over has one state");
    assert_eq!(portal.browser().get(&format!("/queries/{}/events", ids[2])).await.status, 404);
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ends_when_the_portal_stops() {
    let tap = SlowTap::start().await;
    let change = |config: &mut skyport::config::Config| {
        tap.configure(config);
        config.server.drain_s = 1;
    };
    let portal = Place::sqlite().portal(change).await;
    let mut browser = portal.browser();
    let id = ask(&mut browser, "slow", "SELECT * FROM gated").await;
    until("it runs", || async { tap.open() == 1 }).await;
    let request = browser.request(reqwest::Method::GET, &format!("/queries/{id}/events"), &[]);
    let stream = request.send().await.unwrap();
    assert_eq!(stream.status(), 200);
    let read = tokio::spawn(stream.text());
    portal.stop().await;
    assert!(read.await.unwrap().unwrap().contains("\"Running\""), "the stream ended, and was not cut");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_oldest_gives_way_and_says_why() {
    let tap = SlowTap::start().await;
    let change = |config: &mut skyport::config::Config| {
        tap.configure(config);
        config.queries.streams_per_owner = 2;
    };
    let portal = Place::sqlite().portal(change).await;
    let mut browser = portal.browser();
    let id = ask(&mut browser, "slow", "SELECT * FROM gated").await;
    until("it runs", || async { tap.open() == 1 }).await;
    let mut streams = Vec::new();
    for _ in 0..3 {
        let request = browser.request(reqwest::Method::GET, &format!("/queries/{id}/events"), &[]);
        let stream = request.send().await.unwrap();
        assert_eq!(stream.status(), 200);
        streams.push(stream);
    }
    let first = streams.remove(0).text();
    let first = tokio::time::timeout(crate::asking_world::DEADLINE, first).await.expect("it ends").unwrap();
    assert!(first.contains("\"Running\""), "{first}");
    assert!(first.contains("event: closed") && first.contains("more queries at once"), "{first}");
    tap.let_go(1);
    for stream in streams {
        let rest = stream.text().await.unwrap();
        assert!(rest.contains("\"Completed\"") && !rest.contains("event: closed"), "{rest}");
    }
    portal.stop().await;
}
