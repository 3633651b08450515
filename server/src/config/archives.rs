//! `[archives]`: the archives that people may ask.

use super::{ConfigError, Secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use url::Url;

/// The archives that people may ask.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ArchivesConfig {
    /// The local archive that Skyport carries.
    pub local: bool,
    /// Whether the well-known public TAP services are listed.
    pub well_known: bool,
    /// More TAP services, each under a short name: `[archives.tap.mine]`. One with a well-known name replaces it.
    pub tap: BTreeMap<String, TapConfig>,
    /// How often each archive is asked whether it answers, in seconds.
    pub probe_every_s: u64,
    /// How long an archive may take to connect, or be silent while it answers, in seconds.
    pub silence_s: u64,
}

/// One TAP service.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TapConfig {
    /// Name for people.
    pub title: String,
    /// What it holds, in one sentence.
    #[serde(default)]
    pub sentence: String,
    /// Base address, without `/sync`.
    pub url: String,
    /// Bearer token, where the archive wants one; better in a file or in the environment.
    #[serde(default)]
    pub token: Secret,
    /// File that holds the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_file: Option<PathBuf>,
    /// Further hosts that it may redirect to.
    #[serde(default)]
    pub redirect_hosts: Vec<String>,
}

impl Default for ArchivesConfig {
    fn default() -> Self {
        Self { local: true, well_known: true, tap: BTreeMap::new(), probe_every_s: 600, silence_s: 30 }
    }
}

impl ArchivesConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for (name, tap) in &self.tap {
            let place = format!("archives.tap.{name}");
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if name.is_empty() || name == "local" || name == "query" || !name.chars().all(fits) {
                return Err(ConfigError::value(
                    &place,
                    "a name has small letters, digits and -, and is not `local` or `query`",
                ));
            }
            if !Url::parse(&tap.url).is_ok_and(|u| u.has_host() && matches!(u.scheme(), "http" | "https")) {
                return Err(ConfigError::value(
                    &format!("{place}.url"),
                    format!("{:?} is not an address", tap.url),
                ));
            }
        }
        Ok(())
    }
}
