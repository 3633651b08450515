//! The real portal at a real control plane: from a pasted token to an address and back to nothing, and `kill -9` at every
//! step on the way. Started again, it ends with one machine or none, and no key pair or address beside it.

use crate::bed::{ALPHA, BETA, Bed, bed, until};
use crate::searched;
use crate::support::browser::Browser;
use crate::support::process::{Home, Process};
use openstack::{CreateServer, NetworkChoice, Operation, Session};
use serde_json::Value;
use skyport::providers::{Access, Site as _};

async fn reach(browser: &mut Browser, id: &str, state: &str) -> Value {
    until(state, async || {
        let answer = browser.call("servers/show", &[("id", id)]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let view = answer.json();
        assert!(view["item"]["state"] != "Failed", "{view:#}");
        (view["item"]["state"] == state).then_some(view)
    })
    .await
}

fn at(portal: &Process, browser: &Browser) -> Browser {
    let mut there = portal.browser();
    there.cookies = browser.cookies.clone();
    there
}

/// What Skyport has at the site now: machines, public addresses, and key pairs.
async fn left(bed: &Bed, access: &Access) -> (usize, u64, usize) {
    // A site of its own each time: nothing remembered.
    let site = bed.site(|_| ());
    let machines = site.list(access).await.unwrap().len();
    let keys = bed.session(access).await.keys().await.unwrap();
    let ours = keys.iter().filter(|key| key.name.starts_with("skyport-")).count();
    (machines, site.offer(access).await.unwrap().room.addresses.used, ours)
}

/// A request that Nova carries out although somebody gave it up and asked again: of the two the one that is written down
/// stays.
async fn a_second_machine_is_removed(browser: &mut Browser, cloud: &Session, choices: [&str; 3]) -> String {
    let [image, size, key] = choices;
    let fields = [
        ("wish[request]", "00000000000000000000twin"),
        ("wish[name]", "twin"),
        ("wish[site]", "test"),
        ("wish[image]", image),
        ("wish[size]", size),
        ("wish[key]", key),
    ];
    let answer = browser.call("servers/create", &fields).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let id = answer.json().as_str().unwrap().strip_prefix("/servers/").unwrap().to_owned();
    reach(browser, &id, "Ready").await;
    let servers = cloud.servers().await.unwrap();
    let [first] = servers.as_slice() else { panic!("one machine") };
    let inner = cloud.networks().await.unwrap().into_iter().find(|n| !n.external && n.own);
    let again = CreateServer {
        operation: Operation::new(&*id).unwrap(),
        name: "twin".to_owned(),
        image: image.to_owned(),
        flavor: size.to_owned(),
        key_name: None,
        network: inner.map_or(NetworkChoice::Auto, |network| NetworkChoice::Id(network.id)),
        security_groups: Vec::new(),
        user_data: None,
        metadata: std::collections::BTreeMap::new(),
    };
    let second = cloud.create_server(&again).await.unwrap();
    until("the second one is gone", async || {
        let ids: Vec<String> = cloud.servers().await.unwrap().into_iter().map(|server| server.id).collect();
        assert!(ids.contains(&first.id), "{ids:?} without {}", first.id);
        (!ids.contains(&second)).then_some(())
    })
    .await;
    let view = reach(browser, &id, "Ready").await;
    assert!(view["facts"].to_string().contains(&first.id), "{view:#}");
    until("it is told", async || {
        let view = browser.call("servers/show", &[("id", &id)]).await.json();
        view["events"].to_string().contains(&second).then_some(())
    })
    .await;
    id
}

/// With a token for another project of the same person nothing is seen of a machine, and nothing is concluded from that.
async fn a_token_for_another_project_changes_nothing(browser: &mut Browser, bed: &Bed, id: &str) {
    let give = async |browser: &mut Browser, vo: &str| {
        let Access::Token(token) = bed.token("carol", vo, &["--ttl", "3000"]) else { panic!("a token") };
        let given = browser.call("servers/token", &[("site", "test"), ("token", token.expose())]).await;
        assert_eq!(given.status, 200, "{given:?}");
    };
    give(browser, ALPHA).await;
    let fields = [("id", id), ("action", "Delete"), ("name", "twin")];
    assert_eq!(browser.call("servers/act", &fields).await.status, 200);
    let view = reach(browser, id, "NeedsSignIn").await;
    let now = view["item"]["now"].as_str().unwrap();
    assert!(now.contains(ALPHA) && now.contains(BETA), "{now}");
    give(browser, BETA).await;
    reach(browser, id, "Deleted").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_every_step_at_a_real_control_plane() {
    let bed = bed();
    // In a project of its own among the tests of this file's neighbours: its addresses are counted.
    let access = bed.token("carol", BETA, &["--ttl", "3000"]);
    let Access::Token(token) = &access else { panic!("a token") };
    let home = Home::new(
        "http://127.0.0.1:9/tap",
        &format!(
            "[servers]\nreconcile_s = 1\n\n[servers.local]\nenabled = false\n\n[servers.openstack.test]\ntitle = \"Test\"\n\
             keystone = \"{}\"\nprivate_network = true\nreaches_machines = false\nsettle_s = 5\n",
            bed.word("/keystone")
        ),
    );
    let mut portal = home.serve();
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPIoCxSRvkTRNQ3KbjYJ3Fr/1sWvyBYoGIkQYpHXKzp a@b";
    let key = browser.call("keys/add", &[("name", "killed"), ("key", line)]).await.json();
    let key = key["id"].as_str().unwrap().to_owned();
    let given = browser.call("servers/token", &[("site", "test"), ("token", token.expose())]).await;
    assert_eq!(given.status, 200, "{given:?}");
    let choices = browser.call("servers/choices", &[("site", "test")]).await.json();
    let offered = &choices["sites"][0];
    let named = |list: &str, title: &str| {
        let found = offered[list].as_array().unwrap().iter().find(|one| one["title"] == title);
        found.unwrap_or_else(|| panic!("{title} in {choices:#}"))["id"].as_str().unwrap().to_owned()
    };
    let (image, size) = (named("images", "paper-linux"), named("sizes", "tiny"));

    let removing = ["remove", "gone", "address-back", "key-back"];
    for (number, step) in ["key", "room", "request", "start", "address"].into_iter().enumerate() {
        let (request, name) = (format!("{number:024}"), format!("killed-at-{step}"));
        let fields = [
            ("wish[request]", &*request),
            ("wish[name]", &name),
            ("wish[site]", "test"),
            ("wish[image]", &image),
            ("wish[size]", &size),
            ("wish[key]", &key),
        ];
        let answer = browser.call("servers/create", &fields).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let id = answer.json().as_str().unwrap().strip_prefix("/servers/").unwrap().to_owned();
        home.step_begun(&id, "create", step).await;
        portal.kill();
        portal = home.serve();
        browser = at(&portal, &browser);
        let view = reach(&mut browser, &id, "Ready").await;
        let address = view["address"].as_str().unwrap();
        assert!(address.starts_with("203.0.113."), "{view:#}");
        assert_eq!(left(bed, &access).await, (1, 1, 1), "killed at {step}");

        let step = removing[number % removing.len()];
        let fields = [("id", &*id), ("action", "Delete"), ("name", &*name)];
        assert_eq!(browser.call("servers/act", &fields).await.status, 200);
        home.step_begun(&id, "delete", step).await;
        portal.kill();
        portal = home.serve();
        browser = at(&portal, &browser);
        reach(&mut browser, &id, "Deleted").await;
        assert_eq!(left(bed, &access).await, (0, 0, 0), "killed at {step}");
    }
    let cloud = bed.session(&access).await;
    let id = a_second_machine_is_removed(&mut browser, &cloud, [&image, &size, &key]).await;
    searched::while_it_is_held(&home, &portal, &mut browser, token.expose(), &id).await;
    a_token_for_another_project_changes_nothing(&mut browser, bed, &id).await;
    assert_eq!(left(bed, &access).await, (0, 0, 0), "and its machine is gone");
    portal.terminate();
    searched::in_files(&home, token.expose());
}
