//! Queries that run: taken under a lease, renewed, and written down when they end.

use super::{QueryEnd, QueryRow, QueryStore};
use crate::clock::Micros;
use crate::db::retried;
use sqlx::Error;

impl QueryStore {
    /// The oldest waiting query of each owner who has room for one more, longest waiting first; users' alone where
    /// visitors have no place left.
    pub(crate) async fn list_startable(
        &self,
        at_once_per_owner: i64,
        with_visitors: bool,
    ) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(
            "SELECT q.id FROM queries q WHERE q.state = 'queued' \
             AND ($2 = 1 OR q.owner NOT LIKE 'visitor:%') \
             AND NOT EXISTS (SELECT 1 FROM queries e WHERE e.owner = q.owner AND e.state = 'queued' \
                 AND (e.asked_us < q.asked_us OR (e.asked_us = q.asked_us AND e.id < q.id))) \
             AND (SELECT COUNT(*) FROM queries r WHERE r.owner = q.owner AND r.state = 'running') < $1 \
             ORDER BY q.asked_us, q.id LIMIT 32",
        )
        .bind(at_once_per_owner)
        .bind(i64::from(with_visitors))
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

    /// Says how far a query is that this process runs.
    pub(crate) async fn progress(&self, id: &str, process: &str, rows: i64, bytes: i64) -> Result<(), Error> {
        sqlx::query(
            "UPDATE queries SET row_count = $3, byte_count = $4 \
             WHERE id = $1 AND lease_owner = $2 AND state = 'running'",
        )
        .bind(id)
        .bind(process)
        .bind(rows)
        .bind(bytes)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Writes how a query ended that this process runs; false where it was not its to end any more. Written twice, it
    /// changes nothing the second time: what was kept or removed in between stays so.
    pub(crate) async fn finish(&self, id: &str, process: &str, end: &QueryEnd) -> Result<bool, Error> {
        let kept = |until: Micros| end.result_key.as_ref().map(|_| until);
        let done = retried!(
            sqlx::query(
                "UPDATE queries SET state = $2, row_count = $3, byte_count = $4, overflow = $5, reason = $6, \
                 fault = $7, result_columns = $8, result_key = $9, ended_us = $10, \
                 kept_until_us = CASE WHEN owner LIKE 'visitor:%' THEN CAST($11 AS BIGINT) ELSE CAST($12 AS BIGINT) END, \
                 lease_owner = NULL, lease_until_us = NULL \
                 WHERE id = $1 AND state = 'running' AND lease_owner = $13",
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
            .bind(kept(end.kept_visitor_until_us))
            .bind(kept(end.kept_user_until_us))
            .bind(process)
            .execute(&self.db)
        )?;
        if done.rows_affected() > 0 {
            return Ok(true);
        }
        // The database may have written it before it was away.
        let written: i64 = retried!(
            sqlx::query_scalar("SELECT COUNT(*) FROM queries WHERE id = $1 AND state = $2 AND ended_us = $3")
                .bind(id)
                .bind(end.state)
                .bind(end.ended_us)
                .fetch_one(&self.db)
        )?;
        Ok(written > 0)
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

    /// Marks what this process still runs as interrupted, because it ends now. Gives their ids.
    pub(crate) async fn interrupt_own(
        &self,
        process: &str,
        now: Micros,
        reason: &str,
    ) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(
            "UPDATE queries SET state = 'interrupted', ended_us = $2, reason = $3, row_count = 0, byte_count = 0, \
             lease_owner = NULL, lease_until_us = NULL \
             WHERE state = 'running' AND lease_owner = $1 RETURNING id",
        )
        .bind(process)
        .bind(now)
        .bind(reason)
        .fetch_all(&self.db)
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
}
