//! Whose a session is: its owner's, and whom it is shared with; nobody else is told that there is one.

use crate::engine::Bed;
use crate::support::browser::{Answer, Browser};
use crate::world::{accept, address, end, get, hold, offer, person, portal, reach, run, show};
use serde_json::json;

/// What is not theirs is not found, whatever they ask.
async fn sees_nothing(browser: &mut Browser, id: &str) {
    for (function, fields) in [
        ("sessions/show", vec![("id", id)]),
        ("sessions/log", vec![("id", id)]),
        ("sessions/end", vec![("id", id)]),
        ("sessions/extend", vec![("id", id)]),
        ("sessions/dismiss", vec![("id", id)]),
        ("sessions/rename", vec![("id", id), ("title", "theirs")]),
        ("sessions/share", vec![("id", id), ("with", "astronomer"), ("on", "true")]),
    ] {
        let answer = browser.call(function, &fields).await;
        assert_eq!(answer.status, 404, "{function}: {answer:?}");
    }
    for route in ["events", "log", "output/a"] {
        let answer = browser.get(&format!("/sessions/{id}/{route}")).await;
        assert_eq!(answer.status, 404, "{route}: {answer:?}");
    }
    let list = browser.call("sessions/list", &[("offset", "0")]).await.json();
    assert_eq!(list["total"], 0, "{list:#}");
}

async fn share(browser: &mut Browser, id: &str, with: &str, group: &str) -> Answer {
    share_to(browser, id, with, group, "true").await
}

