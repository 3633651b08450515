//! The basket as tables, for whoever puts it where programs read it: what it has of each query.

use super::download::{batch, schema};
use super::service::BasketService;
use super::store::SourceRow;
use crate::http::download::Cut;
use app::features::queries::model::ResultColumn;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use std::sync::Arc;

/// Items read at once.
const PIECE: i64 = 2000;
/// Before the first row of a result; the item that stands for the whole result is there.
pub(crate) const BEFORE: i64 = -1;

/// What a basket has of one query.
#[derive(Debug, Clone)]
pub(crate) struct Contents {
    /// The query's id; it may be gone.
    pub(crate) query: String,
    /// The archive's key.
    pub(crate) archive: String,
    /// The tables that it asked, with commas between.
    pub(crate) tables: String,
    /// The query's name for people.
    pub(crate) title: String,
    /// The rows of the whole result, where that is in the basket.
    pub(crate) whole: Option<u64>,
    /// The columns of the rows that are in it one by one, and the user's note.
    pub(crate) schema: SchemaRef,
    source: String,
    columns: Vec<ResultColumn>,
}

impl BasketService {
    /// What a user's basket has, query by query.
    pub(crate) async fn contents(&self, user: &str) -> Result<Vec<Contents>, Cut> {
        let mut all = Vec::new();
        for source in self.store.sources(user).await? {
            let first = self.store.kept_after(user, &source.id, i64::MIN, 1).await?;
            let whole = first.first().and_then(|first| first.row_count).map(i64::unsigned_abs);
            all.push(contents(source, whole)?);
        }
        Ok(all)
    }

    /// The next rows of a query that are in a user's basket one by one, and the number of the last of them; none where
    /// there are no more.
    pub(crate) async fn rows_after(
        &self,
        user: &str,
        of: &Contents,
        after: i64,
    ) -> Result<Option<(RecordBatch, i64)>, Cut> {
        let rows = self.store.kept_after(user, &of.source, after.max(BEFORE), PIECE).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        let number = last.result_row;
        Ok(Some((batch(&of.schema, &of.columns, &rows)?, number)))
    }
}

fn contents(source: SourceRow, whole: Option<u64>) -> Result<Contents, Cut> {
    let columns: Vec<ResultColumn> = serde_json::from_str(&source.source_columns)?;
    let schema = Arc::new(schema(&source, &columns));
    let SourceRow { id, query_id, archive, table_names, title, .. } = source;
    Ok(Contents { query: query_id, archive, tables: table_names, title, whole, schema, source: id, columns })
}
