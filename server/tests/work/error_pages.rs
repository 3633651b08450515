//! What a browser sees where no page could answer: the frame with the right status, a reference and the next step; and
//! what everybody else gets, as before.

use crate::place::Place;
use crate::support::browser::{Answer, Browser};
use crate::support::faulty_provider;
use axum::Router;
use axum::routing::get;
use reqwest::Method;
use skyport::http::router;
use tokio::net::TcpListener;

/// What a browser sends along when a person opens an address.
const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

/// It is a page with its frame, which holds these words, a way on, and a reference where one is due.
fn assert_framed(answer: &Answer, status: u16, words: &str, has_reference: bool) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.header("content-type").starts_with("text/html"), "{answer:?}");
    let body = &answer.body;
    for part in ["<main id=\"main\"", "class=\"skip\"", "<title>", "class=\"act\"", "Datasets", words] {
        assert!(body.contains(part), "{status} lacks {part}: {body}");
    }
    assert_eq!(body.matches("<h1").count(), 1, "{body}");
    assert_eq!(body.contains("reference "), has_reference, "{body}");
    assert!(!body.contains("hydrate()"), "a script would look for another page at this address");
    assert!(answer.header("content-security-policy").contains("'nonce-"), "{answer:?}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(!answer.header("x-request-id").is_empty());
}

fn assert_plain(answer: &Answer, status: u16, words: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.header("content-type").starts_with("text/plain"), "{answer:?}");
    assert!(answer.body.contains(words) && !answer.body.contains('<'), "{answer:?}");
}

async fn send(browser: &mut Browser, method: Method, path: &str, accept: (&str, &str)) -> Answer {
    let origin = browser.origin().to_owned();
    let headers = [accept, ("origin", &*origin), ("sec-fetch-site", "same-origin")];
    browser.send(method, path, &headers, None).await
}

async fn boom() -> &'static str {
    panic!("a secret of ours")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_has_its_page_and_its_reference() {
    let portal = Place::sqlite().portal(|_| {}).await;
    let routes = Router::new().route("/queries/{id}", get(boom));
    let app = router::outside(routes, &portal.skyport).with_state(portal.skyport.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move { axum::serve(listener, app).await });

    let mut user = portal.browser();
    user.sign_in("astronomer").await;
    let mut browser = Browser::new(address, &portal.skyport.origin);
    browser.cookies = user.cookies;
    let page = send(&mut browser, Method::GET, "/queries/q1?sort=mag", HTML).await;
    assert_framed(&page, 500, "Something broke on our side", true);
    assert!(page.body.contains("href=\"/queries/q1?sort=mag\""), "the way to try again: {}", page.body);
    assert!(page.body.contains("Sign out"), "the frame knows who asks: {}", page.body);
    let visitor =
        send(&mut Browser::new(address, &portal.skyport.origin), Method::GET, "/queries/q1", HTML).await;
    assert!(visitor.body.contains("/sign-in?next=%2Fqueries%2Fq1\""), "{}", visitor.body);
    let text = send(&mut browser, Method::GET, "/queries/q1", ("accept", "*/*")).await;
    assert_plain(&text, 500, "reference ");
    for answer in [&page, &visitor, &text] {
        assert!(!answer.body.contains("a secret of ours"), "{answer:?}");
    }

    portal.skyport.db.close().await;
    let without = send(&mut browser, Method::GET, "/queries/q1", HTML).await;
    assert_framed(&without, 500, "Something broke on our side", true);
    served.abort();
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_taken_says_so_in_the_frame() {
    let portal = Place::sqlite().portal(|config| config.server.body_limit_kib = 64).await;
    let mut browser = portal.browser();
    for (method, path) in
        [(Method::DELETE, "/datasets"), (Method::POST, "/metrics"), (Method::GET, "/api/queries/ask")]
    {
        let page = send(&mut browser, method.clone(), path, HTML).await;
        assert_framed(&page, 405, "does not take that method", true);
        assert!(
            !page.header("allow").is_empty(),
            "{method} {path} says what is taken (RFC 9110, section 15.5.6)"
        );
        assert_plain(&send(&mut browser, method, path, ("accept", "application/json")).await, 405, "method");
    }

    let large = [("adql", "x".repeat(70 * 1024)), ("archive", "local".to_owned()), ("title", String::new())];
    let fields: Vec<(&str, &str)> = large.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let origin = portal.skyport.origin.clone();
    let from = format!("{origin}/datasets/query?archive=local");
    let same = [("origin", &*origin), ("sec-fetch-site", "same-origin"), ("referer", &from), HTML];
    let page = browser.send(Method::POST, "/api/queries/ask_form", &same, Some(&fields)).await;
    assert_framed(&page, 413, "larger than 64 KiB", true);
    assert!(page.body.contains("href=\"/datasets/query?archive=local\""), "back to the form: {}", page.body);
    assert_plain(&browser.call("queries/ask", &fields).await, 413, "larger than 64 KiB");

    let forged = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), HTML];
    let page = browser.send(Method::POST, "/auth/sign-out", &forged, Some(&[])).await;
    assert_framed(&page, 403, "sent from another site", true);

    let page =
        send(&mut browser, Method::GET, "/queries/aaaaaaaaaaaaaaaaaaaaaaaa/download?format=csv", HTML).await;
    assert_framed(&page, 404, "There is nothing here", false);
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_too_long_says_so_in_the_frame() {
    // It takes connections and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", silent.local_addr().unwrap());
    let portal = Place::sqlite()
        .portal(|config| {
            config.server.request_timeout_s = 1;
            faulty_provider::configure(config, &issuer);
        })
        .await;
    let origin = portal.skyport.origin.clone();
    let from = format!("{origin}/sign-in?next=%2Fbasket");
    let mut headers =
        vec![("origin", &*origin), ("sec-fetch-site", "same-origin"), ("referer", &*from), HTML];
    let fields = [("provider", "faulty"), ("next", "/basket")];
    let mut browser = portal.browser();
    let page = browser.send(Method::POST, "/auth/start", &headers, Some(&fields)).await;
    assert_framed(&page, 504, "no answer within 1 s", true);
    assert!(page.body.contains("href=\"/sign-in?next=%2Fbasket\""), "{}", page.body);
    headers.pop();
    let text = browser.send(Method::POST, "/auth/start", &headers, Some(&fields)).await;
    assert_plain(&text, 504, "reference ");
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_functions_keep_their_form() {
    let portal = Place::sqlite().portal(|_| {}).await;
    let mut browser = portal.browser();
    let refused = browser.call("account/show", &[]).await;
    assert_eq!((refused.status, refused.json()), (401, serde_json::json!("SignInNeeded")), "{refused:?}");
    portal.stop().await;
}
