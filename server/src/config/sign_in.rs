//! `[sign_in]`: who may sign in, and for how long.

use super::{ConfigError, Secret, server::ServerConfig};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use url::Url;

/// Who may sign in, and for how long.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SignInConfig {
    /// The demo issuer with two ready users. Left out: on, where no provider is configured and Skyport listens on
    /// loopback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demo: Option<bool>,
    /// Address and port of the demo issuer; loopback only. Port 0 takes a free one.
    pub demo_listen: SocketAddr,
    /// Groups of the providers' claims whose members run this Skyport: they may show users' software to everybody. With the
    /// demo issuer its group `operators` does too.
    pub operator_groups: Vec<String>,
    /// OpenID Connect providers, each under a short id: `[sign_in.providers.egi]`.
    pub providers: BTreeMap<String, ProviderConfig>,
    /// A sign-in ends after this time without use, in seconds.
    pub idle_s: i64,
    /// A sign-in ends after this time at the latest, in seconds.
    pub absolute_s: i64,
    /// Sign-ins that one address may start in a minute.
    pub attempts_per_minute: u32,
    /// How long a provider may take for one answer, in seconds; half of it to connect.
    pub provider_timeout_s: u64,
}

/// One OpenID Connect provider.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    /// Name for people.
    pub name: String,
    /// Issuer, exactly as in its discovery document.
    pub issuer: String,
    /// Our client id there. The redirect address to register is `<public_url>/auth/callback`.
    pub client_id: String,
    /// Our client secret; better in a file or in the environment.
    #[serde(default)]
    pub client_secret: Secret,
    /// File that holds the client secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_file: Option<PathBuf>,
    /// Scopes beside `openid`.
    #[serde(default = "default_scopes")]
    pub scopes: Vec<String>,
    /// The claim that lists groups or entitlements; empty for none.
    #[serde(default = "default_groups_claim")]
    pub groups_claim: String,
}

fn default_scopes() -> Vec<String> {
    vec!["profile".to_owned(), "email".to_owned()]
}

fn default_groups_claim() -> String {
    "groups".to_owned()
}

impl Default for SignInConfig {
    fn default() -> Self {
        Self {
            demo: None,
            demo_listen: SocketAddr::from(([127, 0, 0, 1], 8081)),
            operator_groups: Vec::new(),
            providers: BTreeMap::new(),
            idle_s: 7 * 86_400,
            absolute_s: 30 * 86_400,
            attempts_per_minute: 20,
            provider_timeout_s: 10,
        }
    }
}

impl SignInConfig {
    /// Whether the demo issuer runs.
    pub fn has_demo(&self, server: &ServerConfig) -> bool {
        self.demo.unwrap_or(self.providers.is_empty() && server.is_loopback())
    }

    /// The groups whose members run this Skyport. The demo issuer's is among them only where no other issuer could name it.
    pub fn operators(&self, server: &ServerConfig) -> Vec<String> {
        let mut groups = self.operator_groups.clone();
        if self.has_demo(server) && self.providers.is_empty() {
            groups.push("operators".to_owned());
        }
        groups
    }

    pub(super) fn check(&self, server: &ServerConfig) -> Result<(), ConfigError> {
        let wrong = |key: &str, reason: String| Err(ConfigError::value(key, reason));
        if self.has_demo(server) {
            if !self.demo_listen.ip().is_loopback() {
                return wrong(
                    "sign_in.demo_listen",
                    format!(
                        "{} is not loopback: the demo issuer lets anybody in and never leaves this machine",
                        self.demo_listen
                    ),
                );
            }
            if !server.is_loopback() || server.public_url.starts_with("https") {
                return wrong(
                    "sign_in.demo",
                    "the demo issuer lets anybody in and runs only where Skyport itself is on loopback. Set it to false and configure a provider".to_owned(),
                );
            }
        } else if self.providers.is_empty() {
            return wrong(
                "sign_in.providers",
                "nobody could sign in: configure a provider, or switch the demo issuer on".to_owned(),
            );
        }
        if self.idle_s <= 0 || self.absolute_s < self.idle_s {
            return wrong("sign_in.absolute_s", "must be at least idle_s, and idle_s above 0".to_owned());
        }
        if self.attempts_per_minute == 0 {
            return wrong("sign_in.attempts_per_minute", "0 would let nobody sign in".to_owned());
        }
        if !(1..=14).contains(&self.provider_timeout_s) {
            return wrong(
                "sign_in.provider_timeout_s",
                "must be from 1 to 14, within a request's time".to_owned(),
            );
        }
        self.providers.iter().try_for_each(|(id, provider)| provider.check(id))
    }
}

impl ProviderConfig {
    fn check(&self, id: &str) -> Result<(), ConfigError> {
        let key = |name: &str| format!("sign_in.providers.{id}.{name}");
        if id == "demo"
            || id.is_empty()
            || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        {
            let place = format!("sign_in.providers.{id}");
            return Err(ConfigError::value(&place, "an id has letters, digits, - and _, and is not `demo`"));
        }
        let issuer = Url::parse(&self.issuer).ok().filter(Url::has_host);
        let Some(issuer) = issuer else {
            return Err(ConfigError::value(&key("issuer"), format!("{:?} is not an address", self.issuer)));
        };
        let loopback = matches!(issuer.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if issuer.scheme() != "https" && !loopback {
            return Err(ConfigError::value(&key("issuer"), "must be https"));
        }
        if self.client_id.is_empty() {
            return Err(ConfigError::value(&key("client_id"), "is empty"));
        }
        if self.client_secret_file.is_some() && !self.client_secret.expose().is_empty() {
            return Err(ConfigError::value(
                &key("client_secret"),
                "is given twice: here and as client_secret_file",
            ));
        }
        Ok(())
    }
}
