//! Sites from a list that others keep: which are used, and what is used where the list's service is away.

use crate::bed::{ALPHA, Bed, bed};
use crate::checked::line;
use crate::support::portal::{HandClock, Portal, Setting};
use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};
use skyport::check::find;
use skyport::config::Config;
use skyport::providers::Access;
use std::path::Path;
use tokio::task::JoinHandle;

/// A list as EGI's service gives it: one site that can be used, and others that cannot.
fn list(bed: &Bed) -> Value {
    let project =
        |vo: &str| json!([{"id": bed.word(&format!("/projects/{}", vo.replace('/', "~1"))), "name": vo}]);
    json!([
        {"id": "1", "name": "Test-Cloud", "url": bed.word("/keystone"), "state": "", "hostname": "127.0.0.1",
         "projects": project(ALPHA)},
        {"id": "2", "name": "STRANGE", "url": "http://tokens.example:5000/v3", "projects": project(ALPHA)},
        {"id": "3", "name": "OTHERS", "url": "http://127.0.0.1:9/v3", "projects": [{"id": "x", "name": "vo.other"}]},
    ])
}

/// Serves a list at `/sites/`; gives its address.
async fn serve(list: Value) -> (String, JoinHandle<()>) {
    let app = Router::new().route("/sites/", get(move || async move { axum::Json(list) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (url, tokio::spawn(async move { axum::serve(listener, app).await.unwrap() }))
}

fn configure(config: &mut Config, folder: &Path, url: &str) {
    folder.clone_into(&mut config.server.data_folder);
    let info = &mut config.servers.cloud_info;
    (info.url, info.vo) = (url.to_owned(), ALPHA.to_owned());
    (info.hosts, info.private_network) = (vec!["127.0.0.1".to_owned()], true);
}

async fn portal(folder: &Path, change: impl FnOnce(&mut Config)) -> Portal {
    let setting = Setting { clock: HandClock::going(), sites: None };
    let folder = folder.to_owned();
    Portal::start_in(setting, move |config| {
        config.server.data_folder = folder;
        change(config);
    })
    .await
    .unwrap()
}

/// The keys of the sites that a person is offered.
async fn offered(portal: &Portal) -> Vec<String> {
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let choices = browser.call("servers/choices", &[("site", "")]).await.json();
    choices["sites"].as_array().unwrap().iter().map(|site| site["key"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listed_site_is_a_site() {
    let (bed, folder) = (bed(), tempfile::tempdir().unwrap());
    let (url, serving) = serve(list(bed)).await;
    let first = portal(folder.path(), |config| configure(config, folder.path(), &url)).await;
    assert_eq!(offered(&first).await, ["test-cloud"]);
    // Its project is the list's, and it takes the members' tokens.
    let mut browser = first.browser();
    browser.sign_in("astronomer").await;
    let Access::Token(token) = bed.token_of("lena", &[ALPHA, crate::bed::BETA], &[]) else {
        panic!("a token")
    };
    let given = browser.call("servers/token", &[("site", "test-cloud"), ("token", token.expose())]).await;
    assert_eq!(given.status, 200, "{given:?}");
    let choices = browser.call("servers/choices", &[("site", "test-cloud")]).await.json();
    assert!(choices["sites"][0]["images"].to_string().contains("paper-linux"), "{choices:#}");
    first.stop().await;

    // What is left out is said, with why; and looking changes nothing.
    let mut config = Config::default();
    config.archives.well_known = false;
    let other = tempfile::tempdir().unwrap();
    configure(&mut config, other.path(), &url);
    let found = find(&config).await;
    assert!(!found.failed, "{}", found.lines);
    assert_eq!(line(&found, "servers test-cloud").0, "ok", "{}", found.lines);
    for why in ["STRANGE: its host tokens.example is not among", "OTHERS: it has no project for"] {
        assert!(found.lines.contains(why), "{why} in {}", found.lines);
    }
    assert_eq!(std::fs::read_dir(other.path()).unwrap().count(), 0, "nothing is written");

    // The service is away: the list as it was given last.
    serving.abort();
    assert!(serving.await.unwrap_err().is_cancelled());
    let second = portal(folder.path(), |config| configure(config, folder.path(), &url)).await;
    assert_eq!(offered(&second).await, ["test-cloud"]);
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_serves_where_the_service_does_not() {
    let (bed, folder) = (bed(), tempfile::tempdir().unwrap());
    let file = folder.path().join("sites.json");
    std::fs::write(&file, list(bed).to_string()).unwrap();
    for url in ["http://127.0.0.1:9", ""] {
        let data = tempfile::tempdir().unwrap();
        let portal = portal(data.path(), |config| {
            configure(config, data.path(), url);
            config.servers.cloud_info.file.clone_from(&file);
        })
        .await;
        assert_eq!(offered(&portal).await, ["test-cloud"], "{url}");
        portal.stop().await;
    }
    // Neither: the portal starts without these sites, and the check says so.
    let data = tempfile::tempdir().unwrap();
    let portal = portal(data.path(), |config| configure(config, data.path(), "http://127.0.0.1:9")).await;
    assert!(offered(&portal).await.is_empty());
    portal.stop().await;
    let mut config = Config::default();
    config.archives.well_known = false;
    configure(&mut config, data.path(), "http://127.0.0.1:9");
    let found = find(&config).await;
    assert!(found.failed && found.lines.contains("Check servers.cloud_info"), "{}", found.lines);
}
