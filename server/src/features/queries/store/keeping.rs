//! How long results and queries are kept.
//!
//! A result ends in three steps that may each be the last of a killed process: its query says so and remembers the
//! object (`doomed_key`) in one statement, the object is deleted, the query forgets it. `kept_until_us` is NULL for a
//! result that a basket holds; whoever holds or releases one does so in the transaction of the basket's own change.

use super::QueryStore;
use crate::clock::Micros;
use sqlx::{AnyConnection, Error};

/// Rows of one sweep's statement.
const PIECE: i64 = 500;

impl QueryStore {
    /// Keeps a result of this owner until it is released; false where there is none any more.
    pub(crate) async fn hold(connection: &mut AnyConnection, id: &str, owner: &str) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE queries SET kept_until_us = NULL WHERE id = $1 AND owner = $2 AND result_key IS NOT NULL",
        )
        .bind(id)
        .bind(owner)
        .execute(connection)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Keeps a held result of this owner until an instant from now on.
    pub(crate) async fn release(
        connection: &mut AnyConnection,
        id: &str,
        owner: &str,
        until: Micros,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE queries SET kept_until_us = $3 \
             WHERE id = $1 AND owner = $2 AND result_key IS NOT NULL AND kept_until_us IS NULL",
        )
        .bind(id)
        .bind(owner)
        .bind(until)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Ends results whose time is over and that nobody holds, at most some hundred; gives how many.
    pub(crate) async fn doom_expired(&self, now: Micros, reason: &str) -> Result<usize, Error> {
        let doomed: Vec<String> = sqlx::query_scalar(
            "UPDATE queries SET state = 'expired', reason = $2, byte_count = 0, doomed_key = result_key, \
             result_key = NULL \
             WHERE result_key IS NOT NULL AND kept_until_us < $1 AND id IN \
             (SELECT id FROM queries WHERE result_key IS NOT NULL AND kept_until_us < $1 LIMIT $3) RETURNING id",
        )
        .bind(now)
        .bind(reason)
        .bind(PIECE)
        .fetch_all(&self.db)
        .await?;
        Ok(doomed.len())
    }

    /// Objects that are to be deleted, after a query's id: the id and the key of each.
    pub(crate) async fn list_doomed(&self, after: &str) -> Result<Vec<(String, String)>, Error> {
        sqlx::query_as(
            "SELECT id, doomed_key FROM queries WHERE doomed_key IS NOT NULL AND id > $1 ORDER BY id LIMIT $2",
        )
        .bind(after)
        .bind(PIECE)
        .fetch_all(&self.db)
        .await
    }

    /// Says that an object is deleted.
    pub(crate) async fn forget_doomed(&self, id: &str, key: &str) -> Result<(), Error> {
        sqlx::query("UPDATE queries SET doomed_key = NULL WHERE id = $1 AND doomed_key = $2")
            .bind(id)
            .bind(key)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Removes visitors' queries that ended before an instant and have nothing kept, at most some hundred; gives how
    /// many.
    pub(crate) async fn forget_visitors(&self, before: Micros) -> Result<u64, Error> {
        let done = sqlx::query(
            "DELETE FROM queries WHERE owner LIKE 'visitor:%' AND result_key IS NULL AND doomed_key IS NULL \
             AND id IN (SELECT id FROM queries WHERE owner LIKE 'visitor:%' AND ended_us < $1 \
                 AND state NOT IN ('queued', 'running') AND result_key IS NULL AND doomed_key IS NULL LIMIT $2)",
        )
        .bind(before)
        .bind(PIECE)
        .execute(&self.db)
        .await?;
        Ok(done.rows_affected())
    }

    /// Removes a query that is over and whose result nobody holds; gives the key of its result.
    pub(crate) async fn remove(&self, id: &str, owner: &str) -> Result<Option<Option<String>>, Error> {
        sqlx::query_scalar(
            "DELETE FROM queries WHERE id = $1 AND owner = $2 AND state NOT IN ('queued', 'running') \
             AND (result_key IS NULL OR kept_until_us IS NOT NULL) RETURNING COALESCE(result_key, doomed_key)",
        )
        .bind(id)
        .bind(owner)
        .fetch_optional(&self.db)
        .await
    }

    /// Whether some query has this result, or is writing it.
    pub(crate) async fn has_result(&self, id: &str) -> Result<bool, Error> {
        let found: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM queries \
             WHERE id = $1 AND (result_key IS NOT NULL OR doomed_key IS NOT NULL OR state = 'running')",
        )
        .bind(id)
        .fetch_one(&self.db)
        .await?;
        Ok(found > 0)
    }

    /// Gives everything of one owner to another; results of a visitor are then kept as long as a user's.
    pub(crate) async fn adopt(&self, from: &str, to: &str, kept_longer_us: i64) -> Result<u64, Error> {
        let done =
            sqlx::query("UPDATE queries SET owner = $2, kept_until_us = kept_until_us + $3 WHERE owner = $1")
                .bind(from)
                .bind(to)
                .bind(kept_longer_us)
                .execute(&self.db)
                .await?;
        Ok(done.rows_affected())
    }
}
