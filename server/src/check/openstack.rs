//! Whether each OpenStack site answers, and takes the portal's own credentials where it has some.

use super::Findings;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::servers::OpenStackConfig;
use crate::fault::chain;
use crate::providers::openstack::OpenStackSite;
use crate::providers::{Fault, Finding, Reason, Site as _, cloud_info};

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
    let tried = own
        .chain(others)
        .map(|(key, site, place)| async move { (format!("servers {key}"), look(key, site, &place).await) });
    for (what, finding) in futures::future::join_all(tried).await {
        findings.say(&what, &finding);
    }
}

async fn look(key: &str, config: &OpenStackConfig, place: &str) -> Finding {
    let site = match OpenStackSite::new(key, config, Clock::system()) {
        Ok(site) => site,
        Err(error) => return Finding::Wrong(chain(&*error)),
    };
    let keystone = &config.keystone;
    match site.check().await {
        Ok(()) if site.wants_token() => {
            Finding::Fine(format!("{keystone} answers; users bring their own tokens"))
        }
        Ok(()) => Finding::Fine(format!("{keystone} answers and takes Skyport's credentials")),
        Err(fault) => say(&fault, keystone, place),
    }
}

/// What a fault means to the operator.
fn say(fault: &Fault, keystone: &str, place: &str) -> Finding {
    let words = fault.words.as_ref().map(|words| format!(" It says: {words}")).unwrap_or_default();
    match &fault.reason {
        Reason::Unreachable | Reason::OutcomeUnknown | Reason::Busy(_) => Finding::Amiss(format!(
            "{keystone} cannot be reached now. Check {place}.keystone and the network.{words}"
        )),
        Reason::SignInSetup | Reason::SignInNeeded => Finding::Wrong(format!(
            "{keystone} does not take Skyport's credentials. Check application_credential and application_secret, or user, \
             user_domain and password, in {place}.{words}"
        )),
        Reason::NotAMember => Finding::Wrong(format!(
            "Skyport's credentials open no project at {keystone}, or not this one. Check {place}.project.{words}"
        )),
        _ => Finding::Wrong(format!("{keystone} does not work as {place} says.{words}")),
    }
}
