//! One session from its offer to its last log line.

use crate::engine::Bed;
use crate::world::{
    accept, address, at_engine, booking, end, events, get, hold, log, offer, person, portal, reach, run, show,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_is_run_opened_and_ended() {
    run_one(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_on_postgres() {
    let server = crate::support::postgres::Postgres::start().await;
    run_one(Some(&server.new_database().await)).await;
}

async fn run_one(url: Option<&str>) {
    let bed = Bed::shared().await;
    let portal = portal(bed, url, |_| {}).await;
    let mut browser = person(&portal, "astronomer").await;
    let held = hold(&mut browser, &offer("tiny", 60, &json!({ "title": "Mine" }))).await;
    let first = accept(&mut browser, &held).await;
    assert_eq!(first.status, 200, "{first:?}");
    let id = first.json().as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let again = accept(&mut browser, &held).await;
    assert_eq!(again.json(), first.json(), "accepted twice, it is one session");

    let view = reach(&mut browser, &id, "Running").await;
    let at = address(&portal, &id).await.expect("an address");
    assert!(get(&at, "/").await.unwrap().contains("It runs."), "running means that it answers");
    assert_eq!(view["item"]["title"], "Mine");
    assert_eq!(view["item"]["actions"], json!(["Open", "Extend", "End"]));
    assert!(view["image"].as_str().unwrap().contains("@sha256:"), "{view:#}");
    let steps: Vec<_> = view["steps"].as_array().unwrap().iter().map(|step| step["state"].clone()).collect();
    assert_eq!(steps, ["Done"; 5], "{view:#}");
    assert_eq!(booking(&mut browser, &view).await, "Running");
    assert_eq!(at_engine(bed, &id).await.len(), 1);
    let asked = get(&at, "/cgi-bin/request").await.unwrap();
    assert!(asked.contains("HOME=/home/user") && asked.contains(&format!("SKYPORT_SESSION={id}")), "{asked}");

    assert_eq!(end(&mut browser, &id).await.status, 200);
    let view = reach(&mut browser, &id, "Ended").await;
    assert_eq!(
        (&view["item"]["end"], &view["failure"]),
        (&json!("StoppedByOwner"), &json!(null)),
        "{view:#}"
    );
    assert_eq!(address(&portal, &id).await, None);
    assert_eq!(at_engine(bed, &id).await, []);
    assert_eq!(booking(&mut browser, &view).await, "Over");
    assert!(!portal.folder.path().join("sessions/data").join(&id).exists());
    let told = events(&view);
    assert!(
        told[0].contains("ended by its owner") && told[1] == "It runs." && told[2].contains("begins now"),
        "{told:?}"
    );
    assert_eq!(end(&mut browser, &id).await.status, 200, "ended twice is ended");
    assert_eq!(browser.call("sessions/dismiss", &[("id", &id)]).await.status, 200);
    let list = browser.call("sessions/list", &[("offset", "0")]).await.json();
    assert_eq!(list["total"], 0, "{list:#}");
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_said_is_read_while_it_runs_and_afterwards() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |_| {}).await;
    let mut browser = person(&portal, "astronomer").await;
    let id = run(&mut browser, "told", &json!({})).await;
    reach(&mut browser, &id, "Running").await;
    assert_eq!(log(&mut browser, &id).await, "it serves\n");
    let home = crate::world::home(&portal, &id).await;
    std::fs::write(home.join("go"), "echo last words; exit 7").unwrap();
    let view = reach(&mut browser, &id, "Ended").await;
    assert_eq!(
        (&view["item"]["end"], &view["item"]["exit_code"]),
        (&json!("Crashed"), &json!(7)),
        "{view:#}"
    );
    assert!(view["failure"]["what"].as_str().unwrap().contains("exit code 7"), "{view:#}");
    assert_eq!(view["has_log"], true);
    assert_eq!(log(&mut browser, &id).await, "it serves\nlast words\n");
    let file = browser.get(&format!("/sessions/{id}/log")).await;
    assert_eq!((file.status, file.body.as_str()), (200, "it serves\nlast words\n"));
    assert_eq!(show(&mut browser, &id).await["item"]["state"], "Ended");
    portal.stop().await;
}
