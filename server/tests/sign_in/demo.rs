//! The whole flow against the demo issuer.

use crate::support::browser::{plain_client, read};
use crate::support::portal::Portal;
use serde_json::Value;

#[tokio::test]
async fn signs_in_and_comes_back_to_where_one_was() {
    let portal = Portal::start(|_| ()).await;
    let mut browser = portal.browser();
    let answer = browser.sign_in_to("astronomer", "/queries?sort=time&x=%2F").await;
    assert_eq!((answer.status, answer.location()), (303, "/queries?sort=time&x=%2F"), "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(browser.is_signed_in());
    assert_eq!((portal.count("users").await, portal.count("sign_ins").await), (1, 1));
    assert_eq!(portal.count("sign_in_attempts").await, 0, "the attempt is used up");

    let account = browser.call("account/show", &[]).await.json();
    assert_eq!(account["name"], "Demo Astronomer");
    assert_eq!(account["email"], "astronomer@demo.invalid");
    assert_eq!(account["groups"], serde_json::json!(["astronomers"]));
    assert_eq!(account["issuer"], portal.skyport.auth.demo_issuer().unwrap());
    let [only] = account["sign_ins"].as_array().unwrap().as_slice() else { panic!("{account}") };
    assert_eq!(only["device"], "Firefox on Linux");
    assert_eq!((&only["this_one"], &only["provider"]), (&Value::Bool(true), &Value::from("Demo users")));
    portal.stop().await;
}

#[tokio::test]
async fn the_same_person_is_the_same_user_and_another_is_not() {
    let portal = Portal::start(|_| ()).await;
    for user in ["astronomer", "astronomer", "operator"] {
        portal.browser().sign_in(user).await;
    }
    assert_eq!((portal.count("users").await, portal.count("sign_ins").await), (2, 3));
    let mut browser = portal.browser();
    browser.sign_in("operator").await;
    let account = browser.call("account/show", &[]).await.json();
    assert_eq!(account["groups"], serde_json::json!(["astronomers", "operators"]));
}

#[tokio::test]
async fn cancelling_leads_back_without_a_sign_in() {
    let portal = Portal::start(|_| ()).await;
    let mut browser = portal.browser();
    let answer = browser.sign_in_to("", "/basket").await;
    assert_eq!(answer.location(), "/sign-in?problem=cancelled&next=%2Fbasket");
    assert!(!browser.is_signed_in());
    assert_eq!(portal.count("sign_ins").await, 0);
}

#[tokio::test]
async fn lists_its_provider_and_offers_the_demo_on_its_page() {
    let portal = Portal::start(|_| ()).await;
    let mut browser = portal.browser();
    let providers = browser.call("account/providers", &[]).await.json();
    assert_eq!(providers, serde_json::json!([{"id": "demo", "name": "Demo users", "demo": true}]));
    let frame = browser.call("account/frame", &[]).await.json();
    assert_eq!((&frame["demo"], &frame["name"]), (&Value::Bool(true), &Value::Null));
}

#[tokio::test]
async fn the_page_of_the_demo_issuer_is_safe_and_says_what_it_is() {
    let portal = Portal::start(|_| ()).await;
    let at_provider = portal.browser().begin("demo", "/").await;
    let page = read(plain_client().get(&at_provider)).await;
    assert!(page.body.contains("This is a demo") && page.body.contains("Demo Operator"), "{}", page.body);
    assert!(!page.body.contains("<script"), "{}", page.body);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'nonce-"), "{policy}");
    assert!(policy.contains(&format!("form-action 'self' {};", portal.skyport.origin)), "{policy}");
}

#[tokio::test]
async fn the_demo_issuer_serves_nobody_else() {
    let portal = Portal::start(|_| ()).await;
    let at_provider = portal.browser().begin("demo", "/").await;
    let changed = |name: &str, value: &str| {
        let mut url = url::Url::parse(&at_provider).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        url.query_pairs_mut().clear().extend_pairs(
            pairs.iter().map(|(n, v)| (n.as_str(), if n == name { value } else { v.as_str() })),
        );
        plain_client().get(url)
    };
    for (name, value) in [
        ("redirect_uri", "https://evil.example/auth/callback"),
        ("redirect_uri", "http://127.0.0.1:1/auth/callback"),
        ("client_id", "another"),
    ] {
        let answer = read(changed(name, value)).await;
        assert_eq!((answer.status, answer.location()), (400, ""), "{name}={value}");
    }
    for (name, value, error) in [
        ("code_challenge_method", "plain", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "profile", "invalid_scope"),
    ] {
        let answer = read(changed(name, value)).await;
        assert!(answer.location().contains(&format!("error={error}")), "{name}: {answer:?}");
    }
}

#[tokio::test]
async fn a_demo_code_is_good_once_for_its_verifier_and_a_minute() {
    let portal = Portal::start(|_| ()).await;
    let issuer = portal.skyport.auth.demo_issuer().unwrap();
    let redirect = format!("{}/auth/callback", portal.skyport.origin);
    let verifier = "v".repeat(43);
    let challenge = skyport::ids::hash_secret(&verifier);
    let code = async || {
        let fields = [
            ("client_id", "skyport"),
            ("redirect_uri", &*redirect),
            ("response_type", "code"),
            ("scope", "openid"),
            ("code_challenge", &*challenge),
            ("code_challenge_method", "S256"),
            ("user", "astronomer"),
        ];
        let back = read(plain_client().post(format!("{issuer}/authorize")).form(&fields)).await;
        let back = url::Url::parse(back.location()).unwrap();
        back.query_pairs().find(|(n, _)| n == "code").unwrap().1.into_owned()
    };
    let trade = async |code: &str, verifier: &str, redirect: &str| {
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", "skyport"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ];
        read(plain_client().post(format!("{issuer}/token")).form(&fields)).await
    };
    let first = code().await;
    let tokens = trade(&first, &verifier, &redirect).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
    let access = tokens.json()["access_token"].as_str().unwrap().to_owned();
    let again = trade(&first, &verifier, &redirect).await;
    assert_eq!((again.status, again.json()["error"].as_str()), (400, Some("invalid_grant")));
    let wrong_verifier = trade(&code().await, &"w".repeat(43), &redirect).await;
    assert_eq!(wrong_verifier.status, 400);
    let wrong_redirect = trade(&code().await, &verifier, "http://127.0.0.1:1/").await;
    assert_eq!(wrong_redirect.status, 400);
    let late = code().await;
    portal.clock.forward(61);
    assert_eq!(trade(&late, &verifier, &redirect).await.status, 400);

    let user = read(plain_client().get(format!("{issuer}/userinfo")).bearer_auth(&access)).await;
    assert_eq!(user.json()["sub"], "astronomer");
    assert_eq!(read(plain_client().get(format!("{issuer}/userinfo")).bearer_auth("x")).await.status, 401);
    portal.clock.forward(300);
    assert_eq!(read(plain_client().get(format!("{issuer}/userinfo")).bearer_auth(&access)).await.status, 401);
}

#[tokio::test]
async fn the_demo_issuer_does_not_start_where_others_could_reach_it() {
    use skyport::clock::{Clock, Entropy};
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let started = skyport::auth::demo_issuer::start(
            listen.parse().unwrap(),
            "http://127.0.0.1:1",
            &Clock::system(),
            &Entropy::system(),
            &tokio_util::sync::CancellationToken::new(),
            &tokio_util::task::TaskTracker::new(),
        )
        .await;
        let sentence = started.unwrap_err().to_string();
        assert!(sentence.contains("sign_in.demo_listen") && sentence.contains("loopback"), "{sentence}");
    }
}

#[tokio::test]
async fn a_taken_port_is_said_with_its_key() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let started = Portal::try_start(|config| config.sign_in.demo_listen = address).await;
    let sentence = started.err().expect("the port is taken").to_string();
    assert!(
        sentence.contains("sign_in.demo_listen") && sentence.contains(&address.to_string()),
        "{sentence}"
    );
}
