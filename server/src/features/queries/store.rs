//! All SQL of queries.

use crate::clock::Micros;
use crate::db::{Db, retried};
use sqlx::{Error, FromRow};

/// A query as the database keeps it.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct QueryRow {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) archive: String,
    pub(crate) title: String,
    pub(crate) adql: String,
    pub(crate) state: String,
    pub(crate) row_count: i64,
    pub(crate) byte_count: i64,
    pub(crate) row_limit: i64,
    pub(crate) overflow: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) fault: Option<String>,
    pub(crate) result_columns: String,
    pub(crate) result_key: Option<String>,
    pub(crate) asked_us: Micros,
    pub(crate) started_us: Option<Micros>,
    pub(crate) ended_us: Option<Micros>,
    pub(crate) kept_until_us: Option<Micros>,
}

/// How a query ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueryEnd {
    pub(crate) state: &'static str,
    pub(crate) rows: i64,
    pub(crate) bytes: i64,
    pub(crate) overflow: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) fault: Option<String>,
    pub(crate) columns: String,
    pub(crate) result_key: Option<String>,
    pub(crate) ended_us: Micros,
    pub(crate) kept_until_us: Option<Micros>,
}

/// The queries' tables.
#[derive(Debug, Clone)]
pub(crate) struct QueryStore {
    db: Db,
}

/// A query text with the columns of [`QueryRow`] between its two parts.
macro_rules! with_columns {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " id, owner, archive, title, adql, state, row_count, byte_count, row_limit, overflow, reason, fault, \
             result_columns, result_key, asked_us, started_us, ended_us, kept_until_us ",
            $after
        )
    };
}

