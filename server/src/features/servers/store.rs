//! All SQL of servers.

mod choices;
mod counting;
mod events;
mod learning;
mod rows;
mod stating;

pub(crate) use rows::{ListedRow, ServerRow, Totals};

use crate::db::{Db, retried};
use crate::work::{NewOperation, WorkStore};
use sqlx::{Any, AnyConnection, Error, Transaction};
use std::collections::HashSet;

const COLUMNS: &str = "s.id, s.owner, s.name, s.state, s.state_since_us, s.site, s.choices, s.image_title, s.access_user, \
     s.cores, s.memory_mib, s.disk_gib, s.key_name, s.key_sha256, s.public_key, s.machine, s.address, s.port, s.host_keys, \
     s.remark, s.failure, s.created_us, s.over_us, s.unsettled_us, s.account";
/// What makes a form that is sent twice one server; `number` counts the servers of the form.
pub(crate) fn request_key(owner: &str, request: &str, number: usize) -> String {
    format!("{owner}/{request}/{number:02}")
}

/// The tables of servers.
#[derive(Debug, Clone)]
pub(crate) struct ServerStore {
    db: Db,
}

impl ServerStore {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// The servers that a form made already, in the order of their names.
    pub(crate) async fn find_by_request(&self, owner: &str, request: &str) -> Result<Vec<String>, Error> {
        let keys = "SELECT id FROM servers WHERE owner = $1 AND request_key IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                    ORDER BY request_key";
        let mut query = sqlx::query_scalar(keys).bind(owner);
        for number in 0..10 {
            query = query.bind(request_key(owner, request, number));
        }
        query.fetch_all(&self.db).await
    }

    /// The names of a user's live servers.
    pub(crate) async fn list_names(&self, owner: &str) -> Result<HashSet<String>, Error> {
        let names: Vec<String> =
            sqlx::query_scalar("SELECT name FROM servers WHERE owner = $1 AND over_us IS NULL")
                .bind(owner)
                .fetch_all(&self.db)
                .await?;
        Ok(names.into_iter().collect())
    }

    /// Whether a live server of this user has this name.
    pub(crate) async fn has_name(&self, owner: &str, name: &str) -> Result<bool, Error> {
        let count: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM servers WHERE owner = $1 AND name = $2 AND over_us IS NULL",
        )
        .bind(owner)
        .bind(name)
        .fetch_one(&self.db)
        .await?;
        Ok(count > 0)
    }

    /// A new server with its wish to be made.
    pub(crate) async fn add(
        transaction: &mut Transaction<'_, Any>,
        row: &ServerRow,
        request_key: &str,
        operation: &NewOperation<'_>,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO servers (id, owner, name, request_key, state, state_since_us, site, choices, image_title, \
             access_user, cores, memory_mib, disk_gib, key_name, key_sha256, public_key, created_us) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $6)",
        )
        .bind(&row.id)
        .bind(&row.owner)
        .bind(&row.name)
        .bind(request_key)
        .bind(&row.state)
        .bind(row.created_us)
        .bind(&row.site)
        .bind(&row.choices)
        .bind(&row.image_title)
        .bind(&row.access_user)
        .bind(row.cores)
        .bind(row.memory_mib)
        .bind(row.disk_gib)
        .bind(&row.key_name)
        .bind(&row.key_sha256)
        .bind(&row.public_key)
        .execute(&mut **transaction)
        .await?;
        WorkStore::add(transaction, operation, row.created_us).await?;
        Ok(())
    }

    /// One server, whoever's.
    pub(crate) async fn find(&self, id: &str) -> Result<Option<ServerRow>, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM servers s WHERE s.id = $1")))
                .bind(id)
                .fetch_optional(&self.db)
        )
    }

    /// The same inside a transaction, which holds one connection and must not wait for another.
    pub(crate) async fn find_in(
        connection: &mut AnyConnection,
        id: &str,
    ) -> Result<Option<ServerRow>, Error> {
        sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM servers s WHERE s.id = $1")))
            .bind(id)
            .fetch_optional(connection)
            .await
    }

    /// One page of a user's servers with what goes on: what failed or vanished first, then newest first.
    pub(crate) async fn list(&self, owner: &str, offset: i64, most: i64) -> Result<Vec<ListedRow>, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {COLUMNS}, o.verb, o.position, o.undoing, o.waits_for, o.waits_why, p.note FROM servers s \
                 LEFT JOIN operations o ON o.subject = s.id AND o.ending IS NULL \
                 LEFT JOIN operation_steps p ON p.operation_id = o.id AND p.position = o.position \
                 WHERE s.owner = $1 AND s.dismissed_us IS NULL \
                 ORDER BY CASE WHEN s.state IN ('failed', 'vanished') THEN 0 ELSE 1 END, s.created_us DESC, s.id \
                 LIMIT $2 OFFSET $3"
            )))
            .bind(owner)
            .bind(most)
            .bind(offset)
            .fetch_all(&self.db)
        )
    }

    /// A text that changes with everything that moves at a user's servers.
    pub(crate) async fn mark(&self, owner: &str) -> Result<String, Error> {
        let (count, since, steps): (i64, i64, i64) = retried!(
            sqlx::query_as(
                "SELECT COUNT(*), COALESCE(MAX(s.state_since_us), 0), \
                 CAST(COALESCE(SUM(o.position + o.attempts + 1 + 100 * o.undoing), 0) AS BIGINT) FROM servers s \
                 LEFT JOIN operations o ON o.subject = s.id AND o.ending IS NULL \
                 WHERE s.owner = $1 AND s.dismissed_us IS NULL"
            )
            .bind(owner)
            .fetch_one(&self.db)
        )?;
        Ok(format!("{count}.{since}.{steps}"))
    }

    /// How many servers a user's list has.
    pub(crate) async fn count(&self, owner: &str) -> Result<i64, Error> {
        sqlx::query_scalar("SELECT COUNT(*) FROM servers WHERE owner = $1 AND dismissed_us IS NULL")
            .bind(owner)
            .fetch_one(&self.db)
            .await
    }

    /// Servers at a site with nothing under way, for the reconciler.
    pub(crate) async fn list_at(&self, site: &str) -> Result<Vec<ServerRow>, Error> {
        sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM servers s WHERE s.site = $1 AND s.over_us IS NULL AND NOT EXISTS \
             (SELECT 1 FROM operations o WHERE o.subject = s.id AND o.ending IS NULL)"
        )))
        .bind(site)
        .fetch_all(&self.db)
        .await
    }
}
