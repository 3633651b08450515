//! What is learned of a server, what its owner says of it, and what is forgotten.

use super::{ServerRow, ServerStore};
use crate::clock::Micros;
use crate::providers::Account;
use sqlx::{AnyConnection, Error};

impl ServerStore {
    /// The site's id of it.
    pub(crate) async fn set_machine(&self, id: &str, machine: &str) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET machine = $2, unsettled_us = NULL WHERE id = $1")
            .bind(id)
            .bind(machine)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Whether a machine may still come of a request.
    pub(crate) async fn set_unsettled(&self, id: &str, unsettled: Option<Micros>) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET unsettled_us = $2 WHERE id = $1")
            .bind(id)
            .bind(unsettled)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Whose the machine is at the site.
    pub(crate) async fn set_account(&self, id: &str, account: &Account) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET account = $2 WHERE id = $1")
            .bind(id)
            .bind(serde_json::to_string(account).unwrap_or_default())
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Where it is reached and as whom.
    pub(crate) async fn set_address(
        &self,
        id: &str,
        address: Option<&str>,
        port: u16,
        user: &str,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET address = $2, port = $3, access_user = $4 WHERE id = $1")
            .bind(id)
            .bind(address)
            .bind(i64::from(port))
            .bind(user)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// The machine's own keys.
    pub(crate) async fn set_host_keys(&self, id: &str, lines: &str) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET host_keys = $2 WHERE id = $1")
            .bind(id)
            .bind(lines)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Another name; false where another live server of the owner has it.
    pub(crate) async fn rename(&self, row: &ServerRow, name: &str) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE servers SET name = $2 WHERE id = $1 AND NOT EXISTS \
             (SELECT 1 FROM servers o WHERE o.owner = $3 AND o.name = $2 AND o.over_us IS NULL AND o.id <> $1)",
        )
        .bind(&row.id)
        .bind(name)
        .bind(&row.owner)
        .execute(&self.db)
        .await;
        match done {
            Ok(done) => Ok(done.rows_affected() == 1),
            Err(Error::Database(error)) if error.is_unique_violation() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Takes one that is over off the list, and forgets its user data.
    pub(crate) async fn dismiss(&self, row: &ServerRow, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "UPDATE servers SET dismissed_us = $2, choices = $3 WHERE id = $1 AND over_us IS NOT NULL",
        )
        .bind(&row.id)
        .bind(now)
        .bind(row.choices_without_user_data())
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Forgets the user data of one that is gone: it may hold secrets.
    pub(crate) async fn forget_user_data_in(
        connection: &mut AnyConnection,
        row: &ServerRow,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET choices = $2 WHERE id = $1")
            .bind(&row.id)
            .bind(row.choices_without_user_data())
            .execute(connection)
            .await?;
        Ok(())
    }
}
