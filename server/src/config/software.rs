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
}

impl Default for SoftwareConfig {
    fn default() -> Self {
        Self { default_catalogue: true, folder: None }
    }
}

impl SoftwareConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        match &self.folder {
            Some(folder) if folder.as_os_str().is_empty() => {
                Err(ConfigError::value("software.folder", "is empty; leave it out where there is no folder"))
            }
            _ => Ok(()),
        }
    }
}
