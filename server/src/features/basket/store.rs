//! All SQL of baskets. Every change is one transaction whose first statement raises the basket's revision, so that two
//! tabs of one user wait for each other and lose nothing.

use crate::clock::Micros;
use crate::db::{Db, retried};
use sqlx::{Any, AssertSqlSafe, Error, FromRow, Transaction};

/// Rows that one statement carries. Its text is made of numbered places alone: sqlx's `QueryBuilder` writes `?` for `Any`,
/// which PostgreSQL does not read.
const CHUNK: usize = 400;

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

    /// Items of a source after a row, in the order of the result.
    pub(crate) async fn kept_after(
        &self,
        source: &str,
        after: i64,
        count: i64,
    ) -> Result<Vec<KeptRow>, Error> {
        sqlx::query_as(
            "SELECT result_row, label, cells, row_count, note, added_us FROM basket_items \
             WHERE source_id = $1 AND result_row > $2 AND removed_revision IS NULL ORDER BY result_row LIMIT $3",
        )
        .bind(source)
        .bind(after)
        .bind(count)
        .fetch_all(&self.db)
        .await
    }

    /// Remembers what a visitor wanted.
    pub(crate) async fn want(&self, query: &str, selection: &str, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO wanted_selections (query_id, selection, wanted_us) VALUES ($1, $2, $3) \
             ON CONFLICT (query_id) DO UPDATE SET selection = excluded.selection, wanted_us = excluded.wanted_us",
        )
        .bind(query)
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

    /// Forgets what was wanted of a query, because it is in the basket now.
    pub(crate) async fn forget_wanted(&self, query: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM wanted_selections WHERE query_id = $1")
            .bind(query)
            .execute(&self.db)
            .await?;
        Ok(())
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

impl Change<'_> {
    /// Items now.
    pub(crate) async fn count(&mut self) -> Result<i64, Error> {
        sqlx::query_scalar("SELECT item_count FROM baskets WHERE user_id = $1")
            .bind(&self.user)
            .fetch_one(&mut *self.transaction)
            .await
    }

    /// The source of a query, made where it is new; gives its id.
    pub(crate) async fn source(&mut self, source: &SourceRow) -> Result<String, Error> {
        sqlx::query(
            "INSERT INTO basket_sources (id, user_id, query_id, archive, table_names, title, source_columns) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_id, query_id) DO NOTHING",
        )
        .bind(&source.id)
        .bind(&self.user)
        .bind(&source.query_id)
        .bind(&source.archive)
        .bind(&source.table_names)
        .bind(&source.title)
        .bind(&source.source_columns)
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query_scalar("SELECT id FROM basket_sources WHERE user_id = $1 AND query_id = $2")
            .bind(&self.user)
            .bind(&source.query_id)
            .fetch_one(&mut *self.transaction)
            .await
    }

    /// Adds items of a source; gives how many are new. One that was removed before comes back as new.
    pub(crate) async fn add(
        &mut self,
        source: &str,
        archive: &str,
        items: &[NewItem],
        now: Micros,
    ) -> Result<u64, Error> {
        let mut added = 0;
        for chunk in items.chunks(CHUNK) {
            let row = |place: usize| {
                let n = 5 + place * 5;
                format!("(${n}, $1, $2, $3, ${}, ${}, ${}, ${}, '', $4)", n + 1, n + 2, n + 3, n + 4)
            };
            let rows: Vec<String> = (0..chunk.len()).map(row).collect();
            let text = format!(
                "INSERT INTO basket_items (id, user_id, source_id, archive, result_row, label, cells, row_count, note, added_us) \
                 VALUES {} ON CONFLICT (source_id, result_row) DO UPDATE SET removed_revision = NULL, \
                 removed_us = NULL, added_us = excluded.added_us WHERE basket_items.removed_revision IS NOT NULL",
                rows.join(", ")
            );
            let mut query =
                sqlx::query(AssertSqlSafe(text)).bind(&self.user).bind(source).bind(archive).bind(now);
            for item in chunk {
                query = query
                    .bind(&item.id)
                    .bind(item.result_row)
                    .bind(&item.label)
                    .bind(&item.cells)
                    .bind(item.row_count);
            }
            added += query.execute(&mut *self.transaction).await?.rows_affected();
        }
        Ok(added)
    }

    /// Marks items as removed; gives the queries whose whole result was among them, and how many items.
    pub(crate) async fn remove(
        &mut self,
        items: &[String],
        now: Micros,
    ) -> Result<(Vec<String>, u64), Error> {
        let mut removed = 0;
        for chunk in items.chunks(CHUNK) {
            let places: Vec<String> = (0..chunk.len()).map(|place| format!("${}", place + 4)).collect();
            let text = format!(
                "UPDATE basket_items SET removed_revision = $2, removed_us = $3 \
                 WHERE user_id = $1 AND removed_revision IS NULL AND id IN ({})",
                places.join(", ")
            );
            let query = sqlx::query(AssertSqlSafe(text)).bind(&self.user).bind(self.revision).bind(now);
            let query = chunk.iter().fold(query, sqlx::query::Query::bind);
            removed += query.execute(&mut *self.transaction).await?.rows_affected();
        }
        Ok((self.whole_results(self.revision).await?, removed))
    }

    /// Marks all items, or those of one archive, as removed.
    pub(crate) async fn empty(&mut self, archive: &str, now: Micros) -> Result<(Vec<String>, u64), Error> {
        let done = sqlx::query(
            "UPDATE basket_items SET removed_revision = $2, removed_us = $3 \
             WHERE user_id = $1 AND removed_revision IS NULL AND ($4 = '' OR archive = $4)",
        )
        .bind(&self.user)
        .bind(self.revision)
        .bind(now)
        .bind(archive)
        .execute(&mut *self.transaction)
        .await?;
        Ok((self.whole_results(self.revision).await?, done.rows_affected()))
    }

    /// Puts the last removal back.
    pub(crate) async fn undo(&mut self) -> Result<(Vec<String>, u64), Error> {
        let last: Option<i64> =
            sqlx::query_scalar("SELECT MAX(removed_revision) FROM basket_items WHERE user_id = $1")
                .bind(&self.user)
                .fetch_one(&mut *self.transaction)
                .await?;
        let Some(last) = last else { return Ok((Vec::new(), 0)) };
        let whole = self.whole_results(last).await?;
        let done = sqlx::query(
            "UPDATE basket_items SET removed_revision = NULL, removed_us = NULL \
             WHERE user_id = $1 AND removed_revision = $2",
        )
        .bind(&self.user)
        .bind(last)
        .execute(&mut *self.transaction)
        .await?;
        Ok((whole, done.rows_affected()))
    }

    async fn whole_results(&mut self, revision: i64) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(
            "SELECT s.query_id FROM basket_items i JOIN basket_sources s ON s.id = i.source_id \
             WHERE i.user_id = $1 AND i.removed_revision = $2 AND i.result_row = -1",
        )
        .bind(&self.user)
        .bind(revision)
        .fetch_all(&mut *self.transaction)
        .await
    }

    /// Writes a note; false where the item is not there.
    pub(crate) async fn note(&mut self, item: &str, note: &str) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE basket_items SET note = $3 WHERE id = $1 AND user_id = $2 AND removed_revision IS NULL",
        )
        .bind(item)
        .bind(&self.user)
        .bind(note)
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets what was removed before this instant.
    pub(crate) async fn purge(&mut self, before: Micros) -> Result<(), Error> {
        sqlx::query("DELETE FROM basket_items WHERE user_id = $1 AND removed_us < $2")
            .bind(&self.user)
            .bind(before)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Completes the change; `difference` is how many items there are more or fewer. Gives the items there are now.
    pub(crate) async fn finish(mut self, difference: i64) -> Result<i64, Error> {
        let count = sqlx::query_scalar(
            "UPDATE baskets SET item_count = item_count + $2 WHERE user_id = $1 RETURNING item_count",
        )
        .bind(&self.user)
        .bind(difference)
        .fetch_one(&mut *self.transaction)
        .await?;
        self.transaction.commit().await?;
        Ok(count)
    }
}
