//! Another user's servers are not there, on any route; visitors are sent to sign in.

use crate::paper::PaperSite;
use crate::world::{created, person, portal, reach};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_yours_is_not_there() {
    let site = PaperSite::new();
    let portal = portal(&site, None, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "mine", &key).await;
    reach(&mut browser, &id, "Ready").await;
    let (mut other, other_key) = person(&portal, "operator").await;
    for nobodys in [&*id, "nosuchserver", "../../etc/passwd", &"x".repeat(500)] {
        for (function, fields) in [
            ("servers/show", vec![("id", nobodys)]),
            ("servers/console", vec![("id", nobodys)]),
            ("servers/act", vec![("id", nobodys), ("action", "Stop"), ("name", "")]),
            ("servers/act", vec![("id", nobodys), ("action", "Delete"), ("name", "mine")]),
            ("servers/act", vec![("id", nobodys), ("action", "Rename"), ("name", "yours")]),
        ] {
            assert_eq!(other.call(function, &fields).await.status, 404, "{function} {nobodys}");
        }
    }
    for path in ["events", "console"] {
        assert_eq!(other.get(&format!("/servers/{id}/{path}")).await.status, 404, "{path}");
        assert_eq!(portal.browser().get(&format!("/servers/{id}/{path}")).await.status, 401, "{path}");
    }
    // Nor is another's key to be had for one's own server.
    let stolen = crate::world::create(&mut other, 2, "theirs", &key).await;
    assert_eq!(crate::world::refusal(&stolen).1, "key");
    created(&mut other, 3, "mine", &other_key).await;
    assert_eq!(other.call("servers/list", &[("offset", "0")]).await.json()["total"], 1);
    let mut visitor = portal.browser();
    for (function, fields) in [
        ("servers/list", vec![("offset", "0")]),
        ("servers/choices", vec![("site", "")]),
        ("servers/show", vec![("id", &*id)]),
        ("servers/token", vec![("site", "paper"), ("token", "t")]),
    ] {
        assert_eq!(visitor.call(function, &fields).await.status, 401, "{function}");
    }
    let text = browser.get(&format!("/servers/{id}/console")).await;
    assert_eq!((text.status, text.header("content-type")), (200, "text/plain; charset=utf-8"));
    assert!(text.body.contains("paper console of mine"));
    portal.stop().await;
}

/// The page is told as it happens, and the stream of one that is over ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_tell_and_end() {
    let site = PaperSite::new();
    let portal = portal(&site, None, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "followed", &key).await;
    let mut stream =
        browser.request(reqwest::Method::GET, &format!("/servers/{id}/events"), &[]).send().await.unwrap();
    assert_eq!(stream.status(), 200);
    let mut told = String::new();
    while !told.contains("\"Ready\"") {
        let chunk = stream.chunk().await.unwrap().expect("it tells of what is ready");
        told.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(told.starts_with("event: changed"), "{told}");
    crate::world::act(&mut browser, &id, "Delete", "followed").await;
    let rest = stream.text().await.unwrap();
    assert!(rest.contains("\"Deleted\""), "{rest}");
    let list = browser.request(reqwest::Method::GET, "/servers/events", &[]).send().await.unwrap();
    let reading = tokio::spawn(list.text());
    portal.stop().await;
    assert!(reading.await.unwrap().unwrap().contains("event: changed"));
}
