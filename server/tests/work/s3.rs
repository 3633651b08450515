//! Results in S3: moto's server, over HTTP as any other S3.

use crate::asking_world::{ask, asked, over, show, until, window};
use crate::place::Place;
use crate::slow_tap::SlowTap;
use crate::support::browser::{plain_client, read};
use crate::support::servers::Server;
use serde_json::json;
use skyport::config::queries::StoreConfig;
use skyport::config::{Config, Secret};

struct S3 {
    server: Server,
}

impl S3 {
    async fn start() -> Self {
        Self { server: tokio::task::spawn_blocking(|| Server::start("s3", &[])).await.unwrap() }
    }

    fn url(&self) -> &str {
        self.server.ready["url"].as_str().unwrap()
    }

    fn configure(&self, config: &mut Config, prefix: &str) {
        config.queries.store = StoreConfig {
            bucket: self.server.ready["bucket"].as_str().unwrap().to_owned(),
            endpoint: self.url().to_owned(),
            region: "us-east-1".to_owned(),
            prefix: prefix.to_owned(),
            access_key: Secret::new("key"),
            secret_key: Secret::new("secret"),
        };
    }

    /// What the bucket says, and each value of an element in it.
    async fn values(&self, question: &str, element: &str) -> Vec<String> {
        let bucket = self.server.ready["bucket"].as_str().unwrap();
        let answer = read(plain_client().get(format!("{}/{bucket}?{question}", self.url()))).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        let rest = answer.body.split(&open).skip(1);
        rest.map(|rest| rest.split(&close).next().unwrap().to_owned()).collect()
    }

    async fn keys(&self) -> Vec<String> {
        self.values("list-type=2", "Key").await
    }

    async fn unfinished(&self) -> usize {
        self.values("uploads", "UploadId").await.len()
    }
}

const STARS: &str = "SELECT TOP 5 hip, mag FROM sky.stars ORDER BY mag";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_portals_share_a_bucket() {
    let s3 = S3::start().await;
    let first = Place::sqlite().portal(|config| s3.configure(config, "one/results")).await;
    let second = Place::sqlite().portal(|config| s3.configure(config, "two")).await;
    let (mut here, mut there) = (first.browser(), second.browser());
    here.sign_in("astronomer").await;
    let (mine, _) = asked(&mut here, "local", STARS).await;
    let (theirs, _) = asked(&mut there, "local", STARS).await;
    assert_eq!(window(&mut here, &mine, json!({"count": 9})).await["rows"], 5);
    for format in ["csv", "votable", "parquet"] {
        let (status, _, bytes) =
            here.file(&format!("/queries/{mine}/download?format={format}")).await.unwrap();
        assert!(status == 200 && bytes.len() > 50, "{format}");
    }
    let mut keys = s3.keys().await;
    keys.sort();
    assert!(
        keys.len() == 2 && keys[0].starts_with("one/results/") && keys[1].starts_with("two/"),
        "{keys:?}"
    );

    // The visitor's result is over; sweeping there must not take what is kept here, which nobody knows there.
    second.clock.forward(86_401);
    until("one expires", || async { s3.keys().await == keys[..1] }).await;
    assert_eq!(show(&mut there, &theirs).await["state"], "Expired");
    first.clock.forward(700);
    let (again, _) = asked(&mut here, "local", STARS).await;
    assert_eq!(here.call("queries/remove", &[("id", &mine)]).await.status, 200);
    let left = s3.keys().await;
    assert!(left.len() == 1 && left[0].contains(&again), "{left:?}");
    first.stop().await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_results_go_in_parts_and_leave_nothing_half_done() {
    let (s3, tap) = (S3::start().await, SlowTap::start().await);
    let change = |config: &mut Config| {
        s3.configure(config, "");
        tap.configure(config);
        config.queries.rows_user = 1_000_000;
        config.queries.quota_mib = 15;
        config.server.drain_s = 1;
    };
    let portal = Place::sqlite().portal(change).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    // Ends at the edge of the owner's room, beyond the first part.
    let whole = ask(&mut browser, "slow", "SELECT * FROM noise").await;
    let view = over(&mut browser, &whole).await;
    assert_eq!(view["state"], "Completed", "{view:#}");
    let bytes = view["bytes"].as_u64().unwrap();
    assert!(bytes > 10 << 20, "several parts: {bytes}");
    let (status, _, file) = browser.file(&format!("/queries/{whole}/download?format=parquet")).await.unwrap();
    assert_eq!((status, file.len() as u64), (200, bytes));
    let rows = view["rows"].as_u64().unwrap();
    let last = window(&mut browser, &whole, json!({"offset": rows - 1, "count": 1})).await;
    assert_eq!(last["window"][0]["cells"][0], json!((rows - 1).to_string()));
    assert_eq!((s3.keys().await.len(), s3.unfinished().await), (1, 0));
    portal.stop().await;
}

/// A portal whose query has begun an upload that cannot end.
async fn uploading(
    s3: &S3,
    tap: &SlowTap,
) -> (crate::support::portal::Portal, crate::support::browser::Browser, String) {
    let change = |config: &mut Config| {
        s3.configure(config, "");
        tap.configure(config);
        config.queries.rows_visitor = 1_000_000;
        config.server.drain_s = 1;
    };
    let portal = Place::sqlite().portal(change).await;
    let mut browser = portal.browser();
    let id = ask(&mut browser, "slow", "SELECT * FROM noise").await;
    until("an upload is under way", || async { s3.unfinished().await == 1 }).await;
    (portal, browser, id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_query_leaves_no_upload() {
    let (s3, tap) = (S3::start().await, SlowTap::start().await);
    let (portal, mut browser, id) = uploading(&s3, &tap).await;
    assert_eq!(browser.call("queries/cancel", &[("id", &id)]).await.json()["state"], "Cancelled");
    assert_eq!((s3.unfinished().await, s3.keys().await.len()), (0, 0));
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_query_leaves_no_upload() {
    let (s3, tap) = (S3::start().await, SlowTap::start().await);
    let (portal, _, _) = uploading(&s3, &tap).await;
    portal.stop().await;
    assert_eq!((s3.unfinished().await, s3.keys().await.len()), (0, 0));
}
