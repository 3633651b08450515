//! Whether each OpenStack site answers, and takes the portal's own credentials where it has some.

use super::Findings;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::servers::OpenStackConfig;
use crate::fault::chain;
use crate::providers::openstack::OpenStackSite;
use crate::providers::{Fault, Reason, Site as _, cloud_info};

/// How a site does.
enum State {
    Fine(String),
    Away(String),
    Wrong(String),
}

/// Asks all sites at once, those of the configuration and those of the list.
pub(super) async fn check(config: &Config, findings: &mut Findings) {
    let listed = cloud_info::read(config, false).await;
    let what = "servers cloud-info";
    for sentence in &listed.trouble {
        findings.warn(what, sentence);
    }
    match &listed.from {
        Some(from) => findings.ok(what, &format!("{} of {from} are used", listed.sites.len())),
        None if config.servers.cloud_info.is_used() => {
            findings.fail(what, "there is none, so none of its sites can be used. Check servers.cloud_info");
        }
        None => {}
    }
    for left_out in &listed.left_out {
        findings.warn(what, &format!("left out {left_out}"));
    }
    let own =
        config.servers.openstack.iter().map(|(key, site)| (key, site, format!("servers.openstack.{key}")));
    let others = listed.sites.iter().map(|(key, site)| (key, site, "servers.cloud_info".to_owned()));
    let tried = own.chain(others).map(|(key, site, place)| async move {
        let state = look(key, site, &place).await;
        (format!("servers {key}"), state)
    });
    for (what, state) in futures::future::join_all(tried).await {
        match state {
            State::Fine(sentence) => findings.ok(&what, &sentence),
            State::Away(sentence) => findings.warn(&what, &sentence),
            State::Wrong(sentence) => findings.fail(&what, &sentence),
        }
    }
}

async fn look(key: &str, config: &OpenStackConfig, place: &str) -> State {
    let site = match OpenStackSite::new(key, config, Clock::system()) {
        Ok(site) => site,
        Err(error) => return State::Wrong(chain(&*error)),
    };
    let keystone = &config.keystone;
    match site.check().await {
        Ok(()) if site.wants_token() => {
            State::Fine(format!("{keystone} answers; users bring their own tokens"))
        }
        Ok(()) => State::Fine(format!("{keystone} answers and takes Skyport's credentials")),
        Err(fault) => say(&fault, keystone, place),
    }
}

/// What a fault means to the operator.
fn say(fault: &Fault, keystone: &str, place: &str) -> State {
    let words = fault.words.as_ref().map(|words| format!(" It says: {words}")).unwrap_or_default();
    match &fault.reason {
        Reason::Unreachable | Reason::OutcomeUnknown | Reason::Busy(_) => State::Away(format!(
            "{keystone} cannot be reached now. Check {place}.keystone and the network.{words}"
        )),
        Reason::SignInSetup | Reason::SignInNeeded => State::Wrong(format!(
            "{keystone} does not take Skyport's credentials. Check application_credential and application_secret, or user, \
             user_domain and password, in {place}.{words}"
        )),
        Reason::NotAMember => State::Wrong(format!(
            "Skyport's credentials open no project at {keystone}, or not this one. Check {place}.project.{words}"
        )),
        _ => State::Wrong(format!("{keystone} does not work as {place} says.{words}")),
    }
}
