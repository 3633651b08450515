//! Cookies' attributes, forms of other sites, and how often one may try.

use crate::support::faulty_provider::FaultyProvider;
use crate::support::portal::Portal;
use reqwest::Method;

#[tokio::test]
async fn cookies_on_loopback() {
    let portal = Portal::start(|_| ()).await;
    let mut browser = portal.browser();
    let started = browser.post("/auth/start", &[("provider", "demo"), ("next", "/")]).await;
    let [attempt] = started.set_cookies()[..] else { panic!("{started:?}") };
    assert!(attempt.starts_with("skyport-attempt="), "{attempt}");
    assert!(attempt.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=600"), "{attempt}");
    let answer = browser.sign_in_to("astronomer", "/").await;
    let cookies = answer.set_cookies();
    let session = cookies.iter().find(|c| c.starts_with("skyport=")).expect("a session cookie");
    assert!(session.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000"), "{session}");
    assert_eq!(session.split(['=', ';']).nth(1).unwrap().len(), 43, "256 bits: {session}");
    assert!(cookies.iter().any(|c| c.starts_with("skyport-attempt=;")), "{cookies:?}");
    assert!(!cookies.iter().any(|c| c.contains("Domain")), "{cookies:?}");
}

#[tokio::test]
async fn cookies_behind_https() {
    let provider = FaultyProvider::start(skyport::clock::Clock::system()).await;
    let portal = Portal::start(|config| {
        provider.configure(config);
        config.server.public_url = "https://portal.example.org".to_owned();
    })
    .await;
    let mut browser = portal.browser();
    let to = browser.begin("faulty", "/").await;
    assert!(to.contains("redirect_uri=https%3A%2F%2Fportal.example.org%2Fauth%2Fcallback"), "{to}");
    let back = crate::support::browser::read(crate::support::browser::plain_client().get(to)).await;
    let answer = browser.get(back.location()).await;
    let cookies = answer.set_cookies();
    let session = cookies.iter().find(|c| c.starts_with("__Host-skyport=")).expect("a session cookie");
    assert!(session.contains("; Secure;") && session.contains("; Path=/"), "{session}");
    assert!(session.contains("; HttpOnly") && session.contains("; SameSite=Lax"), "{session}");
    assert!(!session.contains("Domain"), "{session}");
    assert!(answer.header("strict-transport-security").contains("max-age="));
    let account = browser.call("account/show", &[]).await;
    assert_eq!(account.status, 200, "{account:?}");
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let portal = Portal::start(|_| ()).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    for path in ["/auth/start", "/auth/sign-out", "/auth/sign-out-everywhere"] {
        for headers in [
            [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
            [("origin", "null"), ("sec-fetch-site", "cross-site")],
            [("origin", "https://evil.example"), ("x-other", "x")],
        ] {
            let answer = browser
                .send(Method::POST, path, &headers, Some(&[("provider", "demo"), ("next", "/")]))
                .await;
            assert_eq!(answer.status, 403, "{path} {headers:?}");
        }
        let answer = browser.get(path).await;
        assert_ne!(answer.status, 303, "{path} by GET does nothing");
    }
    assert_eq!(portal.count("sign_ins").await, 1);
    assert_eq!(browser.call("account/show", &[]).await.status, 200);
}

#[tokio::test]
async fn one_address_may_try_so_often() {
    let portal = Portal::start(|config| config.sign_in.attempts_per_minute = 3).await;
    let mut browser = portal.browser();
    for _ in 0..3 {
        browser.begin("demo", "/queries").await;
    }
    let answer = browser.post("/auth/start", &[("provider", "demo"), ("next", "/queries")]).await;
    assert_eq!(answer.location(), "/sign-in?problem=rate&next=%2Fqueries");
    assert_eq!(answer.header("retry-after"), "20");
    assert_eq!(portal.count("sign_in_attempts").await, 3);
    portal.clock.forward(20);
    browser.begin("demo", "/").await;

    for _ in 0..3 {
        assert!(browser.get("/auth/callback?state=x").await.location().contains("problem=state"));
    }
    let answer = browser.get("/auth/callback?state=x").await;
    assert!(answer.location().contains("problem=rate"), "{answer:?}");
}

#[tokio::test]
async fn a_proxy_that_is_trusted_tells_the_address() {
    let portal = Portal::start(|config| {
        config.sign_in.attempts_per_minute = 1;
        config.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let mut browser = portal.browser();
    let origin = portal.skyport.origin.clone();
    let mut from = async |address: &str| {
        let headers = [("origin", &*origin), ("x-forwarded-for", address)];
        let form = [("provider", "demo"), ("next", "/")];
        browser.send(Method::POST, "/auth/start", &headers, Some(&form)).await.status
    };
    assert_eq!(from("192.0.2.1").await, 200);
    assert_eq!(from("192.0.2.1").await, 303);
    assert_eq!(from("192.0.2.2").await, 200);
    assert_eq!(from("192.0.2.9, 192.0.2.2").await, 303, "what the client itself claims does not count");
}

#[tokio::test]
async fn a_stale_or_forged_form_leads_to_the_sign_in_page() {
    let provider = FaultyProvider::start(skyport::clock::Clock::system()).await;
    let portal = Portal::start(|config| {
        provider.configure(config);
        config.sign_in.demo = Some(true);
    })
    .await;
    let mut browser = portal.browser();
    for fields in
        [&[("provider", "gone"), ("next", "/a")][..], &[("next", "/a")], &[("provider", ""), ("next", "/a")]]
    {
        let answer = browser.post("/auth/start", fields).await;
        assert_eq!((answer.status, answer.location()), (303, "/sign-in?next=%2Fa"), "{fields:?}");
    }
    assert_eq!(browser.post("/auth/start", &[("x", "y")]).await.location(), "/sign-in?next=%2F");
    assert_eq!(portal.count("sign_in_attempts").await, 0);
}

#[tokio::test]
async fn who_begins_under_another_name_of_this_machine_is_led_to_the_right_one() {
    let portal = Portal::start(|_| ()).await;
    let mut browser = portal.browser();
    let host = format!("localhost:{}", portal.address.port());
    let origin = format!("http://{host}");
    let headers = [("host", &*host), ("origin", &*origin)];
    let form = [("provider", "demo"), ("next", "/queries")];
    let answer = browser.send(Method::POST, "/auth/start", &headers, Some(&form)).await;
    let expected = format!("{}/sign-in?next=%2Fqueries", portal.skyport.origin);
    assert_eq!((answer.status, answer.location()), (303, &*expected), "{answer:?}");
}
