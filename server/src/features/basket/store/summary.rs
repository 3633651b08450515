//! A basket summed up.

use super::BasketStore;
use crate::db::retried;
use sqlx::{Error, FromRow};

/// Whole results of a basket together.
#[derive(Debug, Clone, Default, FromRow)]
pub(crate) struct WholeRow {
    pub(crate) results: i64,
    pub(crate) rows: i64,
    pub(crate) bytes: i64,
}

impl BasketStore {
    /// Whole results together. By their sources, of which there are few: the items may be a million.
    pub(crate) async fn whole(&self, user: &str) -> Result<WholeRow, Error> {
        retried!(
            sqlx::query_as(
                "SELECT COUNT(*) AS results, CAST(COALESCE(SUM(i.row_count), 0) AS BIGINT) AS rows, \
                 CAST(COALESCE(SUM(q.byte_count), 0) AS BIGINT) AS bytes \
                 FROM basket_sources s JOIN basket_items i ON i.source_id = s.id AND i.result_row = -1 \
                 LEFT JOIN queries q ON q.id = s.query_id \
                 WHERE s.user_id = $1 AND i.removed_revision IS NULL",
            )
            .bind(user)
            .fetch_one(&self.db)
        )
    }

    /// How many bytes a row of the basket usually has, by some of them.
    pub(crate) async fn usual_row_bytes(&self, user: &str) -> Result<i64, Error> {
        retried!(
            sqlx::query_scalar(
                "SELECT CAST(COALESCE(AVG(sample.bytes), 0) AS BIGINT) FROM \
                 (SELECT LENGTH(cells) AS bytes FROM basket_items \
                 WHERE user_id = $1 AND removed_revision IS NULL AND result_row >= 0 LIMIT 200) sample",
            )
            .bind(user)
            .fetch_one(&self.db)
        )
    }
}
