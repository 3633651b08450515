//! Every page for somebody without any cookie: its status, its policy, and no script or style that the policy refuses.

use crate::place::Place;
use crate::routes;
use std::collections::BTreeSet;

/// For each page: an address of it, and what nobody gets there.
const PAGES: &[(&str, &str, u16)] = &[
    ("/", "/", 200),
    ("/datasets", "/datasets", 200),
    ("/datasets/query", "/datasets/query", 200),
    ("/datasets/:archive", "/datasets/local", 200),
    ("/datasets/:archive", "/datasets/nothing", 404),
    ("/queries", "/queries", 200),
    ("/queries/:id", "/queries/aaaaaaaaaaaaaaaaaaaaaaaa", 404),
    ("/queries/:id", "/queries/%00", 404),
    ("/basket", "/basket", 200),
    ("/keys", "/keys", 200),
    ("/servers", "/servers", 200),
    ("/servers/new", "/servers/new", 200),
    ("/servers/:id", "/servers/aaaaaaaaaaaaaaaaaaaaaaaa", 401),
    ("/software", "/software", 200),
    ("/software/new", "/software/new", 200),
    ("/software/:name", "/software/notebook", 200),
    ("/software/:name", "/software/nothing", 404),
    ("/software/:name", "/software/%00", 404),
    ("/plan", "/plan", 200),
    ("/plan", "/plan?software=nothing&cores=x&when=within&from=soon", 200),
    ("/bookings", "/bookings", 200),
    ("/bookings/:id", "/bookings/aaaaaaaaaaaaaaaaaaaaaaaa", 401),
    ("/sessions", "/sessions", 200),
    ("/sessions/:id", "/sessions/aaaaaaaaaaaaaaaaaaaaaaaa", 401),
    ("/sign-in", "/sign-in", 200),
    ("/account", "/account", 200),
    ("", "/nothing/at/all", 404),
    ("", "/queries/a/b", 404),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answer_with_status_and_policy() {
    let portal = Place::sqlite().portal(|_| {}).await;
    let listed: BTreeSet<String> =
        PAGES.iter().map(|(route, ..)| (*route).to_owned()).filter(|r| !r.is_empty()).collect();
    assert_eq!(listed, routes::pages().into_iter().collect(), "every page has its row here, and no other");
    let mut nonces = BTreeSet::new();
    for (_, address, status) in PAGES {
        let mut browser = portal.browser();
        let page = browser.get(address).await;
        assert_eq!(page.status, *status, "{address}: {}", page.body);
        assert!(browser.cookies.is_empty(), "looking at {address} sets no cookie");
        assert!(page.header("content-type").starts_with("text/html"), "{address}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(page.header(name), value, "{address}");
        }
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'")
                && !policy.contains("unsafe-inline")
                && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
        let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
        let nonce = rest.split('\'').next().unwrap();
        assert!(nonce.len() >= 16 && nonces.insert(nonce.to_owned()), "each page has its own nonce: {nonce}");
        for script in page.body.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap()) {
            assert!(
                script.contains(&format!("nonce=\"{nonce}\"")) || script.contains(" src=\""),
                "{address}: <script{script}>"
            );
        }
        for refused in [" style=\"", " onclick=", " onload=", " onerror=", "javascript:"] {
            assert!(!page.body.contains(refused), "{address} has {refused}");
        }
        for part in ["<main id=\"main\"", "class=\"skip\"", "<h1", "<title>", "lang=\"en\""] {
            assert!(page.body.contains(part), "{address} lacks {part}");
        }
    }
    portal.stop().await;
}
