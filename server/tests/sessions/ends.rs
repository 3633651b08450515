//! Every way in which a session ends says why, keeps its log, and leaves nothing behind.

use crate::engine::Bed;
use crate::support::browser::Browser;
use crate::support::portal::Portal;
use crate::world::{
    accept, at_engine, booking, end, events, hold, home, log, offer, person, portal, reach, run, show,
    unseen, until,
};
use serde_json::{Value, json};

/// Lets a session that waits to be told do this.
async fn tell(portal: &Portal, id: &str, script: &str) {
    let home = home(portal, id).await;
    std::fs::write(home.join(".told"), script).unwrap();
    std::fs::rename(home.join(".told"), home.join("go")).unwrap();
}

/// Waits for its end; gives the session once nothing of it is left.
async fn ended(bed: &Bed, browser: &mut Browser, id: &str, reason: &str) -> Value {
    let view = reach(browser, id, "Ended").await;
    assert_eq!(view["item"]["end"], reason, "{view:#}");
    assert_eq!(at_engine(bed, id).await, [], "{reason}");
    assert_ne!(booking(browser, &view).await, "Running", "{reason}");
    view
}

/// For two hours, ten minutes from now.
fn later(portal: &Portal) -> Value {
    let from_us = portal.clock.now() + 600_000_000;
    let when = json!({ "Within": { "from_us": from_us, "to_us": from_us + 7_200_000_000_i64 } });
    json!({ "start_us": from_us, "question": { "when": when } })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_it_runs() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |config| config.sessions.ready_s = 2).await;
    let mut browser = person(&portal, "astronomer").await;

    let id = run(&mut browser, "falls", &json!({})).await;
    let view = ended(bed, &mut browser, &id, "Crashed").await;
    assert_eq!(view["item"]["exit_code"], 7, "{view:#}");
    assert_eq!(log(&mut browser, &id).await, "last words\n");

    let id = run(&mut browser, "silent", &json!({})).await;
    let view = ended(bed, &mut browser, &id, "NotReady").await;
    assert!(view["failure"]["what"].as_str().unwrap().contains("did not answer in time"), "{view:#}");
    assert_eq!(log(&mut browser, &id).await, "nobody at home\n");

    let id = run(&mut browser, "nothing", &json!({})).await;
    ended(bed, &mut browser, &id, "Crashed").await;

    // Told before: an image that nobody could give.
    let held = hold(&mut browser, &offer("absent", 60, &json!({}))).await;
    let no = accept(&mut browser, &held).await;
    assert!(no.status != 200 && no.body.contains("image is not there"), "{no:?}");
    assert_eq!(portal.count("sessions").await, 3, "nothing was written down");

    // A registry that does not answer is waited for, and not for ever.
    let id = run(&mut browser, "elsewhere", &json!({})).await;
    until("it is tried again", || {
        let (mut browser, id) = (browser.clone(), id.clone());
        async move { show(&mut browser, &id).await.to_string().contains("Trying again") }
    })
    .await;
    portal.clock.forward(301);
    let view = ended(bed, &mut browser, &id, "ImageNotFound").await;
    assert!(view["failure"]["what"].as_str().unwrap().contains("registry"), "{view:#}");
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_runs() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |_| {}).await;
    let mut browser = person(&portal, "astronomer").await;
    for (script, reason, code) in [
        ("echo done", "Finished", 0),
        ("echo oh; exit 3", "Crashed", 3),
        ("tail /dev/zero", "OutOfMemory", 137),
        ("echo 'write: No space left on device' >&2; exit 1", "DiskFull", 1),
    ] {
        let id = run(&mut browser, "told", &json!({})).await;
        reach(&mut browser, &id, "Running").await;
        tell(&portal, &id, script).await;
        let view = ended(bed, &mut browser, &id, reason).await;
        assert_eq!(view["item"]["exit_code"], code, "{view:#}");
        assert!(log(&mut browser, &id).await.starts_with("it serves\n"));
        assert_eq!(view["failure"].is_null(), reason == "Finished", "{view:#}");
        std::fs::remove_file(home(&portal, &id).await.join("go")).unwrap();
    }
    // By an operator; and by nobody here.
    let id = run(&mut browser, "told", &json!({})).await;
    reach(&mut browser, &id, "Running").await;
    let mut operator = person(&portal, "operator").await;
    assert_eq!(end(&mut operator, &id).await.status, 200);
    ended(bed, &mut browser, &id, "StoppedByOperator").await;
    let id = run(&mut browser, "tiny", &json!({})).await;
    reach(&mut browser, &id, "Running").await;
    unseen(&portal, &id, async || bed.engine().await.remove(&format!("skyport-{id}")).await.unwrap()).await;
    ended(bed, &mut browser, &id, "Vanished").await;
    // Called off while it is started.
    let id = run(&mut browser, "silent", &json!({})).await;
    reach(&mut browser, &id, "Starting").await;
    assert_eq!(end(&mut browser, &id).await.status, 200);
    ended(bed, &mut browser, &id, "StoppedByOwner").await;
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_home_ends_it_and_is_told_before_the_next() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |config| config.sessions.home_mib = 4).await;
    let mut browser = person(&portal, "astronomer").await;
    let id = run(&mut browser, "told", &json!({})).await;
    reach(&mut browser, &id, "Running").await;
    tell(&portal, &id, "dd if=/dev/urandom of=/home/user/much bs=1M count=8; sleep 100000").await;
    ended(bed, &mut browser, &id, "DiskFull").await;
    // A home is measured every now and then.
    portal.clock.forward(10);
    let list = browser.call("sessions/list", &[("offset", "0")]).await.json();
    assert!(list["home_bytes"].as_u64().unwrap() > 4 << 20, "{list:#}");
    assert_eq!(list["home_limit_bytes"], 4 << 20);
    let held = hold(&mut browser, &offer("tiny", 60, &json!({}))).await;
    let no = accept(&mut browser, &held).await;
    assert!(no.status != 200 && no.body.contains("home folder is full"), "{no:?}");
    // Emptied, it is taken.
    std::fs::remove_file(home(&portal, &id).await.join("much")).unwrap();
    let yes = accept(&mut browser, &held).await;
    assert_eq!(yes.status, 200, "{yes:?}");
    portal.stop().await;
}

