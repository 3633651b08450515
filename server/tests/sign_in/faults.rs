//! What goes wrong at a provider that really does it: its own problem each, no cookie, no sign-in, nothing half done.

use crate::support::browser::{Answer, Browser, plain_client, read};
use crate::support::faulty_provider::{Fault, FaultyProvider, configure};
use crate::support::portal::{HandClock, Portal};
use tokio::net::TcpListener;

async fn start() -> (Portal, FaultyProvider) {
    let told = std::sync::Arc::new(std::sync::OnceLock::<HandClock>::new());
    let later = told.clone();
    let clock = skyport::clock::Clock::of(move || later.get().map_or(0, HandClock::now));
    let provider = FaultyProvider::start(clock).await;
    let portal = Portal::start(|config| provider.configure(config)).await;
    assert!(told.set(portal.clock.clone()).is_ok());
    (portal, provider)
}

/// Goes to the provider and gives the address that it sends the browser back to.
async fn at_provider(browser: &mut Browser, next: &str) -> String {
    let to = browser.begin("faulty", next).await;
    read(plain_client().get(to)).await.location().to_owned()
}

async fn sign_in(browser: &mut Browser) -> Answer {
    let back = at_provider(browser, "/queries").await;
    browser.get(&back).await
}

async fn assert_refused(portal: &Portal, browser: &Browser, answer: &Answer, problem: &str) {
    assert_eq!(answer.status, 303, "{problem}: {answer:?}");
    let expected = format!("/sign-in?problem={problem}&next=");
    assert!(answer.location().starts_with(&expected), "{problem}: {}", answer.location());
    assert!(!browser.is_signed_in(), "{problem}: {answer:?}");
    assert_eq!(portal.count("sign_ins").await, 0, "{problem}");
    assert_eq!(portal.count("users").await, 0, "{problem}");
}

#[tokio::test]
async fn each_fault_of_the_provider_has_its_own_problem() {
    let (portal, provider) = start().await;
    for (fault, problem) in [
        (Fault::SaysError("access_denied"), "cancelled"),
        (Fault::SaysError("temporarily_unavailable"), "unreachable"),
        (Fault::SaysError("invalid_scope"), "config"),
        (Fault::AnswersAsAnother, "issuer"),
        (Fault::AnswersAsNobody, "issuer"),
        (Fault::WrongNonce, "nonce"),
        (Fault::NoNonce, "nonce"),
        (Fault::Expired(121), "expired"),
        (Fault::WrongIssuer, "issuer"),
        (Fault::WrongAudience, "audience"),
        (Fault::SecondAudience, "audience"),
        (Fault::OtherParty, "audience"),
        (Fault::BadSignature, "signature"),
        (Fault::AlgNone, "alg_none"),
        (Fault::Hmac, "signature"),
        (Fault::IssuedIn(180), "skew"),
        (Fault::ValidIn(180), "skew"),
        (Fault::NoIdToken, "claims"),
        (Fault::NoSubject, "claims"),
        (Fault::LongSubject, "claims"),
        (Fault::WrongAccessHash, "claims"),
        (Fault::Redirects, "token"),
        (Fault::GiantToken, "claims"),
        (Fault::TokenIsHtml, "token"),
        (Fault::TokenIsDown, "unreachable"),
        (Fault::TokenRefuses("invalid_client"), "config"),
        (Fault::TokenRefuses("invalid_request"), "token"),
        (Fault::OtherUser, "claims"),
        (Fault::OddAccessToken, "claims"),
    ] {
        provider.set(fault);
        let mut browser = portal.browser();
        let answer = sign_in(&mut browser).await;
        assert_refused(&portal, &browser, &answer, problem).await;
        assert!(answer.location().ends_with("next=%2Fqueries"), "{fault:?}: {}", answer.location());
    }
    assert_eq!(provider.calls("elsewhere"), 0, "the redirect was followed");
    provider.set(Fault::None);
    let mut browser = portal.browser();
    let answer = sign_in(&mut browser).await;
    assert_eq!(answer.location(), "/queries");
    assert!(browser.is_signed_in(), "the provider is trusted again once it behaves");
}

