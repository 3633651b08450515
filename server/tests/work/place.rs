//! Where a portal keeps its things: SQLite in its own folder, or a new database of a PostgreSQL server.

use crate::support::portal::Portal;
use skyport::config::{Config, Secret};

pub use crate::support::postgres::Postgres;

/// Where a portal keeps its things.
#[derive(Clone, Default)]
pub struct Place {
    url: Option<String>,
}

impl Place {
    pub fn sqlite() -> Self {
        Self::default()
    }

    /// The database at this address.
    pub fn at(url: &str) -> Self {
        Self { url: Some(url.to_owned()) }
    }

    /// A new portal there. Connections are few: several portals share one server.
    pub async fn portal(&self, change: impl FnOnce(&mut Config)) -> Portal {
        Portal::start(|config| {
            if let Some(url) = &self.url {
                config.database.url = Secret::new(url);
            }
            change(config);
        })
        .await
    }
}
