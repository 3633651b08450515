//! `[server]`: where and how Skyport answers.

use super::ConfigError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use url::Url;

/// Where and how Skyport answers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port to listen on. Port 0 takes a free one and prints it.
    pub listen: SocketAddr,
    /// The address people type, without a path. Empty: `http://` and the address listened on. Anything but loopback
    /// must be `https`, served by a proxy in front.
    pub public_url: String,
    /// Folder for the embedded database and the results. Made where it is missing.
    pub data_folder: PathBuf,
    /// Addresses of proxies whose `X-Forwarded-For` is believed; needed for the rate limit by address.
    pub trusted_proxies: Vec<IpAddr>,
    /// Largest body of a request, in KiB.
    pub body_limit_kib: usize,
    /// Longest time for a request that is not a download or a stream of events, in seconds.
    pub request_timeout_s: u64,
    /// How long requests and queries under way may take to finish after SIGTERM, in seconds; what has not by then is
    /// cut, and queries are marked as interrupted.
    pub drain_s: u64,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            data_folder: PathBuf::from("data"),
            trusted_proxies: Vec::new(),
            body_limit_kib: 1024,
            request_timeout_s: 30,
            drain_s: 20,
        }
    }
}

impl ServerConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let wrong = |reason: String| Err(ConfigError::value("server.public_url", reason));
        if self.body_limit_kib < 64 {
            return Err(ConfigError::value("server.body_limit_kib", "64 is the least that the forms need"));
        }
        if self.public_url.is_empty() {
            return if self.is_loopback() {
                Ok(())
            } else {
                wrong(format!(
                    "is needed when listening on {}: write the https address that people type",
                    self.listen
                ))
            };
        }
        let url = match Url::parse(&self.public_url) {
            Ok(url) if url.has_host() && url.path() == "/" && url.query().is_none() => url,
            _ => {
                return wrong(format!(
                    "{:?} is not an address such as https://portal.example.org",
                    self.public_url
                ));
            }
        };
        match url.scheme() {
            "https" => Ok(()),
            "http" if is_loopback_host(&url) => Ok(()),
            _ => wrong("must be https, except on loopback: put a TLS proxy in front".to_owned()),
        }
    }

    /// Whether only this machine can reach Skyport directly.
    pub fn is_loopback(&self) -> bool {
        self.listen.ip().is_loopback()
    }

    /// The address people type, for a server that listens on `bound`; without a trailing slash.
    pub fn origin(&self, bound: SocketAddr) -> String {
        if self.public_url.is_empty() {
            format!("http://{bound}")
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }
}

/// Whether an address names this machine.
pub(super) fn is_loopback_host(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