#[tokio::test]
async fn two_minutes_of_skew_are_tolerated() {
    let (portal, provider) = start().await;
    for fault in [Fault::IssuedIn(60), Fault::IssuedIn(120), Fault::ValidIn(110), Fault::Expired(100)] {
        provider.set(fault);
        let mut browser = portal.browser();
        let answer = sign_in(&mut browser).await;
        assert_eq!(answer.location(), "/queries", "{fault:?}");
        assert!(browser.is_signed_in(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_provider_that_is_away_is_said_at_the_start() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let portal = Portal::start(|config| configure(config, &issuer)).await;
    let mut browser = portal.browser();
    let answer = browser.post("/auth/start", &[("provider", "faulty"), ("next", "/queries")]).await;
    assert_refused(&portal, &browser, &answer, "unreachable").await;
    assert_eq!(portal.count("sign_in_attempts").await, 0);
}

#[tokio::test]
async fn a_silent_provider_does_not_hold_anybody_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", silent.local_addr().unwrap());
    let (seen, mut connections) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((connection, _)) = silent.accept().await {
            let _ = seen.send(connection);
        }
    });
    let portal = Portal::start(|config| {
        configure(config, &issuer);
        config.sign_in.provider_timeout_s = 1;
    })
    .await;
    let asks = (0..5).map(|_| {
        let mut browser = portal.browser();
        async move { browser.post("/auth/start", &[("provider", "faulty"), ("next", "/")]).await }
    });
    for answer in futures::future::join_all(asks).await {
        assert_refused(&portal, &portal.browser(), &answer, "unreachable").await;
    }
    let mut tried = 0;
    while connections.try_recv().is_ok() {
        tried += 1;
    }
    assert_eq!(tried, 1, "those who waited share one failure");
}

#[tokio::test]
async fn a_discovery_document_that_cannot_be_right_is_the_operators_to_correct() {
    for fault in [Fault::GiantDiscovery, Fault::OtherIssuerInDiscovery] {
        let (portal, provider) = start().await;
        provider.set(fault);
        let mut browser = portal.browser();
        let answer = browser.post("/auth/start", &[("provider", "faulty"), ("next", "/")]).await;
        assert_refused(&portal, &browser, &answer, "config").await;
        provider.set(Fault::None);
        portal.clock.forward(6);
        browser.begin("faulty", "/").await;
    }
}

#[tokio::test]
async fn an_answer_needs_the_state_that_this_browser_began() {
    let (portal, _provider) = start().await;
    let mut browser = portal.browser();
    let back = at_provider(&mut browser, "/queries").await;

    let mut stateless = url::Url::parse(&back).unwrap();
    let kept: Vec<_> = stateless.query_pairs().into_owned().filter(|(n, _)| n != "state").collect();
    stateless.query_pairs_mut().clear().extend_pairs(kept);
    let answer = browser.get(stateless.as_str()).await;
    assert_refused(&portal, &browser, &answer, "state").await;
    let answer = browser.get("/auth/callback").await;
    assert_refused(&portal, &browser, &answer, "state").await;
    let answer = browser.get(&format!("{back}&state=again")).await;
    assert_refused(&portal, &browser, &answer, "state").await;

    let mut without = portal.browser();
    let answer = without.get(&back).await;
    assert_refused(&portal, &without, &answer, "state").await;
    let mut another = portal.browser();
    another.begin("faulty", "/").await;
    let answer = another.get(&back).await;
    assert_refused(&portal, &another, &answer, "state").await;

    let answer = browser.get(&back).await;
    assert_eq!(answer.location(), "/queries", "nobody else could use it up");
    assert!(browser.is_signed_in());
}

#[tokio::test]
async fn a_state_is_used_once_and_ends_after_ten_minutes() {
    let (portal, _provider) = start().await;
    let mut browser = portal.browser();
    let attempt = at_provider(&mut browser, "/queries").await;
    let cookies = browser.cookies.clone();
    assert_eq!(browser.get(&attempt).await.location(), "/queries");
    let mut again = portal.browser();
    again.cookies = cookies;
    let answer = again.get(&attempt).await;
    assert!(answer.location().starts_with("/sign-in?problem=state"), "{answer:?}");
    assert!(!again.is_signed_in());
    assert_eq!(portal.count("sign_ins").await, 1);

    let mut late = portal.browser();
    let back = at_provider(&mut late, "/queries").await;
    portal.clock.forward(601);
    let answer = late.get(&back).await;
    assert!(answer.location().starts_with("/sign-in?problem=state"), "{answer:?}");
    assert!(!late.is_signed_in());
    portal.skyport.auth.purge().await;
    assert_eq!(portal.count("sign_in_attempts").await, 0);
}

