//! `[servers.cloud_info]`: OpenStack sites from a list that others keep.

use super::ConfigError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// OpenStack sites from a list that others keep, as the EGI Federated Cloud does, beside those of `[servers.openstack]`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CloudInfoConfig {
    /// Address of the cloud-info service, such as `https://is.cloud.egi.eu`; asked at each start. Empty: none is.
    pub url: String,
    /// File with such a list, as the service's `/sites/?include_projects=true` gives it: for when the service does not
    /// answer, or alone.
    pub file: PathBuf,
    /// The virtual organisation in whose projects servers are made. Sites without one for it are left out.
    pub vo: String,
    /// Hosts where the sites' services may be: names, or `*.name` for all below one. Sites elsewhere are left out, since
    /// users' tokens go where the list says.
    pub hosts: Vec<String>,
    /// Identity provider as the sites' Keystones call it.
    pub identity_provider: String,
    /// The sign-in provider (its key in `[sign_in.providers]`) whose access token the sites take. Empty: users paste one.
    pub sign_in_provider: String,
    /// File of certificate authorities (PEM) that are trusted besides the system's.
    pub ca_file: PathBuf,
    /// Whether plain http and private or loopback addresses are taken.
    pub private_network: bool,
}

impl Default for CloudInfoConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            file: PathBuf::new(),
            vo: String::new(),
            hosts: Vec::new(),
            identity_provider: super::egi(),
            sign_in_provider: String::new(),
            ca_file: PathBuf::new(),
            private_network: false,
        }
    }
}

impl CloudInfoConfig {
    /// Whether there is a list.
    pub fn is_used(&self) -> bool {
        !self.url.is_empty() || !self.file.as_os_str().is_empty()
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !self.is_used() {
            return Ok(());
        }
        let fault = |key: &str, reason| ConfigError::value(&format!("servers.cloud_info.{key}"), reason);
        let scheme = url::Url::parse(&self.url).ok().map(|url| url.scheme().to_owned());
        match scheme.as_deref() {
            Some("https") => {}
            Some("http") if self.private_network => {}
            None if self.url.is_empty() => {}
            _ => return Err(fault("url", "must be an address that begins with https://")),
        }
        if self.vo.is_empty() {
            return Err(fault(
                "vo",
                "is missing: say in which virtual organisation's projects servers are made",
            ));
        }
        if self.hosts.is_empty() {
            let reason = "is missing: name the hosts that users' tokens may go to, such as \"*.cesga.es\"";
            return Err(fault("hosts", reason));
        }
        Ok(())
    }
}
