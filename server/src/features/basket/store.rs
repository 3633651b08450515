//! All SQL of baskets. Every change is one transaction whose first statement raises the basket's revision, so that two
//! tabs of one user wait for each other and lose nothing.

use crate::clock::Micros;
use crate::db::{Db, retried};
use sqlx::{Any, Error, FromRow, Transaction};

/// What items of one query have in common.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct SourceRow {
    pub(crate) id: String,
    pub(crate) query_id: String,
    pub(crate) archive: String,
    pub(crate) table_names: String,
    pub(crate) title: String,
    pub(crate) source_columns: String,
}

/// A new item.
#[derive(Debug, Clone)]
pub(crate) struct NewItem {
    pub(crate) id: String,
    pub(crate) result_row: i64,
    pub(crate) label: String,
    pub(crate) cells: String,
    pub(crate) row_count: Option<i64>,
}

/// An item with its source.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ItemRow {
    pub(crate) id: String,
    pub(crate) archive: String,
    pub(crate) result_row: i64,
    pub(crate) label: String,
    pub(crate) cells: String,
    pub(crate) row_count: Option<i64>,
    pub(crate) note: String,
    pub(crate) added_us: Micros,
    pub(crate) query_id: String,
    pub(crate) table_names: String,
    pub(crate) source_columns: String,
}

/// An item of a download, in the order of its source.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct KeptRow {
    pub(crate) result_row: i64,
    pub(crate) label: String,
    pub(crate) cells: String,
    pub(crate) row_count: Option<i64>,
    pub(crate) note: String,
    pub(crate) added_us: Micros,
}

/// A change under way: the revision is raised, nobody else changes this basket.
pub(crate) struct Change<'a> {
    transaction: Transaction<'a, Any>,
    user: String,
    revision: i64,
}

/// The baskets' tables.
#[derive(Debug, Clone)]
pub(crate) struct BasketStore {
    db: Db,
}

impl BasketStore {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Items in a basket.
    pub(crate) async fn count(&self, user: &str) -> Result<i64, Error> {
        let count: Option<i64> = retried!(
            sqlx::query_scalar("SELECT item_count FROM baskets WHERE user_id = $1")
                .bind(user)
                .fetch_optional(&self.db)
        )?;
        Ok(count.unwrap_or_default())
    }

    /// Revision and items; zero where there is no basket yet.
    pub(crate) async fn head(&self, user: &str) -> Result<(i64, i64), Error> {
        let head: Option<(i64, i64)> = retried!(
            sqlx::query_as("SELECT revision, item_count FROM baskets WHERE user_id = $1")
                .bind(user)
                .fetch_optional(&self.db)
        )?;
        Ok(head.unwrap_or_default())
    }

    /// Items by archive, most first.
    pub(crate) async fn groups(&self, user: &str) -> Result<Vec<(String, i64)>, Error> {
        retried!(
            sqlx::query_as(
                "SELECT archive, COUNT(*) FROM basket_items WHERE user_id = $1 AND removed_revision IS NULL \
                 GROUP BY archive ORDER BY 2 DESC, 1",
            )
            .bind(user)
            .fetch_all(&self.db)
        )
    }

    /// Items of one archive, or of all where it is empty; newest first.
    pub(crate) async fn list(
        &self,
        user: &str,
        archive: &str,
        offset: i64,
        count: i64,
    ) -> Result<Vec<ItemRow>, Error> {
        let one_archive = "SELECT i.id, i.archive, i.result_row, i.label, i.cells, i.row_count, i.note, i.added_us, \
             s.query_id, s.table_names, s.source_columns \
             FROM basket_items i JOIN basket_sources s ON s.id = i.source_id \
             WHERE i.user_id = $1 AND i.archive = $2 AND i.removed_revision IS NULL \
             ORDER BY i.added_us DESC, i.result_row, i.id LIMIT $3 OFFSET $4";
        let all = "SELECT i.id, i.archive, i.result_row, i.label, i.cells, i.row_count, i.note, i.added_us, \
             s.query_id, s.table_names, s.source_columns \
             FROM basket_items i JOIN basket_sources s ON s.id = i.source_id \
             WHERE i.user_id = $1 AND $2 = '' AND i.removed_revision IS NULL \
             ORDER BY i.added_us DESC, i.result_row, i.id LIMIT $3 OFFSET $4";
        let text = if archive.is_empty() { all } else { one_archive };
        retried!(sqlx::query_as(text).bind(user).bind(archive).bind(count).bind(offset).fetch_all(&self.db))
    }

    /// How many items the last removal since an instant took; 0 where it cannot be undone any more.
    pub(crate) async fn count_undo(&self, user: &str, since: Micros) -> Result<i64, Error> {
        retried!(
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM basket_items WHERE user_id = $1 AND removed_us >= $2 AND removed_revision = \
                 (SELECT MAX(removed_revision) FROM basket_items WHERE user_id = $1)",
            )
            .bind(user)
            .bind(since)
            .fetch_one(&self.db)
        )
    }

    /// Queries that have items, with what those have in common.
    pub(crate) async fn sources(&self, user: &str) -> Result<Vec<SourceRow>, Error> {
        sqlx::query_as(
            "SELECT id, query_id, archive, table_names, title, source_columns FROM basket_sources s \
             WHERE user_id = $1 AND EXISTS (SELECT 1 FROM basket_items i WHERE i.source_id = s.id \
             AND i.removed_revision IS NULL) ORDER BY archive, id",
        )
        .bind(user)
        .fetch_all(&self.db)
        .await
    }

    /// Items of a user's source after a row, in the order of the result.
    pub(crate) async fn kept_after(
        &self,
        user: &str,
        source: &str,
        after: i64,
        count: i64,
    ) -> Result<Vec<KeptRow>, Error> {
        sqlx::query_as(
            "SELECT result_row, label, cells, row_count, note, added_us FROM basket_items \
             WHERE source_id = $1 AND result_row > $2 AND user_id = $4 AND removed_revision IS NULL \
             ORDER BY result_row LIMIT $3",
        )
        .bind(source)
        .bind(after)
        .bind(count)
        .bind(user)
        .fetch_all(&self.db)
        .await
    }

    /// Remembers what a visitor wanted, as long as the query is this owner's.
    pub(crate) async fn want(
        &self,
        query: &str,
        owner: &str,
        selection: &str,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO wanted_selections (query_id, selection, wanted_us) \
             SELECT id, CAST($3 AS TEXT), CAST($4 AS BIGINT) FROM queries WHERE id = $1 AND owner = $2 \
             ON CONFLICT (query_id) DO UPDATE SET selection = excluded.selection, wanted_us = excluded.wanted_us",
        )
        .bind(query)
        .bind(owner)
        .bind(selection)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// What was wanted.
    pub(crate) async fn wanted(&self, query: &str) -> Result<Option<String>, Error> {
        sqlx::query_scalar("SELECT selection FROM wanted_selections WHERE query_id = $1")
            .bind(query)
            .fetch_optional(&self.db)
            .await
    }

    /// Begins a change.
    pub(crate) async fn change(&self, user: &str) -> Result<Change<'static>, Error> {
        let mut transaction = self.db.begin().await?;
        let revision = sqlx::query_scalar(
            "INSERT INTO baskets (user_id, revision, item_count) VALUES ($1, 1, 0) \
             ON CONFLICT (user_id) DO UPDATE SET revision = baskets.revision + 1 RETURNING revision",
        )
        .bind(user)
        .fetch_one(&mut *transaction)
        .await?;
        Ok(Change { transaction, user: user.to_owned(), revision })
    }
}

mod change;
mod summary;
