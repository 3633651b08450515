//! All SQL of software.

use crate::clock::Micros;
use crate::db::{Db, retried};
use sqlx::Error;
use std::collections::HashSet;

/// The tables of software.
#[derive(Debug, Clone)]
pub(crate) struct SoftwareStore {
    db: Db,
}

impl SoftwareStore {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// The names of a user's favourites.
    pub(crate) async fn favourites(&self, owner: &str) -> Result<HashSet<String>, Error> {
        let names: Vec<String> = retried!(
            sqlx::query_scalar("SELECT name FROM software_favourites WHERE owner = $1")
                .bind(owner)
                .fetch_all(&self.db)
        )?;
        Ok(names.into_iter().collect())
    }

    /// Makes an entry a favourite.
    pub(crate) async fn add_favourite(&self, owner: &str, name: &str, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO software_favourites (owner, name, since_us) VALUES ($1, $2, $3) ON CONFLICT (owner, name) DO NOTHING",
        )
        .bind(owner)
        .bind(name)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Makes it none.
    pub(crate) async fn remove_favourite(&self, owner: &str, name: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM software_favourites WHERE owner = $1 AND name = $2")
            .bind(owner)
            .bind(name)
            .execute(&self.db)
            .await?;
        Ok(())
    }
}