impl QueryStore {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Writes a new query down, queued.
    pub(crate) async fn insert(&self, row: &QueryRow) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO queries (id, owner, archive, title, adql, state, row_count, byte_count, row_limit, \
             result_columns, asked_us, cancel_wanted) VALUES ($1, $2, $3, $4, $5, 'queued', 0, 0, $6, '[]', $7, 0)",
        )
        .bind(&row.id)
        .bind(&row.owner)
        .bind(&row.archive)
        .bind(&row.title)
        .bind(&row.adql)
        .bind(row.row_limit)
        .bind(row.asked_us)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// One query of this owner.
    pub(crate) async fn find(&self, id: &str, owner: &str) -> Result<Option<QueryRow>, Error> {
        retried!(
            sqlx::query_as(with_columns!("SELECT", "FROM queries WHERE id = $1 AND owner = $2"))
                .bind(id)
                .bind(owner)
                .fetch_optional(&self.db)
        )
    }

    /// The owner's queries, newest first.
    pub(crate) async fn list(&self, owner: &str, offset: i64, count: i64) -> Result<Vec<QueryRow>, Error> {
        retried!(
            sqlx::query_as(with_columns!(
                "SELECT",
                "FROM queries WHERE owner = $1 ORDER BY asked_us DESC, id LIMIT $2 OFFSET $3"
            ))
            .bind(owner)
            .bind(count)
            .bind(offset)
            .fetch_all(&self.db)
        )
    }

    /// How many queries the owner has in all.
    pub(crate) async fn count(&self, owner: &str) -> Result<i64, Error> {
        retried!(
            sqlx::query_scalar("SELECT COUNT(*) FROM queries WHERE owner = $1")
                .bind(owner)
                .fetch_one(&self.db)
        )
    }

    /// How many of the owner's queries are queued or running.
    pub(crate) async fn count_unfinished(&self, owner: &str) -> Result<i64, Error> {
        retried!(
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM queries WHERE owner = $1 AND state IN ('queued', 'running')"
            )
            .bind(owner)
            .fetch_one(&self.db)
        )
    }

    /// How many of the owner's queries run, or wait before this one in the order of [`Self::list_startable`].
    pub(crate) async fn count_before(&self, owner: &str, asked_us: Micros, id: &str) -> Result<i64, Error> {
        retried!(
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM queries WHERE owner = $1 AND (state = 'running' \
                 OR (state = 'queued' AND (asked_us < $2 OR (asked_us = $2 AND id < $3))))",
            )
            .bind(owner)
            .bind(asked_us)
            .bind(id)
            .fetch_one(&self.db)
        )
    }

    /// How many queries of everybody are queued or running.
    pub(crate) async fn count_active(&self) -> Result<i64, Error> {
        sqlx::query_scalar("SELECT COUNT(*) FROM queries WHERE state IN ('queued', 'running')")
            .fetch_one(&self.db)
            .await
    }

    /// Bytes of the owner's kept results.
    pub(crate) async fn count_bytes(&self, owner: &str) -> Result<i64, Error> {
        retried!(
            sqlx::query_scalar(
                "SELECT CAST(COALESCE(SUM(byte_count), 0) AS BIGINT) FROM queries WHERE owner = $1 AND result_key IS NOT NULL",
            )
            .bind(owner)
            .fetch_one(&self.db)
        )
    }

    /// The oldest waiting query of each owner who has room for one more, longest waiting first.
    pub(crate) async fn list_startable(&self, at_once_per_owner: i64) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(
            "SELECT q.id FROM queries q WHERE q.state = 'queued' \
             AND NOT EXISTS (SELECT 1 FROM queries e WHERE e.owner = q.owner AND e.state = 'queued' \
                 AND (e.asked_us < q.asked_us OR (e.asked_us = q.asked_us AND e.id < q.id))) \
             AND (SELECT COUNT(*) FROM queries r WHERE r.owner = q.owner AND r.state = 'running') < $1 \
             ORDER BY q.asked_us LIMIT 32",
        )
        .bind(at_once_per_owner)
        .fetch_all(&self.db)
        .await
    }

    /// Takes a waiting query under a lease; none where somebody else was faster.
    pub(crate) async fn claim(
        &self,
        id: &str,
        process: &str,
        now: Micros,
        lease_until: Micros,
    ) -> Result<Option<QueryRow>, Error> {
        sqlx::query_as(with_columns!(
            "UPDATE queries SET state = 'running', started_us = $2, lease_owner = $3, lease_until_us = $4 \
             WHERE id = $1 AND state = 'queued' RETURNING",
            ""
        ))
        .bind(id)
        .bind(now)
        .bind(process)
        .bind(lease_until)
        .fetch_optional(&self.db)
        .await
    }

    /// Renews the leases of the queries that a process really runs; gives those that their owners want cancelled.
    pub(crate) async fn renew(
        &self,
        process: &str,
        running: &[String],
        lease_until: Micros,
    ) -> Result<Vec<String>, Error> {
        for id in running {
            sqlx::query(
                "UPDATE queries SET lease_until_us = $3 WHERE id = $1 AND lease_owner = $2 AND state = 'running'",
            )
            .bind(id)
            .bind(process)
            .bind(lease_until)
            .execute(&self.db)
            .await?;
        }
        sqlx::query_scalar(
            "SELECT id FROM queries WHERE lease_owner = $1 AND state = 'running' AND cancel_wanted = 1",
        )
        .bind(process)
        .fetch_all(&self.db)
        .await
    }

    /// Says how far a running query is.
    pub(crate) async fn progress(&self, id: &str, rows: i64, bytes: i64) -> Result<(), Error> {
        sqlx::query("UPDATE queries SET row_count = $2, byte_count = $3 WHERE id = $1 AND state = 'running'")
            .bind(id)
            .bind(rows)
            .bind(bytes)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Writes how a query ended; false where it was not running any more.
    pub(crate) async fn finish(&self, id: &str, end: &QueryEnd) -> Result<bool, Error> {
        let done = retried!(
            sqlx::query(
                "UPDATE queries SET state = $2, row_count = $3, byte_count = $4, overflow = $5, reason = $6, \
                 fault = $7, result_columns = $8, result_key = $9, ended_us = $10, kept_until_us = $11, \
                 lease_owner = NULL, lease_until_us = NULL \
                 WHERE id = $1 AND (state = 'running' OR result_key = $9)",
            )
            .bind(id)
            .bind(end.state)
            .bind(end.rows)
            .bind(end.bytes)
            .bind(&end.overflow)
            .bind(&end.reason)
            .bind(&end.fault)
            .bind(&end.columns)
            .bind(&end.result_key)
            .bind(end.ended_us)
            .bind(end.kept_until_us)
            .execute(&self.db)
        )?;
        Ok(done.rows_affected() > 0)
    }

    /// Cancels a waiting query at once, and asks whoever runs a running one to stop.
    pub(crate) async fn want_cancel(&self, id: &str, owner: &str, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "UPDATE queries SET state = 'cancelled', ended_us = $3 WHERE id = $1 AND owner = $2 AND state = 'queued'",
        )
        .bind(id)
        .bind(owner)
        .bind(now)
        .execute(&self.db)
        .await?;
        sqlx::query(
            "UPDATE queries SET cancel_wanted = 1 WHERE id = $1 AND owner = $2 AND state = 'running'",
        )
        .bind(id)
        .bind(owner)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Marks running queries whose lease is over as interrupted; all of them where `everyone`, because the database
    /// has one process alone and it starts now. Gives their ids.
    pub(crate) async fn interrupt(
        &self,
        now: Micros,
        everyone: bool,
        reason: &str,
    ) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(
            "UPDATE queries SET state = 'interrupted', ended_us = $1, reason = $2, row_count = 0, byte_count = 0, \
             lease_owner = NULL, lease_until_us = NULL \
             WHERE state = 'running' AND ($3 = 1 OR lease_until_us < $1) RETURNING id",
        )
        .bind(now)
        .bind(reason)
        .bind(i64::from(everyone))
        .fetch_all(&self.db)
        .await
    }

    /// Whose a query is.
    pub(crate) async fn owner_of(&self, id: &str) -> Result<Option<String>, Error> {
        sqlx::query_scalar("SELECT owner FROM queries WHERE id = $1").bind(id).fetch_optional(&self.db).await
    }

    /// Removes a query that is over; gives the key of its result.
    pub(crate) async fn remove(&self, id: &str, owner: &str) -> Result<Option<Option<String>>, Error> {
        sqlx::query_scalar(
            "DELETE FROM queries WHERE id = $1 AND owner = $2 AND state NOT IN ('queued', 'running') RETURNING result_key",
        )
        .bind(id)
        .bind(owner)
        .fetch_optional(&self.db)
        .await
    }

    /// Whether a query runs, in whatever process.
    pub(crate) async fn is_running(&self, id: &str) -> Result<bool, Error> {
        let found: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM queries WHERE id = $1 AND state = 'running'")
                .bind(id)
                .fetch_one(&self.db)
                .await?;
        Ok(found > 0)
    }

    /// Results whose time is over: id and key.
    pub(crate) async fn list_expired(&self, now: Micros) -> Result<Vec<(String, String)>, Error> {
        sqlx::query_as(
            "SELECT id, result_key FROM queries WHERE result_key IS NOT NULL AND kept_until_us < $1 LIMIT 500",
        )
        .bind(now)
        .fetch_all(&self.db)
        .await
    }

    /// Says that a result is gone.
    pub(crate) async fn mark_expired(&self, id: &str, reason: &str) -> Result<(), Error> {
        sqlx::query("UPDATE queries SET state = 'expired', reason = $2, result_key = NULL, byte_count = 0 WHERE id = $1")
            .bind(id)
            .bind(reason)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Keeps a result until this instant, or for ever where none.
    pub(crate) async fn keep(&self, id: &str, owner: &str, until: Option<Micros>) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE queries SET kept_until_us = $3 WHERE id = $1 AND owner = $2 AND result_key IS NOT NULL",
        )
        .bind(id)
        .bind(owner)
        .bind(until)
        .execute(&self.db)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Whether some query has this result, or is writing it.
    pub(crate) async fn has_result(&self, id: &str) -> Result<bool, Error> {
        let found: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM queries WHERE id = $1 AND (result_key IS NOT NULL OR state = 'running')",
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
