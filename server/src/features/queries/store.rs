//! All SQL of queries: here asking and reading, below running and keeping.
//!
//! Every statement that changes a query names the owner or the process that it belongs to and the state that it must be
//! in, so that a change that comes too late changes nothing.

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
    /// Until when the result is kept: a visitor's, and a user's. Who owns it by then is known when it is written down.
    pub(crate) kept_visitor_until_us: Micros,
    pub(crate) kept_user_until_us: Micros,
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

mod keeping;
mod running;

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

    /// How many queries of visitors wait.
    pub(crate) async fn count_waiting_visitors(&self) -> Result<i64, Error> {
        retried!(
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM queries WHERE state = 'queued' AND owner LIKE 'visitor:%'"
            )
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
}

#[cfg(test)]
mod tests;
