//! `[sessions]`: how sessions are opened, kept and bounded.

use super::server::{ServerConfig, is_loopback_host};
use super::{Config, ConfigError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use url::Url;

/// How sessions are opened, kept and bounded.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SessionsConfig {
    /// The domain whose subdomains are the sessions' own origins: with `sessions.example.org` a session is opened at
    /// `https://<id>.sessions.example.org`. It must not be the portal's own, nor one above it. Empty: `localhost`, where
    /// the portal is on loopback; a portal at an https address opens no sessions then. A proxy in front passes all
    /// names beneath it on, with their `Host`, under a certificate for them.
    pub domain: String,
    /// Hosts that files may be fetched from into a session's data, where chosen rows lead to files (`access_url`): a name,
    /// with its port where that is not the usual one, or `*.` and what names end with. Empty: the hosts of the archives. One
    /// that is no archive's must not lie in a private network.
    pub product_hosts: Vec<String>,
    /// Most sessions of one user that live at once.
    pub per_user: u32,
    /// How long an offer is held, in seconds.
    pub hold_s: u32,
    /// How long one press keeps a session longer, in minutes.
    pub extend_minutes: u32,
    /// How long an interface may take until it answers, in seconds.
    pub ready_s: u32,
    /// How long a session may take to end before it is killed, in seconds.
    pub end_s: u32,
    /// How often sites are looked at, in seconds.
    pub reconcile_s: u64,
    /// How long a site may be away until its sessions are given up, in seconds.
    pub away_s: u32,
    /// Folder of the users' homes and the sessions' data. Empty: `sessions` in the data folder. The engines must see it
    /// under the same path.
    pub folder: PathBuf,
    /// Most that one user's home may hold, in MiB.
    pub home_mib: u64,
    /// Most that the data of one session may hold, in MiB.
    pub data_mib: u64,
    /// Most of a session's log that is kept, in KiB.
    pub log_kib: u64,
    /// The user id inside of sessions, which their files belong to. 0: that of the portal, or 60000 where that is root.
    pub uid: u32,
    /// The group id. 0: as for the user id.
    pub gid: u32,
    /// Steps of all sessions that one process does at once.
    pub steps_at_once: usize,
}

impl Default for SessionsConfig {
    fn default() -> Self {
        Self {
            domain: String::new(),
            product_hosts: Vec::new(),
            per_user: 3,
            hold_s: 300,
            extend_minutes: 60,
            ready_s: 180,
            end_s: 20,
            reconcile_s: 3,
            away_s: 900,
            folder: PathBuf::new(),
            home_mib: 10_240,
            data_mib: 10_240,
            log_kib: 4096,
            uid: 0,
            gid: 0,
            steps_at_once: 32,
        }
    }
}

impl Config {
    /// Folder of the users' homes and the sessions' data; absolute, since engines are told of it.
    pub fn sessions_folder(&self) -> PathBuf {
        let folder = self.or_in_data(&self.sessions.folder, "sessions");
        std::path::absolute(&folder).unwrap_or(folder)
    }
}

impl SessionsConfig {
    pub(super) fn check(&self, server: &ServerConfig) -> Result<(), ConfigError> {
        self.check_domain(server)?;
        let is_host = |host: &String| {
            let name = host.strip_prefix("*.").unwrap_or(host);
            !host.contains("://")
                && Url::parse(&format!("http://{name}/")).is_ok_and(|url| url.path() == "/" && url.has_host())
        };
        if let Some(host) = self.product_hosts.iter().find(|host| !is_host(host)) {
            return Err(ConfigError::value(
                "sessions.product_hosts",
                format!(
                    "{host:?} is not a host such as files.example.org, files.example.org:8443 or *.example.org"
                ),
            ));
        }
        let positive = [
            ("per_user", u64::from(self.per_user)),
            ("hold_s", u64::from(self.hold_s)),
            ("extend_minutes", u64::from(self.extend_minutes)),
            ("ready_s", u64::from(self.ready_s)),
            ("reconcile_s", self.reconcile_s),
            ("home_mib", self.home_mib),
            ("data_mib", self.data_mib),
            ("log_kib", self.log_kib),
            ("steps_at_once", self.steps_at_once as u64),
        ];
        if let Some((key, _)) = positive.iter().find(|(_, value)| *value == 0) {
            return Err(ConfigError::value(&format!("sessions.{key}"), "must be at least 1"));
        }
        Ok(())
    }

    /// A container has its own name for itself alone, and none that the portal's cookies go to.
    fn check_domain(&self, server: &ServerConfig) -> Result<(), ConfigError> {
        let domain = self.domain.as_str();
        if domain.is_empty() {
            return Ok(());
        }
        let wrong = |reason: String| Err(ConfigError::value("sessions.domain", reason));
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        // A session's id and a dot stand in front of it; a name has 253 letters at most.
        let is_address =
            domain.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
        if !domain.split('.').all(is_label) || domain.len() > 228 || is_address {
            return wrong(format!(
                "{domain:?} is not a domain such as sessions.example.org, in small letters, without scheme, port, `*` and final dot"
            ));
        }
        let local = domain == "localhost" || domain.ends_with(".localhost");
        let portal = Url::parse(&server.public_url).ok();
        if portal.as_ref().is_none_or(is_loopback_host) != local {
            return wrong(if local {
                "names beneath localhost are for portals on loopback: write a domain that people's browsers find".to_owned()
            } else {
                "is for portals at an https address: set [server] public_url too, or leave this empty to open sessions beneath localhost".to_owned()
            });
        }
        let host = portal.as_ref().and_then(Url::host_str).unwrap_or_default().trim_end_matches('.');
        if host == domain && domain != "localhost" {
            return wrong(format!(
                "{domain} is the portal's own name: take another, such as sessions.{domain}"
            ));
        }
        if host.ends_with(&format!(".{domain}")) {
            return wrong(format!(
                "{domain} is above the portal's own name {host}, so that a container could set the portal's cookies: take a domain of its own"
            ));
        }
        Ok(())
    }
}
