//! `[software]`: the catalogue of containers that sessions run.

use super::ConfigError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The catalogue of containers that sessions run.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SoftwareConfig {
    /// Whether the entries that Skyport carries are listed: the images that it comes with, and well-known public ones.
    pub default_catalogue: bool,
    /// Folder of TOML files, one entry each, named after its file. Looked at again as it changes, without a restart. One
    /// with the name of an entry that Skyport carries replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// Registries that users' containers may come from, each as `host` or `host:port`; `http://host:port` for one without
    /// TLS on one's own network. No other address is asked. Empty: users add no containers.
    pub registries: Vec<String>,
    /// Most containers of one user.
    pub per_user: u64,
    /// How often one user may have a registry asked in a minute.
    pub asks_per_minute: u32,
    /// How long a registry may take to answer, in seconds.
    pub registry_timeout_s: u64,
}

impl Default for SoftwareConfig {
    fn default() -> Self {
        Self {
            default_catalogue: true,
            folder: None,
            registries: ["docker.io", "ghcr.io", "quay.io", "images.canfar.net"].map(str::to_owned).into(),
            per_user: 100,
            asks_per_minute: 20,
            registry_timeout_s: 20,
        }
    }
}

impl SoftwareConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for registry in &self.registries {
            let host = registry.strip_prefix("http://").unwrap_or(registry);
            // Without a dot or a port it would be read as the first part of a path on Docker Hub.
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:[]".contains(c);
            let named = host == "localhost" || host.contains(['.', ':']);
            if !named || !host.chars().all(plain) || host.starts_with(['.', '-', ':']) {
                let reason = format!(
                    "{registry:?} is not a registry: `quay.io`, `registry.example.org:5000`, or with `http://` before it"
                );
                return Err(ConfigError::value("software.registries", reason));
            }
        }
        if self.asks_per_minute == 0 {
            return Err(ConfigError::value("software.asks_per_minute", "must be at least 1"));
        }
        if self.registry_timeout_s == 0 {
            return Err(ConfigError::value("software.registry_timeout_s", "must be at least 1"));
        }
        match &self.folder {
            Some(folder) if folder.as_os_str().is_empty() => {
                Err(ConfigError::value("software.folder", "is empty; leave it out where there is no folder"))
            }
            _ => Ok(()),
        }
    }
}