/// The same, to use it or to look at it alone.
async fn share_to(browser: &mut Browser, id: &str, with: &str, group: &str, control: &str) -> Answer {
    let fields = [("id", id), ("with", with), ("group", group), ("control", control), ("on", "true")];
    browser.call("sessions/share", &fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shared_with_a_person_and_with_them_no_longer() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |_| {}).await;
    // The operator owns it: an operator may end what is others'.
    let mut owner = person(&portal, "operator").await;
    let mut other = person(&portal, "astronomer").await;
    let id = run(&mut owner, "tiny", &json!({})).await;
    reach(&mut owner, &id, "Running").await;
    sees_nothing(&mut other, &id).await;

    assert_eq!(share(&mut owner, &id, "nobody", "false").await.status, 422);
    assert_eq!(share(&mut owner, &id, "not-mine", "true").await.status, 422);
    assert_eq!(share(&mut owner, &id, "astronomer", "false").await.status, 200);
    let view = show(&mut other, &id).await;
    let item = &view["item"];
    assert_eq!((&item["mine"], &item["actions"]), (&json!(false), &json!(["Open"])), "{view:#}");
    assert_eq!(view["shares"], json!([]), "with whom else is not theirs to know");
    let list = other.call("sessions/list", &[("offset", "0")]).await.json();
    assert_eq!((&list["total"], &list["live"]), (&json!(1), &json!(0)), "{list:#}");
    assert_eq!(show(&mut owner, &id).await["shares"].as_array().unwrap().len(), 1);
    for function in ["sessions/end", "sessions/extend", "sessions/dismiss"] {
        assert_eq!(other.call(function, &[("id", &id)]).await.status, 404, "{function}");
    }
    let key = show(&mut owner, &id).await["shares"][0]["key"].as_str().unwrap().to_owned();
    let by_name = [("id", id.as_str()), ("with", "astronomer"), ("key", "astronomer"), ("on", "false")];
    assert_eq!(owner.call("sessions/share", &by_name).await.status, 200);
    show(&mut other, &id).await;
    let by_key = [("id", id.as_str()), ("key", &key), ("group", "false"), ("on", "false")];
    assert_eq!(owner.call("sessions/share", &by_key).await.status, 200);
    sees_nothing(&mut other, &id).await;

    assert_eq!(owner.call("sessions/rename", &[("id", &id), ("title", "Another name")]).await.status, 200);
    assert_eq!(show(&mut owner, &id).await["item"]["title"], "Another name");
    assert_eq!(owner.call("sessions/rename", &[("id", &id), ("title", "")]).await.status, 422);
    assert_ne!(owner.call("sessions/dismiss", &[("id", &id)]).await.status, 200, "it lives");
    assert_eq!(end(&mut owner, &id).await.status, 200);
    reach(&mut owner, &id, "Ended").await;
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shared_to_look_at_alone() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |_| {}).await;
    let mut owner = person(&portal, "operator").await;
    let mut other = person(&portal, "astronomer").await;
    for (software, actions) in [("watched", json!(["Open"])), ("tiny", json!([]))] {
        let id = run(&mut owner, software, &json!({})).await;
        let view = reach(&mut owner, &id, "Running").await;
        assert_eq!(view["can_be_watched"], software == "watched", "{view:#}");
        assert_eq!(share_to(&mut owner, &id, "astronomers", "true", "false").await.status, 200);
        let seen = show(&mut other, &id).await;
        assert_eq!(
            (&seen["item"]["actions"], &seen["item"]["control"]),
            (&actions, &json!(false)),
            "{seen:#}"
        );
        let list = other.call("sessions/list", &[("offset", "0")]).await.json();
        assert_eq!(list["items"][0]["actions"], actions, "{list:#}");
        // What the door would lead to, each at a real interface of the same container.
        let at = address(&portal, &id).await.unwrap();
        let watched = at.replace(":8080", ":8081");
        assert!(get(&at, "/").await.is_some_and(|page| !page.contains("only seen")));
        assert_eq!(
            get(&watched, "/").await.is_some_and(|page| page.contains("only seen")),
            software == "watched"
        );

        assert_eq!(share_to(&mut owner, &id, "astronomers", "true", "true").await.status, 200);
        let shares = show(&mut owner, &id).await["shares"].clone();
        let changed =
            json!([{ "with": "astronomers", "key": "astronomers", "group": true, "control": true }]);
        assert_eq!(shares, changed, "one share, and not two");
        let seen = show(&mut other, &id).await;
        assert_eq!((&seen["item"]["actions"], &seen["item"]["control"]), (&json!(["Open"]), &json!(true)));
        assert_eq!(end(&mut owner, &id).await.status, 200);
        reach(&mut owner, &id, "Ended").await;
    }
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_at_once_than_the_limit() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |config| config.sessions.per_user = 1).await;
    let mut browser = person(&portal, "astronomer").await;
    let first = hold(&mut browser, &offer("tiny", 60, &json!({}))).await;
    let second = hold(&mut browser, &offer("tiny", 60, &json!({}))).await;
    let (mut here, mut there) = (browser.clone(), browser.clone());
    let (one, two) = tokio::join!(accept(&mut here, &first), accept(&mut there, &second));
    let yes = [&one, &two].into_iter().filter(|answer| answer.status == 200).count();
    assert_eq!(yes, 1, "{one:?} {two:?}");
    let no = if one.status == 200 { two } else { one };
    assert!(no.body.contains("1 session already"), "{no:?}");
    assert_eq!(portal.count("sessions").await, 1);
    portal.stop().await;
}

/// Each site is locked for itself: what a person has at all of them is counted all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_at_once_than_the_limit_at_several_sites() {
    let bed = Bed::shared().await;
    let server = crate::support::postgres::Postgres::start().await;
    let database = server.new_database().await;
    let sites = ["here", "b", "c", "d", "e", "f"];
    let portal = portal(bed, Some(&database), |config| {
        config.sessions.per_user = 1;
        // The six are one engine, which is not asked six times a second.
        config.sessions.reconcile_s = 3600;
        let site = config.sites["here"].clone();
        config.sites.extend(sites.map(|name| (name.to_owned(), site.clone())));
    })
    .await;
    let mut browser = person(&portal, "astronomer").await;
    let mut held = Vec::new();
    for site in sites {
        held.push(hold(&mut browser, &offer("tiny", 60, &json!({ "site": site }))).await);
    }
    let answers = futures::future::join_all(held.iter().map(|booking| {
        let mut browser = browser.clone();
        async move { accept(&mut browser, booking).await }
    }))
    .await;
    let (yes, no): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!(yes.len(), 1, "{answers:?}");
    assert!(no.iter().all(|answer| answer.body.contains("1 session already")), "{no:?}");
    assert_eq!(portal.count("sessions").await, 1);
    portal.stop().await;
}
