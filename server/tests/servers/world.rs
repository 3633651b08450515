//! A portal with the paper site, a person with a key, and what they do.

use crate::paper::PaperSite;
use crate::support::browser::{Answer, Browser};
use crate::support::portal::{HandClock, Portal, Setting};
use crate::support::waiting;
use serde_json::Value;
use skyport::config::{Config, Secret};
use skyport::features::servers::Sites;
use std::sync::Arc;
use std::time::Duration;

/// Far more than anything here needs.
pub const DEADLINE: Duration = Duration::from_secs(90);

/// Waits until a condition holds.
pub async fn until<F: Future<Output = bool>>(what: &str, holds: impl FnMut() -> F) {
    waiting::until(DEADLINE, what, holds).await;
}

/// A portal whose only site is this one, on this database (none: SQLite of its own).
pub async fn portal(site: &PaperSite, url: Option<&str>, change: impl FnOnce(&mut Config)) -> Portal {
    portal_at(HandClock::going(), site, url, change).await
}

/// The same with another clock.
pub async fn portal_at(
    clock: HandClock,
    site: &PaperSite,
    url: Option<&str>,
    change: impl FnOnce(&mut Config),
) -> Portal {
    let sites = Sites::new(vec![Arc::new(site.clone())]);
    let setting = Setting { clock, sites: Some(sites) };
    Portal::start_in(setting, |config| {
        config.server.drain_s = 1;
        config.servers.reconcile_s = 3600;
        if let Some(url) = url {
            config.database.url = Secret::new(url);
        }
        change(config);
    })
    .await
    .expect("the portal starts")
}

/// A signed-in browser and the id of its user's access key.
pub async fn person(portal: &Portal, user: &str) -> (Browser, String) {
    let mut browser = portal.browser();
    browser.sign_in(user).await;
    let seed = user.bytes().cycle().take(32).collect::<Vec<_>>();
    let made = access_key::make_ed25519(seed.try_into().unwrap(), user).unwrap();
    let answer = browser.call("keys/add", &[("name", user), ("key", made.public.line())]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    (browser, id)
}

/// The fields of a form.
pub fn form<'a>(request: &'a str, name: &'a str, key: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("wish[request]", request),
        ("wish[name]", name),
        ("wish[image]", "sheet"),
        ("wish[size]", "small"),
        ("wish[key]", key),
    ]
}

/// An id as a form has it.
pub fn request_id(number: usize) -> String {
    format!("{number:024}")
}

pub async fn create(browser: &mut Browser, request: usize, name: &str, key: &str) -> Answer {
    browser.call("servers/create", &form(&request_id(request), name, key)).await
}

/// Creates one; gives its id.
pub async fn created(browser: &mut Browser, request: usize, name: &str, key: &str) -> String {
    let answer = create(browser, request, name, key).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json().as_str().unwrap().strip_prefix("/servers/").unwrap().to_owned()
}

pub async fn show(browser: &mut Browser, id: &str) -> Value {
    waiting::show(browser, "servers/show", id).await
}

/// Waits for a state; gives the server.
pub async fn reach(browser: &mut Browser, id: &str, state: &str) -> Value {
    waiting::reach(DEADLINE, browser, "servers/show", id, state).await
}

pub async fn act(browser: &mut Browser, id: &str, action: &str, name: &str) -> Answer {
    browser.call("servers/act", &[("id", id), ("action", action), ("name", name)]).await
}

/// The field and sentence of a refusal.
pub fn refusal(answer: &Answer) -> (u16, String, String) {
    let fault = answer.json()["Invalid"][0].clone();
    let text = |name: &str| fault[name].as_str().unwrap_or_default().to_owned();
    (answer.status, text("field"), text("sentence"))
}

/// The step's states, in order.
pub fn steps(view: &Value) -> Vec<String> {
    let steps = view["steps"].as_array().unwrap();
    steps.iter().map(|step| step["state"].as_str().unwrap().to_owned()).collect()
}
