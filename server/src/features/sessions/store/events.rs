//! What happened to a session.

use super::SessionStore;
use crate::clock::Micros;
use crate::db::retried;
use sqlx::{AnyConnection, Error};

/// Kept of what happens within one second in the order of the writing: an event's id is minted, and says nothing.
impl SessionStore {
    /// Writes down what happened.
    pub(crate) async fn add_event(
        &self,
        id: &str,
        session: &str,
        what: &str,
        now: Micros,
    ) -> Result<(), Error> {
        Self::add_event_in(&mut *self.db.acquire().await?, id, session, what, now).await
    }

    /// The same inside a transaction. An event whose id is there already is not written again.
    pub(crate) async fn add_event_in(
        connection: &mut AnyConnection,
        id: &str,
        session: &str,
        what: &str,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO session_events (id, session, at_us, what) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .bind(session)
        .bind(now)
        .bind(what)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// What happened last, newest first.
    pub(crate) async fn list_events(&self, session: &str, most: i64) -> Result<Vec<(Micros, String)>, Error> {
        retried!(
            sqlx::query_as(
                "SELECT at_us, what FROM session_events WHERE session = $1 ORDER BY at_us DESC, id LIMIT $2"
            )
            .bind(session)
            .bind(most)
            .fetch_all(&self.db)
        )
    }
}
