//! One change of a basket: everything in it happens, or nothing.

use super::{Change, NewItem, SourceRow};
use crate::clock::Micros;
use sqlx::{AnyConnection, AssertSqlSafe, Error};

/// Rows that one statement carries. Its text is made of numbered places alone: sqlx's `QueryBuilder` writes `?` for `Any`,
/// which PostgreSQL does not read.
const CHUNK: usize = 400;

impl Change<'_> {
    /// The transaction, for what other nouns change together with the basket.
    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

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

    /// Forgets what was wanted of a query, because it is in the basket now.
    pub(crate) async fn forget_wanted(&mut self, query: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM wanted_selections WHERE query_id = $1")
            .bind(query)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
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

    /// The queries whose whole result was in the last removal.
    pub(crate) async fn last_removed(&mut self) -> Result<Vec<String>, Error> {
        match self.last_removal().await? {
            Some(last) => self.whole_results(last).await,
            None => Ok(Vec::new()),
        }
    }

    async fn last_removal(&mut self) -> Result<Option<i64>, Error> {
        sqlx::query_scalar("SELECT MAX(removed_revision) FROM basket_items WHERE user_id = $1")
            .bind(&self.user)
            .fetch_one(&mut *self.transaction)
            .await
    }

    /// Forgets the removed item of a whole result that is gone.
    pub(crate) async fn forget_whole(&mut self, query: &str) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM basket_items WHERE user_id = $1 AND result_row = -1 AND removed_revision IS NOT NULL \
             AND source_id IN (SELECT id FROM basket_sources WHERE user_id = $1 AND query_id = $2)",
        )
        .bind(&self.user)
        .bind(query)
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Puts the last removal back; gives how many items.
    pub(crate) async fn undo(&mut self) -> Result<u64, Error> {
        let Some(last) = self.last_removal().await? else { return Ok(0) };
        let done = sqlx::query(
            "UPDATE basket_items SET removed_revision = NULL, removed_us = NULL \
             WHERE user_id = $1 AND removed_revision = $2",
        )
        .bind(&self.user)
        .bind(last)
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected())
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

    /// Forgets what was removed before this instant, and what items had in common that are gone.
    pub(crate) async fn purge(&mut self, before: Micros) -> Result<(), Error> {
        sqlx::query("DELETE FROM basket_items WHERE user_id = $1 AND removed_us < $2")
            .bind(&self.user)
            .bind(before)
            .execute(&mut *self.transaction)
            .await?;
        sqlx::query(
            "DELETE FROM basket_sources WHERE user_id = $1 \
             AND NOT EXISTS (SELECT 1 FROM basket_items i WHERE i.source_id = basket_sources.id)",
        )
        .bind(&self.user)
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
