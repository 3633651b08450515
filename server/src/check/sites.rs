//! The sites that make servers: one or more lines each.

use super::{Findings, openstack};
use crate::config::Config;
use crate::providers::local::check::check;

/// Looks at every site of the configuration.
pub(super) async fn check_sites(config: &Config, findings: &mut Findings) {
    if config.servers.local.enabled {
        for finding in check(config).await {
            findings.say("servers local", &finding);
        }
    }
    openstack::check(config, findings).await;
}
