//! `/metrics` after real requests: what it counts is what happened.

#![expect(clippy::float_cmp, reason = "they count, so they are whole")]

use crate::asking_world::{ask, asked, reach, until};
use crate::place::Place;
use crate::slow_tap::SlowTap;
use crate::support::browser::Browser;

/// The samples of a page in the Prometheus text format, by name with labels.
struct Samples(Vec<(String, f64)>);

impl Samples {
    async fn of(browser: &mut Browser) -> Self {
        let page = browser.get("/metrics").await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("content-type"), "text/plain; version=0.0.4");
        let sample = |line: &str| {
            let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no sample: {line}"));
            (name.to_owned(), value.parse().unwrap_or_else(|e| panic!("{e}: {line}")))
        };
        Self(page.body.lines().filter(|line| !line.starts_with('#')).map(sample).collect())
    }

    /// The sum of the samples of a name that have these labels; none where there are none.
    fn find(&self, name: &str, labels: &[&str]) -> Option<f64> {
        let is = |sample: &str| {
            let (own, rest) = sample.split_once('{').unwrap_or((sample, ""));
            own == name && labels.iter().all(|label| rest.contains(label))
        };
        self.0.iter().filter(|(sample, _)| is(sample)).map(|(_, value)| *value).reduce(|a, b| a + b)
    }

    fn get(&self, name: &str, labels: &[&str]) -> f64 {
        self.find(name, labels).unwrap_or_else(|| panic!("no {name} {labels:?} in {:#?}", self.0))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_what_happened() {
    let tap = SlowTap::start().await;
    let portal = Place::sqlite().portal(|config| tap.configure(config)).await;
    let mut machine = portal.browser();
    let before = Samples::of(&mut machine).await;
    for (name, labels) in [
        ("skyport_requests_total", vec!["route=\"/datasets\""]),
        ("skyport_remote_calls_total", vec!["remote=\"slow\""]),
    ] {
        assert_eq!(before.find(name, &labels), None, "nothing happened yet");
    }
    assert_eq!((before.get("skyport_sign_ins", &[]), before.get("skyport_queries_active", &[])), (0.0, 0.0));

    let mut user = portal.browser();
    for _ in 0..3 {
        assert_eq!(user.get("/datasets").await.status, 200);
    }
    assert_eq!(user.get("/datasets/nothing").await.status, 404);
    user.sign_in("astronomer").await;
    asked(&mut user, "slow", "SELECT * FROM quick").await;
    let failed = ask(&mut user, "slow", "SELECT * FROM busy").await;
    reach(&mut user, &failed, &["Failed"]).await;
    let waits = ask(&mut user, "slow", "SELECT * FROM gated").await;
    until("the archive is asked", || async { tap.open() == 1 }).await;

    let now = Samples::of(&mut machine).await;
    let requests = |labels: &[&str]| now.get("skyport_requests_total", labels);
    assert_eq!(requests(&["method=\"GET\"", "route=\"/datasets\"", "status=\"200\""]), 3.0);
    assert_eq!(requests(&["method=\"GET\"", "route=\"/datasets\"", "status=\"404\""]), 1.0);
    assert_eq!(requests(&["method=\"POST\"", "route=\"/api/queries/ask\"", "status=\"200\""]), 3.0);
    assert_eq!(requests(&["method=\"GET\"", "route=\"/metrics\""]), 1.0, "this one is not answered yet");
    let seconds = |part: &str, labels: &[&str]| now.get(&format!("skyport_request_seconds_{part}"), labels);
    let datasets = ["route=\"/datasets\""];
    assert_eq!(seconds("count", &datasets), 4.0);
    assert!(seconds("sum", &datasets) > 0.0);
    assert_eq!(seconds("bucket", &["route=\"/datasets\"", "le=\"+Inf\""]), 4.0);

    assert_eq!((now.get("skyport_sign_ins", &[]), now.get("skyport_queries_active", &[])), (1.0, 1.0));
    let calls = |outcome: &str| now.find("skyport_remote_calls_total", &["remote=\"slow\"", outcome]);
    assert_eq!(calls("outcome=\"ok\""), Some(1.0));
    assert_eq!(calls("outcome=\"busy\""), Some(1.0));
    assert!(now.get("skyport_remote_seconds_sum", &["remote=\"slow\""]) > 0.0);
    assert_eq!(
        now.get("skyport_remote_seconds_count", &["remote=\"slow\""]),
        2.0,
        "the third is still under way"
    );
    let (open, idle) = (now.get("skyport_database_connections", &[]), now.get("skyport_database_idle", &[]));
    assert!(open >= 1.0 && idle <= open && idle >= 0.0, "{open} open, {idle} idle");

    tap.let_go(1);
    reach(&mut user, &waits, &["Completed"]).await;
    let sign_out = user.post("/auth/sign-out", &[]).await;
    assert_eq!(sign_out.status, 303);
    let after = Samples::of(&mut machine).await;
    assert_eq!((after.get("skyport_sign_ins", &[]), after.get("skyport_queries_active", &[])), (0.0, 0.0));
    for secret in [waits.as_str(), "astronomer", "gated"] {
        assert!(!after.0.iter().any(|(name, _)| name.contains(secret)), "no {secret} among the labels");
    }
    portal.stop().await;
}
