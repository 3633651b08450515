//! What a basket would bring along, without looking at each of its rows.

use super::BasketService;
use app::features::plan::model::DataSummary;

impl BasketService {
    /// What is in the basket of the user with this id. The bytes of single rows are estimated from some of them.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn summary(&self, user: &str) -> Result<DataSummary, sqlx::Error> {
        let items = self.store.count(user).await?.unsigned_abs();
        if items == 0 {
            return Ok(DataSummary::default());
        }
        let whole = self.store.whole(user).await?;
        let single = items.saturating_sub(whole.results.unsigned_abs());
        let row_bytes = if single > 0 { self.store.usual_row_bytes(user).await? } else { 0 };
        Ok(DataSummary {
            items,
            results: whole.results.unsigned_abs(),
            rows: single + whole.rows.unsigned_abs(),
            bytes: single * row_bytes.unsigned_abs() + whole.bytes.unsigned_abs(),
        })
    }
}
