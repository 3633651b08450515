//! What servers use together, counted alone.

use super::{ServerStore, Totals};
use crate::db::retried;
use sqlx::{Any, Error, Transaction};

/// Sums are cast, since a sum is a NUMERIC in PostgreSQL.
const TOTALS: &str = "SELECT COUNT(*) AS servers, CAST(COALESCE(SUM(cores), 0) AS BIGINT) AS cores, \
     CAST(COALESCE(SUM(memory_mib), 0) AS BIGINT) AS memory_mib, CAST(COALESCE(SUM(disk_gib), 0) AS BIGINT) AS disk_gib \
     FROM servers WHERE over_us IS NULL";

impl ServerStore {
    /// A transaction in which nobody else counts servers of these scopes until it ends. Scopes are taken in the order
    /// given: always the user before the site.
    pub(crate) async fn count_alone(&self, scopes: [&str; 2]) -> Result<Transaction<'static, Any>, Error> {
        let mut transaction = self.db.begin().await?;
        for scope in scopes {
            sqlx::query(
                "INSERT INTO server_counts (scope, revision) VALUES ($1, 1) \
                 ON CONFLICT (scope) DO UPDATE SET revision = server_counts.revision + 1",
            )
            .bind(scope)
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction)
    }

    /// What a user's servers use together.
    pub(crate) async fn totals_of(&self, owner: &str) -> Result<Totals, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{TOTALS} AND owner = $1")))
                .bind(owner)
                .fetch_one(&self.db)
        )
    }

    /// What a site's servers use together.
    pub(crate) async fn totals_at(&self, site: &str) -> Result<Totals, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{TOTALS} AND site = $1")))
                .bind(site)
                .fetch_one(&self.db)
        )
    }

    /// The same inside a transaction; and what a site's servers use together.
    pub(crate) async fn totals_in(
        transaction: &mut Transaction<'_, Any>,
        owner: &str,
        site: &str,
    ) -> Result<(Totals, Totals), Error> {
        let of = |column: &str| sqlx::AssertSqlSafe(format!("{TOTALS} AND {column} = $1"));
        let user = sqlx::query_as(of("owner")).bind(owner).fetch_one(&mut **transaction).await?;
        let site = sqlx::query_as(of("site")).bind(site).fetch_one(&mut **transaction).await?;
        Ok((user, site))
    }
}
