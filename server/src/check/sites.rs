//! The sites that make servers: one or more lines each.

use super::{Findings, openstack};
use crate::config::Config;
use crate::providers::local::check::{Finding, check};

/// Looks at every site of the configuration.
pub(super) async fn check_sites(config: &Config, findings: &mut Findings) {
    if config.servers.local.enabled {
        for finding in check(config).await {
            match finding {
                Finding::Fine(sentence) => findings.ok("servers local", &sentence),
                Finding::Amiss(sentence) => findings.warn("servers local", &sentence),
                Finding::Wrong(sentence) => findings.fail("servers local", &sentence),
            }
        }
    }
    openstack::check(config, findings).await;
}
