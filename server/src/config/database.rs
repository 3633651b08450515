//! `[database]`.

use super::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The database.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `postgres://user:password@host/name`, or `sqlite://file?mode=rwc`. Empty: `skyport.db` in the data folder.
    pub url: Secret,
    /// Most connections at once. 0: what suits the database, which is 4 for the embedded one (more only take turns) and
    /// 8 for PostgreSQL.
    pub max_connections: u32,
    /// How long a request waits for a connection, in seconds, before it answers 503.
    pub acquire_timeout_s: u64,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self { url: Secret::default(), max_connections: 0, acquire_timeout_s: 5 }
    }
}
