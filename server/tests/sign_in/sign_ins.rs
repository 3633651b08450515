//! Open sign-ins: how long they last, how they end, and what is kept of them.

use crate::support::browser::Browser;
use crate::support::portal::Portal;
use app::error::Error;

async fn is_known(browser: &mut Browser) -> bool {
    browser.call("account/frame", &[]).await.json()["name"].is_string()
}

async fn open_sign_ins(browser: &mut Browser) -> Vec<serde_json::Value> {
    browser.call("account/show", &[]).await.json()["sign_ins"].as_array().unwrap().clone()
}

#[tokio::test]
async fn ends_without_use() {
    let portal = Portal::start(|config| {
        config.sign_in.idle_s = 3600;
        config.sign_in.absolute_s = 86_400;
    })
    .await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    portal.clock.forward(3500);
    assert!(is_known(&mut browser).await);
    portal.clock.forward(3500);
    assert!(is_known(&mut browser).await, "the use in between counts");
    portal.clock.forward(3601);
    assert!(!is_known(&mut browser).await);
    portal.skyport.auth.purge().await;
    assert_eq!(portal.count("sign_ins").await, 0);
    assert_eq!(portal.count("users").await, 1);
}

#[tokio::test]
async fn ends_at_the_latest_however_much_it_is_used() {
    let portal = Portal::start(|config| {
        config.sign_in.idle_s = 3600;
        config.sign_in.absolute_s = 7200;
    })
    .await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    for _ in 0..3 {
        portal.clock.forward(2000);
        assert!(is_known(&mut browser).await);
    }
    portal.clock.forward(1200);
    assert!(!is_known(&mut browser).await);
}

#[tokio::test]
async fn a_use_is_written_down_once_a_minute() {
    let portal = Portal::start(|_| ()).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let began = portal.clock.now();
    portal.clock.forward(59);
    assert_eq!(open_sign_ins(&mut browser).await[0]["last_seen_us"], began);
    portal.clock.forward(1);
    assert_eq!(open_sign_ins(&mut browser).await[0]["last_seen_us"], portal.clock.now());
}

#[tokio::test]
async fn signs_out_here_alone() {
    let portal = Portal::start(|_| ()).await;
    let (mut here, mut there) = (portal.browser(), portal.browser());
    here.sign_in("astronomer").await;
    there.sign_in("astronomer").await;
    let before = here.cookies.clone();
    let answer = here.post("/auth/sign-out", &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/"));
    assert!(!here.is_signed_in());
    here.cookies = before;
    assert!(!is_known(&mut here).await, "the old cookie opens nothing");
    assert!(is_known(&mut there).await);
    assert_eq!(here.post("/auth/sign-out", &[]).await.location(), "/", "twice does no harm");
}

#[tokio::test]
async fn signs_out_everywhere() {
    let portal = Portal::start(|_| ()).await;
    let (mut here, mut there, mut other) = (portal.browser(), portal.browser(), portal.browser());
    here.sign_in("astronomer").await;
    there.sign_in("astronomer").await;
    other.sign_in("operator").await;
    let answer = here.post("/auth/sign-out-everywhere", &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/"));
    assert!(!here.is_signed_in());
    assert!(!is_known(&mut there).await);
    assert!(is_known(&mut other).await, "that is somebody else");
    assert_eq!(portal.browser().post("/auth/sign-out-everywhere", &[]).await.location(), "/");
    assert_eq!(portal.count("sign_ins").await, 1);
}

#[tokio::test]
async fn lists_and_ends_ones_own_alone() {
    let portal = Portal::start(|_| ()).await;
    let (mut here, mut there, mut other) = (portal.browser(), portal.browser(), portal.browser());
    there.agent = "curl/8.5.0".to_owned();
    there.sign_in("astronomer").await;
    portal.clock.forward(5);
    here.sign_in("astronomer").await;
    other.sign_in("operator").await;
    let listed = open_sign_ins(&mut here).await;
    let shown: Vec<_> =
        listed.iter().map(|s| (s["device"].as_str().unwrap(), s["this_one"].as_bool().unwrap())).collect();
    assert_eq!(shown, [("Firefox on Linux", true), ("curl", false)], "newest first");

    let theirs = open_sign_ins(&mut other).await[0]["id"].as_str().unwrap().to_owned();
    for id in [&*theirs, "nothing", ""] {
        let answer = here.call("account/end_sign_in", &[("id", id)]).await;
        let error: Error = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(error, Error::NotFound, "{id}");
    }
    assert!(is_known(&mut other).await);
    let id = listed[1]["id"].as_str().unwrap();
    assert_eq!(here.call("account/end_sign_in", &[("id", id)]).await.status, 200);
    assert!(!is_known(&mut there).await);
    assert_eq!(open_sign_ins(&mut here).await.len(), 1);

    for function in ["account/show", "account/end_sign_in"] {
        let answer = portal.browser().call(function, &[("id", id)]).await;
        let error: Error = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(error, Error::SignInNeeded, "{function}");
    }
}

#[tokio::test]
async fn signing_in_again_replaces_the_cookie_and_ends_the_old_sign_in() {
    let portal = Portal::start(|_| ()).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let before = browser.cookies.clone();
    browser.sign_in("operator").await;
    assert_ne!(browser.cookies["skyport"], before["skyport"]);
    let mut old = portal.browser();
    old.cookies = before;
    assert!(!is_known(&mut old).await);
    assert_eq!(portal.count("sign_ins").await, 1);
}

#[tokio::test]
async fn a_cookie_of_ones_own_making_is_worth_nothing() {
    let portal = Portal::start(|_| ()).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let hash = skyport::ids::hash_secret(&browser.cookies["skyport"]);
    for forged in [&*hash, "x", "' OR 1=1 --", &"A".repeat(43)] {
        let mut forger = portal.browser();
        forger.cookies.insert("skyport".to_owned(), forged.to_owned());
        assert!(!is_known(&mut forger).await, "{forged}");
    }
}

#[tokio::test]
async fn no_secret_is_in_the_database_file() {
    let portal = Portal::start(|_| ()).await;
    let mut browser = portal.browser();
    let at_provider = browser.begin("demo", "/").await;
    let state = url::Url::parse(&at_provider)
        .unwrap()
        .query_pairs()
        .find(|(n, _)| n == "state")
        .unwrap()
        .1
        .into_owned();
    let attempt = browser.cookies["skyport-attempt"].clone();
    let mut signed_in = portal.browser();
    signed_in.sign_in("astronomer").await;
    let session = signed_in.cookies["skyport"].clone();
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(portal.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("skyport.db") {
            bytes.extend(std::fs::read(path).unwrap());
        }
    }
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(&skyport::ids::hash_secret(&session)), "the right files were read");
    for secret in [&session, &attempt, &state] {
        assert!(!holds(secret), "{secret} is in the database file");
    }
}

#[tokio::test]
async fn a_database_that_is_away_answers_503_and_keeps_the_cookie() {
    let portal = Portal::start(|_| ()).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    portal.skyport.db.close().await;
    let answer = browser.get("/").await;
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(browser.is_signed_in());
    let answer = browser.post("/auth/start", &[("provider", "demo"), ("next", "/")]).await;
    assert_eq!(answer.status, 503, "{answer:?}");
}
