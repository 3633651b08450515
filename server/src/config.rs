//! Configuration: `skyport.toml`, then the environment (`SKYPORT_SECTION__KEY`), each key checked before the start.

pub mod archives;
pub mod database;
pub mod log;
pub mod queries;
pub mod reference;
mod secret;
pub mod server;
pub mod servers;
pub mod sessions;
pub mod sign_in;
pub mod sites;
pub mod software;

pub use secret::Secret;

use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The whole configuration.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where and how Skyport answers.
    pub server: server::ServerConfig,
    /// The database.
    pub database: database::DatabaseConfig,
    /// Logs.
    pub log: log::LogConfig,
    /// Who may sign in, and for how long.
    pub sign_in: sign_in::SignInConfig,
    /// The archives that people may ask.
    pub archives: archives::ArchivesConfig,
    /// Limits of queries, and where their results are kept.
    pub queries: queries::QueriesConfig,
    /// Where servers are made, and how many a user may have.
    pub servers: servers::ServersConfig,
    /// The catalogue of containers that sessions run.
    pub software: software::SoftwareConfig,
    /// Places that run sessions, each under a short name: `[sites.here]`.
    pub sites: BTreeMap<String, sites::SiteConfig>,
    /// How sessions are opened, kept and bounded.
    pub sessions: sessions::SessionsConfig,
}

/// A configuration that Skyport does not start with.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named is not there.
    #[error(
        "The configuration file {0} does not exist or cannot be read. Name another with --config, or leave it out for the defaults"
    )]
    NoFile(String),
    /// A key is unknown or has the wrong type.
    #[error("{place}: {reason}. `skyport config --reference` lists all keys")]
    Key {
        /// File or environment, and the key.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Keys contradict each other or have impossible values.
    #[error("{place}: {reason}")]
    Value {
        /// The key.
        place: String,
        /// What is wrong with it and what would be right.
        reason: String,
    },
}

impl ConfigError {
    /// An impossible value under a key.
    pub(crate) fn value(place: &str, reason: impl Into<String>) -> Self {
        Self::Value { place: format!("Configuration key {place}"), reason: reason.into() }
    }
}

/// Variables of the same prefix that `./dev` and the tests export for themselves, and that are no settings.
const NO_SETTINGS: [&str; 10] =
    ["config", "site", "archive", "cache", "root", "bin", "chromium", "test_servers", "wasm_std", "images"];

/// Reads the configuration and refuses what cannot be right.
pub fn read(file: Option<&Path>) -> Result<Config, ConfigError> {
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    match file {
        Some(path) if !path.is_file() => return Err(ConfigError::NoFile(path.display().to_string())),
        Some(path) => figment = figment.merge(Toml::file_exact(path)),
        None if Path::new("skyport.toml").is_file() => {
            figment = figment.merge(Toml::file_exact("skyport.toml"));
        }
        None => {}
    }
    let figment = figment.merge(Env::prefixed("SKYPORT_").ignore(&NO_SETTINGS).split("__"));
    let config: Config = figment.extract().map_err(|error| {
        let first = error.clone().into_iter().next().unwrap_or(error);
        let key = first.path.join(".");
        let source = first.metadata.as_ref().map_or_else(String::new, |m| {
            m.source.as_ref().map_or_else(|| m.name.to_string(), |s| format!("{} ({s})", m.name))
        });
        let place = [source, key].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", key ");
        ConfigError::Key { place, reason: first.kind.to_string() }
    })?;
    config.check()?;
    Ok(config)
}

impl Config {
    /// Refuses values that contradict each other.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.server.check()?;
        self.sign_in.check(&self.server)?;
        self.archives.check()?;
        self.queries.check()?;
        self.servers.check()?;
        self.software.check()?;
        for (key, site) in &self.sites {
            site.check(key)?;
        }
        self.sessions.check(&self.server)
    }

    /// The database's address: as configured, or a SQLite file in the data folder.
    pub fn database_url(&self) -> String {
        let configured = self.database.url.expose();
        if configured.is_empty() {
            format!("sqlite://{}?mode=rwc", self.server.data_folder.join("skyport.db").display())
        } else {
            configured.to_owned()
        }
    }

    /// The configuration in force as TOML, secrets as `***`.
    pub fn shown(&self) -> String {
        toml::to_string_pretty(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
