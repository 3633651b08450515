//! A user's last choices.

use super::ServerStore;
use sqlx::Error;

impl ServerStore {
    /// What a user chose last, as JSON.
    pub(crate) async fn last_choices(&self, owner: &str) -> Result<Option<String>, Error> {
        sqlx::query_scalar("SELECT choices FROM server_choices WHERE owner = $1")
            .bind(owner)
            .fetch_optional(&self.db)
            .await
    }

    /// Remembers what a user chose.
    pub(crate) async fn remember_choices(&self, owner: &str, choices: &str) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO server_choices (owner, choices) VALUES ($1, $2) ON CONFLICT (owner) DO UPDATE SET choices = $2",
        )
        .bind(owner)
        .bind(choices)
        .execute(&self.db)
        .await?;
        Ok(())
    }
}
