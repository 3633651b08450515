//! What happened to a server.

use super::ServerStore;
use crate::clock::Micros;
use crate::db::retried;
use sqlx::{AnyConnection, Error};

impl ServerStore {
    /// Writes down what happened. Two processes that do so at once try again.
    pub(crate) async fn add_event(&self, id: &str, what: &str, now: Micros) -> Result<(), Error> {
        for last in [false, false, true] {
            let done = sqlx::query(
                "INSERT INTO server_events (server_id, at_us, number, what) SELECT $1, $2, \
                 COALESCE((SELECT MAX(number) FROM server_events WHERE server_id = $1), 0) + 1, $3",
            )
            .bind(id)
            .bind(now)
            .bind(what)
            .execute(&self.db)
            .await;
            match done {
                Err(Error::Database(error)) if error.is_unique_violation() && !last => {}
                other => return other.map(drop),
            }
        }
        Ok(())
    }

    /// The first that happened to a new server, in the transaction that writes it down.
    pub(crate) async fn add_first_event_in(
        connection: &mut AnyConnection,
        id: &str,
        what: &str,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query("INSERT INTO server_events (server_id, at_us, number, what) VALUES ($1, $2, 1, $3)")
            .bind(id)
            .bind(now)
            .bind(what)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// What happened last, newest first.
    pub(crate) async fn list_events(&self, id: &str, most: i64) -> Result<Vec<(Micros, String)>, Error> {
        retried!(
            sqlx::query_as(
                "SELECT at_us, what FROM server_events WHERE server_id = $1 ORDER BY number DESC LIMIT $2"
            )
            .bind(id)
            .bind(most)
            .fetch_all(&self.db)
        )
    }
}
