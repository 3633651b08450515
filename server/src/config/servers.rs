//! `[servers]`: where servers are made, and how many a user may have.

mod cloud_info;
mod local;

pub use cloud_info::CloudInfoConfig;
pub use local::{LocalAccelerator, LocalConfig, LocalImage, LocalSize, OutletConfig};

use super::{ConfigError, Secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

/// Where servers are made, and how many a user may have.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ServersConfig {
    /// Most servers of one user.
    pub per_user: u64,
    /// Most cores of one user's servers together.
    pub cores_per_user: u64,
    /// Most memory of one user's servers together, in MiB.
    pub memory_mib_per_user: u64,
    /// Most disk of one user's servers together, in GiB.
    pub disk_gib_per_user: u64,
    /// Steps of all servers that one process does at once.
    pub steps_at_once: usize,
    /// How often what the sites have is compared with what we know, in seconds.
    pub reconcile_s: u64,
    /// How long the ssh step waits for an answer, in seconds; then the server is ready all the same, and says so.
    pub ssh_patience_s: u64,
    /// Virtual machines on this machine.
    pub local: LocalConfig,
    /// OpenStack sites, each under a short name: `[servers.openstack.mine]`.
    pub openstack: BTreeMap<String, OpenStackConfig>,
    /// OpenStack sites from a list that others keep.
    pub cloud_info: CloudInfoConfig,
}

/// One OpenStack site.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenStackConfig {
    /// Its name for people.
    pub title: String,
    /// Address of its Keystone, such as `https://cloud.example.org:5000/v3`.
    pub keystone: String,
    /// Region; empty for the only one.
    #[serde(default)]
    pub region: String,
    /// The project (id or name) that servers are made in; empty: the only one that the user has.
    #[serde(default)]
    pub project: String,
    /// Identity provider as Keystone calls it, for the users' own tokens.
    #[serde(default = "egi")]
    pub identity_provider: String,
    /// The sign-in provider (its key in `[sign_in.providers]`) whose access token the site takes. Empty: users paste one.
    #[serde(default)]
    pub sign_in_provider: String,
    /// Application credential of a private cloud: its id. Then no user needs a token.
    #[serde(default)]
    pub application_credential: String,
    /// Its secret.
    #[serde(default)]
    pub application_secret: Secret,
    /// User name of a private cloud, where there is no application credential.
    #[serde(default)]
    pub user: String,
    /// The user's domain.
    #[serde(default)]
    pub user_domain: String,
    /// The user's password.
    #[serde(default)]
    pub password: Secret,
    /// More hosts that the catalogue may name; Keystone's own is one anyway.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Whether plain http and private or loopback addresses are taken: for a cloud on one's own network.
    #[serde(default)]
    pub private_network: bool,
    /// File of certificate authorities (PEM) that are trusted besides the system's.
    #[serde(default)]
    pub ca_file: PathBuf,
    /// Whether this portal can reach the machines' ssh port. Where not, nothing is looked at there.
    #[serde(default = "yes")]
    pub reaches_machines: bool,
    /// Addresses of this machine or of a link at which ssh is looked for all the same. Else none of these is looked at,
    /// whatever the site says that a machine's address is: meant for sites of tests.
    #[serde(default)]
    pub ssh_also_at: Vec<IpAddr>,
    /// How long a machine may still come of a request whose answer was lost, in seconds. Until then Skyport looks for it,
    /// and does not ask again: two machines would come of that.
    #[serde(default = "settle_s")]
    pub settle_s: u64,
    /// Security group for new servers; empty: the project's default.
    #[serde(default)]
    pub security_group: String,
}

fn egi() -> String {
    "egi.eu".to_owned()
}

fn yes() -> bool {
    true
}

fn settle_s() -> u64 {
    60
}

impl Default for ServersConfig {
    fn default() -> Self {
        Self {
            per_user: 10,
            cores_per_user: 32,
            memory_mib_per_user: 65_536,
            disk_gib_per_user: 500,
            steps_at_once: 64,
            reconcile_s: 30,
            ssh_patience_s: 300,
            local: LocalConfig::default(),
            openstack: BTreeMap::new(),
            cloud_info: CloudInfoConfig::default(),
        }
    }
}

impl ServersConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let positive = [
            ("per_user", self.per_user),
            ("steps_at_once", self.steps_at_once as u64),
            ("reconcile_s", self.reconcile_s),
        ];
        if let Some((key, _)) = positive.iter().find(|(_, value)| *value == 0) {
            return Err(ConfigError::value(&format!("servers.{key}"), "must be at least 1"));
        }
        self.local.check()?;
        self.cloud_info.check()?;
        for (key, site) in &self.openstack {
            let place = format!("servers.openstack.{key}");
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if key.is_empty() || key.len() > 40 || key == "local" || !key.chars().all(plain) {
                let reason = "its name must be 1 to 40 small letters, digits and `-`, and not `local`";
                return Err(ConfigError::value(&place, reason));
            }
            site.check(&place)?;
        }
        Ok(())
    }
}

impl OpenStackConfig {
    /// A site that takes users' tokens, with the defaults.
    pub fn new(title: &str, keystone: &str) -> Self {
        Self {
            title: title.to_owned(),
            keystone: keystone.to_owned(),
            region: String::new(),
            project: String::new(),
            identity_provider: egi(),
            sign_in_provider: String::new(),
            application_credential: String::new(),
            application_secret: Secret::default(),
            user: String::new(),
            user_domain: String::new(),
            password: Secret::default(),
            hosts: Vec::new(),
            private_network: false,
            ca_file: PathBuf::new(),
            reaches_machines: true,
            ssh_also_at: Vec::new(),
            settle_s: settle_s(),
            security_group: String::new(),
        }
    }

    fn check(&self, place: &str) -> Result<(), ConfigError> {
        let at = |key: &str| format!("{place}.{key}");
        let scheme = url::Url::parse(&self.keystone).ok().map(|url| url.scheme().to_owned());
        match scheme.as_deref() {
            Some("https") => {}
            Some("http") if self.private_network => {}
            Some("http") => {
                let reason = "is plain http: user tokens would travel in the open. Use https, or set private_network for a cloud on your own network";
                return Err(ConfigError::value(&at("keystone"), reason));
            }
            _ => {
                return Err(ConfigError::value(
                    &at("keystone"),
                    "must be an address that begins with https://",
                ));
            }
        }
        if !self.application_credential.is_empty() && self.application_secret.expose().is_empty() {
            return Err(ConfigError::value(
                &at("application_secret"),
                "is missing for the application credential",
            ));
        }
        if !self.user.is_empty() && self.password.expose().is_empty() {
            return Err(ConfigError::value(&at("password"), "is missing for the user"));
        }
        Ok(())
    }
}