#[tokio::test]
async fn a_code_that_was_used_before_opens_nothing() {
    let (portal, _provider) = start().await;
    let mut first = portal.browser();
    let used = at_provider(&mut first, "/").await;
    assert_eq!(first.get(&used).await.location(), "/");
    let code =
        url::Url::parse(&used).unwrap().query_pairs().find(|(n, _)| n == "code").unwrap().1.into_owned();

    let mut second = portal.browser();
    let mut back = url::Url::parse(&at_provider(&mut second, "/").await).unwrap();
    let pairs: Vec<_> = back.query_pairs().into_owned().collect();
    back.query_pairs_mut()
        .clear()
        .extend_pairs(pairs.iter().map(|(n, v)| (n, if n == "code" { &code } else { v })));
    let answer = second.get(back.as_str()).await;
    assert!(answer.location().starts_with("/sign-in?problem=replayed"), "{answer:?}");
    assert!(!second.is_signed_in());
    assert_eq!(portal.count("sign_ins").await, 1);
}

#[tokio::test]
async fn next_stays_inside() {
    let (portal, provider) = start().await;
    for outside in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""] {
        provider.set(Fault::None);
        let mut browser = portal.browser();
        let back = at_provider(&mut browser, outside).await;
        assert_eq!(browser.get(&back).await.location(), "/", "{outside}");
        provider.set(Fault::WrongNonce);
        let mut browser = portal.browser();
        let back = at_provider(&mut browser, outside).await;
        assert_eq!(browser.get(&back).await.location(), "/sign-in?problem=nonce&next=%2F", "{outside}");
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_once_a_minute_at_most() {
    let (portal, provider) = start().await;
    assert_eq!(sign_in(&mut portal.browser()).await.location(), "/queries");
    assert_eq!(provider.calls("jwks"), 1);
    provider.rotate_key();
    for _ in 0..3 {
        let answer = sign_in(&mut portal.browser()).await;
        assert!(answer.location().starts_with("/sign-in?problem=signature"), "{answer:?}");
    }
    assert_eq!(provider.calls("jwks"), 1, "unknown keys do not make Skyport ask again and again");
    portal.clock.forward(61);
    assert_eq!(sign_in(&mut portal.browser()).await.location(), "/queries");
    assert_eq!((provider.calls("jwks"), provider.calls("discovery")), (2, 1));
}

#[tokio::test]
async fn what_the_id_token_leaves_out_is_asked_of_the_user_endpoint() {
    let (portal, provider) = start().await;
    let mut browser = portal.browser();
    sign_in(&mut browser).await;
    let account = browser.call("account/show", &[]).await.json();
    assert_eq!((&account["name"], &account["groups"][0]), (&"Vera Rubin".into(), &"galaxies".into()));
    assert_eq!(provider.calls("userinfo"), 0);

    provider.set(Fault::Sparse);
    let mut browser = portal.browser();
    sign_in(&mut browser).await;
    let account = browser.call("account/show", &[]).await.json();
    assert_eq!((&account["name"], &account["email"]), (&"Vera R.".into(), &"v@example.org".into()));
    assert_eq!(account["groups"], serde_json::json!(["dark-matter"]));
    assert_eq!(portal.count("users").await, 1, "the same user, brought up to date");

    provider.set(Fault::UnverifiedMail);
    let mut browser = portal.browser();
    sign_in(&mut browser).await;
    let account = browser.call("account/show", &[]).await.json();
    assert_eq!(account["groups"], serde_json::json!(["dark-matter"]));
    assert_eq!(account["email"], serde_json::Value::Null, "nobody has shown that it is theirs");
    assert_eq!(account["subject"], "s-1");
}
