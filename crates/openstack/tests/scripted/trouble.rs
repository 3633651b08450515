//! Networks and servers at their worst: nothing is sent where it should not go, and what may have been done is looked for.

use std::sync::{Arc, Mutex};

use openstack::{Cloud, Reason, Retry};
use serde_json::{Value, json};

use crate::site::{Answer, Site, credentials, hasty, reason, server, session, wish};

#[tokio::test]
async fn no_redirect_is_followed_and_no_token_goes_along() {
    let (site, other) = (Site::start().await, Site::start().await);
    let away = |status| {
        let location = format!("Location: http://127.0.0.1:{}/v3/auth/tokens?secret=1", other.port);
        Answer::page(status, "elsewhere").with(&location)
    };
    let session = site.session().await;
    let to = Reason::Redirected { to: format!("http://127.0.0.1:{}/v3/auth/tokens", other.port) };
    for status in [301, 302, 303, 307, 308] {
        for (method, path) in [
            ("GET", "/nova/v2.1/flavors/detail"),
            ("POST", "/nova/v2.1/servers"),
            ("POST", "/v3/OS-FEDERATION/identity_providers/egi.eu/protocols/openid/auth"),
        ] {
            site.on(method, path, away(status));
        }
        assert_eq!(reason(session.flavors().await), to);
        assert_eq!(reason(session.create_server(&wish()).await), to);
        assert_eq!(reason(site.cloud().sign_in(&credentials()).await), to);
    }
    assert!(other.asked().is_empty());
}

/// Answers `answer` to a creation, having made the server all the same.
fn creates_but(site: &Site, answer: Answer) -> Arc<Mutex<Vec<Value>>> {
    let made = Arc::new(Mutex::new(Vec::new()));
    let (write, read) = (Arc::clone(&made), Arc::clone(&made));
    site.act("POST", "/nova/v2.1/servers", move |asked| {
        let wanted = asked.json();
        let mut made = write.lock().unwrap();
        let mut new = server(&format!("s{}", made.len() + 1));
        if let Some(tags) = wanted["server"].get("tags") {
            new["tags"] = tags.clone();
        }
        new["metadata"] = wanted["server"]["metadata"].clone();
        made.push(new);
        answer.clone()
    });
    site.act("GET", "/nova/v2.1/servers/detail", move |asked| {
        let tag = url::form_urlencoded::parse(asked.query.as_bytes())
            .find(|(n, _)| n == "tags")
            .map(|(_, v)| v.into_owned());
        let servers: Vec<Value> = read
            .lock()
            .unwrap()
            .iter()
            .filter(|s| tag.as_ref().is_none_or(|t| s["tags"][0] == **t))
            .cloned()
            .collect();
        Answer::json(200, &json!({"servers": servers}))
    });
    made
}

#[tokio::test]
async fn a_creation_without_an_answer_is_looked_for_and_not_repeated() {
    for answer in [
        Answer::Cut,
        Answer::CutInside(202),
        Answer::Silence,
        Answer::Drip,
        Answer::Flood,
        Answer::page(500, "<h1>Internal error</h1>"),
        Answer::page(502, "Bad gateway"),
        Answer::page(504, "Gateway timeout"),
        Answer::page(202, "<html>accepted?</html>"),
        Answer::json(202, &json!({"server": {}})),
    ] {
        for newest in ["2.96", "2.40"] {
            let site = Site::start().await;
            site.furnish(&format!("http://127.0.0.1:{}", site.port), newest);
            let made = creates_but(&site, answer.clone());
            let cloud = Cloud::new(hasty(site.settings())).unwrap();
            let session = session(&cloud).await.unwrap();
            let fault = session.ensure_server(&wish()).await.unwrap_err();
            assert_eq!((&fault.reason, fault.retry()), (&Reason::OutcomeUnknown, Retry::LookFirst));
            // By tag, or on an old site by metadata.
            assert_eq!(session.find_server(&wish().operation).await.unwrap().unwrap().id, "s1");
            assert_eq!(session.ensure_server(&wish()).await.unwrap(), "s1");
            assert_eq!(made.lock().unwrap().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_question_without_an_answer_is_asked_again_later() {
    let site = Site::start().await;
    let cloud = Cloud::new(hasty(site.settings())).unwrap();
    let session = session(&cloud).await.unwrap();
    for answer in [Answer::Cut, Answer::CutInside(200), Answer::Silence, Answer::Drip, Answer::page(500, "x")]
    {
        site.on("GET", "/nova/v2.1/limits", answer);
        let fault = session.compute_limits().await.unwrap_err();
        assert_eq!(fault.reason, Reason::Unavailable { after: None });
        assert!(matches!(fault.retry(), Retry::After(_)));
    }
    site.on("GET", "/nova/v2.1/limits", Answer::page(200, "<html>Welcome</html>"));
    assert_eq!(reason(session.compute_limits().await), Reason::Unreadable);
}

#[tokio::test]
async fn long_answers_are_not_read() {
    use std::io::Write as _;
    let site = Site::start().await;
    let session = site.session().await;
    site.on("GET", "/nova/v2.1/limits", Answer::Flood);
    assert_eq!(reason(session.compute_limits().await), Reason::TooLong);
    // What counts is the length after decompression.
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gz.write_all(&vec![b' '; 20 << 20]).unwrap();
    let bomb = gz.finish().unwrap();
    assert!(bomb.len() < 64 * 1024);
    site.on("GET", "/nova/v2.1/limits", Answer::Whole(200, "Content-Encoding: gzip\r\n".to_owned(), bomb));
    assert_eq!(reason(session.compute_limits().await), Reason::TooLong);
    // A refusal stays one, however many words it has.
    let long = format!("{{\"badRequest\": {{\"message\": \"{}\"}}}}", "long ".repeat(100_000));
    site.on("POST", "/nova/v2.1/servers", Answer::page(400, &long));
    let fault = session.create_server(&wish()).await.unwrap_err();
    assert_eq!(fault.reason, Reason::BadRequest);
    assert!(fault.words().chars().count() <= 501, "{}", fault.words().len());
}

#[tokio::test]
async fn nobody_there_means_that_nothing_was_done() {
    let site = Site::start().await;
    let session = site.session().await;
    session.microversion().await.unwrap();
    let port = site.port;
    drop(site);
    // The port is free again once the listener has gone with its task.
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let fault = session.create_server(&wish()).await.unwrap_err();
    assert_eq!(fault.reason, Reason::Unreachable { host: "127.0.0.1".into() });
    assert!(matches!(fault.retry(), Retry::After(_)));
    assert!(std::error::Error::source(&fault).is_some());
}

#[tokio::test]
async fn two_servers_of_one_operation_are_seen_as_the_older_one() {
    let site = Site::start().await;
    let session = site.session().await;
    let (mut a, mut b) = (server("a"), server("b"));
    a["created"] = json!("2026-11-22T20:00:05Z");
    b["created"] = json!("2026-11-22T20:00:01Z");
    site.on("GET", "/nova/v2.1/servers/detail", Answer::json(200, &json!({"servers": [a, b]})));
    assert_eq!(session.find_server(&wish().operation).await.unwrap().unwrap().id, "b");
}