/// Waits until this warning is the last that happened.
async fn warned(browser: &Browser, id: &str, minutes: &str) {
    told_last(browser, id, &format!("up in {minutes} minutes")).await;
}

/// Waits until what happened last has these words.
async fn told_last(browser: &Browser, id: &str, words: &str) {
    until(words, || {
        let mut browser = browser.clone();
        async move {
            let view = show(&mut browser, id).await;
            events(&view).first().is_some_and(|last| last.contains(words))
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_time_is_up_with_warnings_before_and_longer_where_it_is_extended() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |config| config.sessions.extend_minutes = 40).await;
    let mut browser = person(&portal, "astronomer").await;
    let id = run(&mut browser, "tiny", &json!({})).await;
    reach(&mut browser, &id, "Running").await;
    portal.clock.forward(31 * 60);
    warned(&browser, &id, "30").await;
    portal.clock.forward(20 * 60);
    warned(&browser, &id, "10").await;
    portal.clock.forward(7 * 60 + 30);
    warned(&browser, &id, "2").await;
    // More than 58 of 60 minutes are over; it is extended by 40, and goes on.
    let extended = browser.call("sessions/extend", &[("id", &id)]).await;
    assert_eq!(extended.status, 200, "{extended:?}");
    portal.clock.forward(12 * 60);
    warned(&browser, &id, "30").await;
    let view = show(&mut browser, &id).await;
    assert_eq!(view["item"]["state"], "Running");
    let told = events(&view);
    assert_eq!(told.iter().filter(|what| what.contains("up in 30 minutes")).count(), 2, "{told:?}");
    assert_eq!(told.iter().filter(|what| what.contains("up in 10 minutes")).count(), 1, "{told:?}");
    portal.clock.forward(31 * 60);
    let view = ended(bed, &mut browser, &id, "TimeUp").await;
    assert_eq!(booking(&mut browser, &view).await, "Over");
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unused_it_ends_after_a_warning_where_its_software_says_so() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |_| {}).await;
    let mut browser = person(&portal, "astronomer").await;
    let hours = json!({ "question": { "minutes": 600 } });
    let (id, stays) = (run(&mut browser, "rests", &hours).await, run(&mut browser, "tiny", &hours).await);
    for id in [&id, &stays] {
        reach(&mut browser, id, "Running").await;
    }
    portal.clock.forward(21 * 60);
    told_last(&browser, &id, "ends in 10 minutes unless somebody opens it").await;
    // Somebody does: all begins anew.
    sqlx::query("UPDATE sessions SET last_used_us = $1 WHERE id = $2")
        .bind(portal.clock.now())
        .bind(&id)
        .execute(&portal.skyport.db)
        .await
        .unwrap();
    // Far later than it may be: even so there is a warning first, and time after it.
    portal.clock.forward(60 * 60);
    until("a second warning", || {
        let mut browser = browser.clone();
        let id = id.clone();
        async move {
            let told = events(&show(&mut browser, &id).await);
            told.iter().filter(|what| what.contains("unless somebody opens it")).count() == 2
        }
    })
    .await;
    assert_eq!(show(&mut browser, &id).await["item"]["state"], "Running");
    portal.clock.forward(11 * 60);
    ended(bed, &mut browser, &id, "Idle").await;
    assert_eq!(show(&mut browser, &stays).await["item"]["state"], "Running", "others do not say so");
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn booked_for_later_it_starts_by_itself() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |_| {}).await;
    let mut browser = person(&portal, "astronomer").await;
    let wanted = later(&portal);
    let id = run(&mut browser, "tiny", &wanted).await;
    let view = reach(&mut browser, &id, "Waiting").await;
    assert!(view["item"]["start_us"].as_i64() >= wanted["start_us"].as_i64(), "{view:#}");
    portal.clock.forward(660);
    reach(&mut browser, &id, "Running").await;
    // And one that is cancelled before its time never starts.
    let id = run(&mut browser, "tiny", &later(&portal)).await;
    let view = reach(&mut browser, &id, "Waiting").await;
    let booked = view["booking"].as_str().unwrap().to_owned();
    assert_eq!(browser.call("bookings/cancel", &[("id", &booked)]).await.status, 200);
    portal.clock.forward(11);
    let view = ended(bed, &mut browser, &id, "StoppedByOwner").await;
    assert_eq!(booking(&mut browser, &view).await, "Cancelled");
    portal.stop().await;
}
