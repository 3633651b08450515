//! All SQL of sessions.

mod changing;
mod events;
mod rows;
mod sharing;

pub(crate) use rows::{ListedRow, SessionRow, Software, Viewer};

use crate::db::{Db, retried};
use crate::work::{NewOperation, WorkStore};
use sqlx::{Any, AnyConnection, Error, Transaction};

const COLUMNS: &str = "s.id, s.owner, s.booking, s.site, s.node, s.title, s.kind, s.software, s.resources, s.state, \
     s.since_us, s.asked_us, s.ready_us, s.ended_us, s.address, s.image, s.data, s.progress, s.end_wanted, s.end_reason, \
     s.exit_code, s.failure, s.log_bytes, s.last_used_us, s.idle_warned_us";
const GOING_ON: &str = "o.verb, o.position, o.undoing, o.waits_for, o.waits_why, p.note";

/// The tables of sessions.
#[derive(Debug, Clone)]
pub(crate) struct SessionStore {
    db: Db,
}

impl SessionStore {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// A new session with its wish to run, in the transaction that accepts its booking.
    pub(crate) async fn add(
        transaction: &mut Transaction<'_, Any>,
        row: &SessionRow,
        operation: &NewOperation<'_>,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO sessions (id, owner, booking, site, node, title, kind, software, resources, state, since_us, \
             asked_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        )
        .bind(&row.id)
        .bind(&row.owner)
        .bind(&row.booking)
        .bind(&row.site)
        .bind(&row.node)
        .bind(&row.title)
        .bind(&row.kind)
        .bind(&row.software)
        .bind(&row.resources)
        .bind(&row.state)
        .bind(row.asked_us)
        .execute(&mut **transaction)
        .await?;
        WorkStore::add(transaction, operation, row.asked_us).await?;
        Ok(())
    }

    /// One session, whoever's.
    pub(crate) async fn find(&self, id: &str) -> Result<Option<SessionRow>, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM sessions s WHERE s.id = $1")))
                .bind(id)
                .fetch_optional(&self.db)
        )
    }

    /// The same inside a transaction, which holds one connection and must not wait for another.
    pub(crate) async fn find_in(
        connection: &mut AnyConnection,
        id: &str,
    ) -> Result<Option<SessionRow>, Error> {
        sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM sessions s WHERE s.id = $1")))
            .bind(id)
            .fetch_optional(connection)
            .await
    }

    /// One page of what somebody sees, with what goes on: what lives first, then newest first.
    pub(crate) async fn list(
        &self,
        viewer: &Viewer<'_>,
        offset: i64,
        most: i64,
    ) -> Result<Vec<ListedRow>, Error> {
        let sees = viewer.sees(3);
        let text = format!(
            "SELECT {COLUMNS}, {GOING_ON} FROM sessions s \
             LEFT JOIN operations o ON o.subject = s.id AND o.ending IS NULL \
             LEFT JOIN operation_steps p ON p.operation_id = o.id AND p.position = o.position \
             WHERE {sees} ORDER BY CASE WHEN s.state = 'ended' THEN 1 ELSE 0 END, s.asked_us DESC, s.id \
             LIMIT $1 OFFSET $2"
        );
        let query = sqlx::query_as(sqlx::AssertSqlSafe(text)).bind(most).bind(offset);
        viewer.bind_as(query).fetch_all(&self.db).await
    }

    /// How many somebody sees.
    pub(crate) async fn count(&self, viewer: &Viewer<'_>) -> Result<i64, Error> {
        let text = format!("SELECT COUNT(*) FROM sessions s WHERE {}", viewer.sees(1));
        let query = sqlx::query_as::<_, (i64,)>(sqlx::AssertSqlSafe(text));
        Ok(viewer.bind_as(query).fetch_one(&self.db).await?.0)
    }

    /// A text that changes with everything that moves at what somebody sees.
    pub(crate) async fn mark(&self, viewer: &Viewer<'_>) -> Result<String, Error> {
        let text = format!(
            "SELECT COUNT(*), COALESCE(MAX(s.since_us), 0), \
             CAST(COALESCE(SUM(o.position + o.attempts + 1 + 100 * o.undoing), 0) AS BIGINT), \
             COALESCE(MAX(s.title), '') FROM sessions s \
             LEFT JOIN operations o ON o.subject = s.id AND o.ending IS NULL WHERE {}",
            viewer.sees(1)
        );
        let query = sqlx::query_as::<_, (i64, i64, i64, String)>(sqlx::AssertSqlSafe(text));
        let (count, since, steps, title) = viewer.bind_as(query).fetch_one(&self.db).await?;
        Ok(format!("{count}.{since}.{steps}.{title}"))
    }

    /// How many of a user's live: all that are not over.
    pub(crate) async fn count_live_in(connection: &mut AnyConnection, owner: &str) -> Result<i64, Error> {
        sqlx::query_scalar("SELECT COUNT(*) FROM sessions WHERE owner = $1 AND state <> 'ended'")
            .bind(owner)
            .fetch_one(connection)
            .await
    }

    /// The same outside of a transaction.
    pub(crate) async fn count_live(&self, owner: &str) -> Result<i64, Error> {
        Self::count_live_in(&mut *self.db.acquire().await?, owner).await
    }

    /// The bookings of a user's sessions that live and do not only wait for their time.
    pub(crate) async fn list_live_bookings(&self, owner: &str) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(
            "SELECT booking FROM sessions WHERE owner = $1 AND state NOT IN ('ended', 'waiting')",
        )
        .bind(owner)
        .fetch_all(&self.db)
        .await
    }

    /// Where sessions live: sites and nodes.
    pub(crate) async fn list_places(&self) -> Result<Vec<(String, String)>, Error> {
        sqlx::query_as("SELECT DISTINCT site, node FROM sessions WHERE state <> 'ended'")
            .fetch_all(&self.db)
            .await
    }

    /// All that live at a node, with what goes on there.
    pub(crate) async fn list_at(&self, site: &str, node: &str) -> Result<Vec<ListedRow>, Error> {
        sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS}, {GOING_ON} FROM sessions s \
             LEFT JOIN operations o ON o.subject = s.id AND o.ending IS NULL \
             LEFT JOIN operation_steps p ON p.operation_id = o.id AND p.position = o.position \
             WHERE s.site = $1 AND s.node = $2 AND s.state <> 'ended'"
        )))
        .bind(site)
        .bind(node)
        .fetch_all(&self.db)
        .await
    }
}
