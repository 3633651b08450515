//! The sites that make servers, and those that run sessions: one or more lines each.

use super::{Findings, openstack};
use crate::config::Config;
use crate::fault::chain;
use crate::features::bookings::PlannedSite;
use crate::features::sessions::SessionSites;
use crate::providers::local::check::check;

/// Looks at every site of the configuration.
pub(super) async fn check_sites(config: &Config, findings: &mut Findings) {
    if config.servers.local.enabled {
        for finding in check(config).await {
            findings.say("servers local", &finding);
        }
    }
    openstack::check(config, findings).await;
    check_planned(config, findings);
    check_engines(config, findings).await;
}

/// Whether what the configuration says of sites for sessions can be planned, and what sessions get of each.
fn check_planned(config: &Config, findings: &mut Findings) {
    match PlannedSite::all(config) {
        Ok(sites) => {
            for site in sites {
                findings.ok(&format!("sessions {}", site.key), &format!("gives them {}", site.has));
            }
        }
        Err(error) => findings.fail("sessions", &chain(&error)),
    }
}

/// Asks every node of every site for sessions what it is and can do. One that is away is a warning: it may come later.
async fn check_engines(config: &Config, findings: &mut Findings) {
    for site in SessionSites::open(config).all() {
        for (node, finding) in site.check().await {
            findings.say(&format!("sessions {}, node {node}", site.key()), &finding);
        }
    }
}
