//! `skyport check` at OpenStack sites: what is right, what is wrong, and what is only away.

use crate::bed::bed;
use skyport::check::{Findings, find};
use skyport::config::servers::OpenStackConfig;
use skyport::config::{Config, Secret};

/// The findings of a portal with this one site, changed.
pub async fn with_site(change: impl FnOnce(&mut OpenStackConfig)) -> Findings {
    let mut site = OpenStackConfig::new("Test", bed().word("/keystone"));
    site.private_network = true;
    change(&mut site);
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.server.data_folder = folder.path().join("data");
    config.archives.well_known = false;
    config.servers.openstack.insert("test".to_owned(), site);
    find(&config).await
}

/// The state and sentence of the line about something.
pub fn line(findings: &Findings, what: &str) -> (String, String) {
    let mark = format!(" {what}: ");
    let found = findings.lines.lines().find_map(|line| line.split_once(&mark));
    let (state, sentence) = found.unwrap_or_else(|| panic!("{what} in {}", findings.lines));
    (state.trim().to_owned(), sentence.to_owned())
}

#[tokio::test]
async fn what_a_site_is_said_to_be() {
    let own = |site: &mut OpenStackConfig, password: &str| {
        site.user = bed().word("/admin/user").to_owned();
        site.password = Secret::new(password);
        site.project = "admin".to_owned();
    };
    let found = with_site(|_| ()).await;
    let (state, sentence) = line(&found, "servers test");
    assert!(state == "ok" && sentence.contains("users bring their own tokens"), "{sentence}");
    assert!(!found.failed, "{}", found.lines);

    let found = with_site(|site| own(site, bed().word("/admin/password"))).await;
    let (state, sentence) = line(&found, "servers test");
    assert!(state == "ok" && sentence.contains("takes Skyport's credentials"), "{sentence}");

    let found = with_site(|site| own(site, "a-wrong-password")).await;
    let (state, sentence) = line(&found, "servers test");
    assert!(state == "wrong" && found.failed, "{sentence}");
    assert!(sentence.contains("in servers.openstack.test"), "{sentence}");
    assert!(!found.lines.contains("a-wrong-password"), "{}", found.lines);

    let found = with_site(|site| {
        own(site, bed().word("/admin/password"));
        site.project = "elsewhere".to_owned();
    })
    .await;
    let (state, sentence) = line(&found, "servers test");
    assert!(state == "wrong" && sentence.contains("servers.openstack.test.project"), "{sentence}");

    // Nobody there: it may be there tomorrow.
    let found = with_site(|site| site.keystone = "http://127.0.0.1:9/v3".to_owned()).await;
    let (state, sentence) = line(&found, "servers test");
    assert!(state == "warning" && sentence.contains("cannot be reached") && !found.failed, "{sentence}");

    // Something else is there.
    let found = with_site(|site| site.keystone = format!("{}/no/such/place", bed().word("/keystone"))).await;
    assert_eq!(line(&found, "servers test").0, "wrong", "{}", found.lines);

    let found = with_site(|site| site.ca_file = "/no/such/file.pem".into()).await;
    let (state, sentence) = line(&found, "servers test");
    assert!(state == "wrong" && sentence.contains("/no/such/file.pem"), "{sentence}");
}
