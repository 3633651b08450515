//! `[servers.local.outlet]`: the way out of servers on this machine.

use super::wrong;
use crate::config::ConfigError;
use outlet::Policy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The way out of servers on this machine: an HTTP proxy at 10.0.2.100:3128 in each server's own network. Without a port
/// there is none. A server is never let to this machine itself, whatever is named here. A change holds for running servers
/// too, from the portal's next start; whether there is a way out at all is settled when a server is started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OutletConfig {
    /// Ports outside that servers may connect to, such as `[80, 443]`. Empty: servers reach nothing.
    pub ports: Vec<u16>,
    /// Private networks that servers may connect to as well, such as `["10.20.0.0/16"]`; without it, addresses of the
    /// public internet only.
    pub networks: Vec<String>,
    /// Most connections of one server at once.
    pub connections: u16,
}

impl Default for OutletConfig {
    fn default() -> Self {
        Self { ports: Vec::new(), networks: Vec::new(), connections: 32 }
    }
}

impl OutletConfig {
    /// Whether there is a way out.
    pub fn is_open(&self) -> bool {
        !self.ports.is_empty()
    }

    /// What lies outside.
    pub fn policy(&self) -> Policy {
        // `check` has seen that they can be read.
        let networks = self.networks.iter().filter_map(|network| network.parse().ok()).collect();
        Policy { ports: self.ports.clone(), networks }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.ports.contains(&0) {
            return wrong("outlet.ports", "must be ports from 1 to 65535, such as [80, 443]");
        }
        if self.connections == 0 {
            return wrong("outlet.connections", "must be 1 or more; leave outlet.ports empty for no way out");
        }
        if self.policy().networks.len() != self.networks.len() {
            return wrong("outlet.networks", "must be networks such as 10.20.0.0/16");
        }
        Ok(())
    }
}
