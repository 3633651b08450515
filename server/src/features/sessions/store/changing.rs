//! What becomes of a session: its state, what was learned, its end.

use super::SessionStore;
use crate::clock::Micros;
use crate::work::{NewOperation, WorkStore};
use sqlx::{AnyConnection, Error};

impl SessionStore {
    /// Writes a state down, where it is another one and it is neither being ended nor over. True where it was another.
    pub(crate) async fn set_state(&self, id: &str, state: &str, now: Micros) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE sessions SET state = $2, since_us = $3, progress = NULL WHERE id = $1 AND state NOT IN ($2, 'ending', 'ended')",
        )
        .bind(id)
        .bind(state)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// It runs, in the transaction that ends its being started.
    pub(crate) async fn set_running_in(
        connection: &mut AnyConnection,
        id: &str,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE sessions SET state = 'running', since_us = $2, ready_us = $2, progress = NULL \
             WHERE id = $1 AND state NOT IN ('ending', 'ended')",
        )
        .bind(id)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Where its interface answers; none: nowhere now. One that is being ended or is over has none.
    pub(crate) async fn set_address(&self, id: &str, address: Option<&str>) -> Result<(), Error> {
        sqlx::query("UPDATE sessions SET address = $2 WHERE id = $1 AND state NOT IN ('ending', 'ended')")
            .bind(id)
            .bind(address)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// What pins its image.
    pub(crate) async fn set_image(&self, id: &str, image: &str) -> Result<(), Error> {
        sqlx::query("UPDATE sessions SET image = $2 WHERE id = $1")
            .bind(id)
            .bind(image)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// How far the step is that goes on, as JSON.
    pub(crate) async fn set_progress(&self, id: &str, progress: Option<&str>) -> Result<(), Error> {
        sqlx::query("UPDATE sessions SET progress = $2 WHERE id = $1")
            .bind(id)
            .bind(progress)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// What is in `/data`, as JSON.
    pub(crate) async fn set_data(&self, id: &str, data: &str) -> Result<(), Error> {
        sqlx::query("UPDATE sessions SET data = $2, progress = NULL WHERE id = $1")
            .bind(id)
            .bind(data)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// How much of its log is kept.
    pub(crate) async fn set_log_bytes(&self, id: &str, bytes: i64) -> Result<(), Error> {
        sqlx::query("UPDATE sessions SET log_bytes = $2 WHERE id = $1")
            .bind(id)
            .bind(bytes)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Where it runs, before it does.
    pub(crate) async fn set_node(&self, id: &str, node: &str) -> Result<(), Error> {
        sqlx::query("UPDATE sessions SET node = $2 WHERE id = $1")
            .bind(id)
            .bind(node)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Nobody could use it for a while: a warning that was given before says nothing. Of one session, or of all.
    pub(crate) async fn forget_idle_warning(&self, id: Option<&str>) -> Result<(), Error> {
        let text = "UPDATE sessions SET idle_warned_us = NULL \
                    WHERE idle_warned_us IS NOT NULL AND ($1 = '' OR id = $1)";
        sqlx::query(text).bind(id.unwrap_or_default()).execute(&self.db).await?;
        Ok(())
    }

    /// Another name.
    pub(crate) async fn rename(&self, id: &str, title: &str) -> Result<(), Error> {
        sqlx::query("UPDATE sessions SET title = $2 WHERE id = $1")
            .bind(id)
            .bind(title)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Takes one that is over off the list.
    pub(crate) async fn dismiss(&self, id: &str) -> Result<(), Error> {
        sqlx::query("UPDATE sessions SET dismissed = 1 WHERE id = $1 AND state = 'ended'")
            .bind(id)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// The warning of this instant is given now; false where it, or a later one, was given before.
    pub(crate) async fn warn(&self, id: &str, instant: Micros) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE sessions SET warned_us = $2 WHERE id = $1 AND COALESCE(warned_us, 0) < $2 AND state = 'running'",
        )
        .bind(id)
        .bind(instant)
        .execute(&self.db)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Its owner is told that nobody uses it; false where they were, since it was last used.
    pub(crate) async fn warn_idle(&self, id: &str, used_us: Micros, now: Micros) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE sessions SET idle_warned_us = $3 WHERE id = $1 AND COALESCE(idle_warned_us, 0) < $2 \
             AND state = 'running'",
        )
        .bind(id)
        .bind(used_us)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// What ends it while it is being started, from a step of it. What was wanted first stays.
    pub(crate) async fn want_end(&self, id: &str, reason: &str, exit_code: Option<i64>) -> Result<(), Error> {
        sqlx::query(
            "UPDATE sessions SET exit_code = CASE WHEN end_wanted IS NULL THEN $3 ELSE exit_code END, \
             end_wanted = COALESCE(end_wanted, $2) WHERE id = $1 AND state <> 'ended'",
        )
        .bind(id)
        .bind(reason)
        .bind(exit_code)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// It is being ended: nobody is let in any more.
    pub(crate) async fn set_ending(&self, id: &str, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "UPDATE sessions SET state = 'ending', since_us = $2, address = NULL, progress = NULL \
             WHERE id = $1 AND state NOT IN ('ending', 'ended')",
        )
        .bind(id)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Begins to end it: what goes on to start it is called off, what runs is ended. False where it is being ended already
    /// or over. Operations are written before sessions, here and where they end, so that the two never wait for each other.
    pub(crate) async fn begin_end(
        &self,
        operation: &NewOperation<'_>,
        reason: &str,
        exit_code: Option<i64>,
        now: Micros,
    ) -> Result<bool, Error> {
        let mut transaction = self.db.begin().await?;
        let called_off = WorkStore::call_off(&mut transaction, operation.subject, "run", now).await?;
        if !called_off && !WorkStore::add(&mut transaction, operation, now).await? {
            return Ok(false);
        }
        let done = sqlx::query(
            "UPDATE sessions SET exit_code = CASE WHEN end_wanted IS NULL THEN $4 ELSE exit_code END, \
             end_wanted = COALESCE(end_wanted, $2), state = 'ending', since_us = $3, address = NULL, progress = NULL \
             WHERE id = $1 AND state NOT IN ('ending', 'ended')",
        )
        .bind(operation.subject)
        .bind(reason)
        .bind(now)
        .bind(exit_code)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            // Dropped: nothing is begun at what is over.
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// It is over.
    pub(crate) async fn end_in(
        connection: &mut AnyConnection,
        id: &str,
        reason: &str,
        failure: Option<&str>,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE sessions SET state = 'ended', since_us = $4, ended_us = $4, end_reason = $2, failure = $3, \
             address = NULL, progress = NULL WHERE id = $1 AND state <> 'ended'",
        )
        .bind(id)
        .bind(reason)
        .bind(failure)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(())
    }
}
