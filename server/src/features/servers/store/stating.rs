//! What becomes of a server: its state, its wishes, its end.

use super::{ServerRow, ServerStore};
use crate::clock::Micros;
use crate::work::{NewOperation, WorkStore};
use sqlx::{AnyConnection, Error};

impl ServerStore {
    /// Writes a state down, where it is another one; with what one should know about it.
    pub(crate) async fn set_state(
        &self,
        id: &str,
        state: &str,
        remark: Option<&str>,
        now: Micros,
    ) -> Result<(), Error> {
        let mut connection = self.db.acquire().await?;
        Self::set_state_in(&mut connection, id, state, remark, now).await
    }

    /// The same inside a transaction.
    pub(crate) async fn set_state_in(
        connection: &mut AnyConnection,
        id: &str,
        state: &str,
        remark: Option<&str>,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE servers SET state_since_us = CASE WHEN state = $2 THEN state_since_us ELSE $4 END, state = $2, remark = $3 \
             WHERE id = $1 AND over_us IS NULL",
        )
        .bind(id)
        .bind(state)
        .bind(remark)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Begins an operation at a server, with the state that it is at then. False where another is under way. A deletion
    /// takes the place of switching on or off, which leaves nothing behind. Operations are written before servers, here and
    /// where they end, so that the two never wait for each other.
    pub(crate) async fn begin(
        &self,
        row: &ServerRow,
        state: &str,
        operation: &NewOperation<'_>,
        now: Micros,
    ) -> Result<bool, Error> {
        let mut transaction = self.db.begin().await?;
        if operation.verb == "delete" {
            WorkStore::give_way(&mut transaction, &row.id, operation.verb).await?;
        }
        if !WorkStore::add(&mut transaction, operation, now).await? {
            return Ok(false);
        }
        sqlx::query("UPDATE servers SET state = $2, state_since_us = $3, failure = NULL, remark = NULL WHERE id = $1 AND over_us IS NULL")
            .bind(&row.id)
            .bind(state)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Calls off the making of a server; false where it is not being made.
    pub(crate) async fn call_off(&self, id: &str, now: Micros) -> Result<bool, Error> {
        let mut transaction = self.db.begin().await?;
        if !WorkStore::call_off(&mut transaction, id, "create", now).await? {
            return Ok(false);
        }
        Self::set_state_in(&mut transaction, id, "deleting", None, now).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// There is no machine behind it any more.
    pub(crate) async fn end(&self, id: &str, state: &str, now: Micros) -> Result<(), Error> {
        let mut connection = self.db.acquire().await?;
        Self::end_in(&mut connection, id, state, None, now).await
    }

    /// The same inside a transaction, with why.
    pub(crate) async fn end_in(
        connection: &mut AnyConnection,
        id: &str,
        state: &str,
        failure: Option<&str>,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE servers SET state = $2, state_since_us = $4, failure = $3, over_us = $4, remark = NULL WHERE id = $1 \
             AND over_us IS NULL",
        )
        .bind(id)
        .bind(state)
        .bind(failure)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// One that had vanished is there again. False where its name has been given to another since.
    pub(crate) async fn bring_back(&self, id: &str, state: &str, now: Micros) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE servers SET state = $2, state_since_us = $3, over_us = NULL, dismissed_us = NULL \
             WHERE id = $1 AND state = 'vanished'",
        )
        .bind(id)
        .bind(state)
        .bind(now)
        .execute(&self.db)
        .await;
        match done {
            Ok(done) => Ok(done.rows_affected() == 1),
            Err(Error::Database(error)) if error.is_unique_violation() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What failed at a server that lives on.
    pub(crate) async fn set_failure_in(
        connection: &mut AnyConnection,
        id: &str,
        failure: Option<&str>,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET failure = $2 WHERE id = $1")
            .bind(id)
            .bind(failure)
            .execute(connection)
            .await?;
        Ok(())
    }
}
