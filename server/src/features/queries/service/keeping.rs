//! How long queries and results are kept, and who removes them.

use super::QueriesService;
use crate::clock::SECOND;
use crate::fault::report;
use crate::features::queries::store::QueryStore;
use app::asking::Caller;
use app::error::{Error, Result};
use sqlx::AnyConnection;

impl QueriesService {
    /// What a visitor asked becomes the user's. Both are owner keys ([`app::asking::Owner::key`]).
    pub async fn adopt(&self, visitor: &str, user: &str) -> Result<()> {
        let longer_us = (self.config.kept_s - self.config.kept_visitor_s) * SECOND;
        let adopted =
            self.store.adopt(visitor, user, longer_us).await.map_err(|e| report("adopting queries", &e))?;
        if adopted > 0 {
            tracing::info!(queries.adopted = adopted, "a visitor's queries became a user's");
        }
        Ok(())
    }

    /// Keeps a result without end, because it goes into a basket in the transaction of this connection; false where the
    /// caller has no such result any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn hold(
        &self,
        connection: &mut AnyConnection,
        caller: &Caller,
        id: &str,
    ) -> sqlx::Result<bool> {
        match caller.owner.key() {
            Some(owner) => QueryStore::hold(connection, id, &owner).await,
            None => Ok(false),
        }
    }

    /// Keeps a result for the usual time from now on, because it leaves the basket in the transaction of this connection.
    ///
    /// # Errors
    /// The database's.
    pub async fn release(
        &self,
        connection: &mut AnyConnection,
        caller: &Caller,
        id: &str,
    ) -> sqlx::Result<()> {
        let until = self.clock.now() + self.config.kept_s * SECOND;
        match caller.owner.key() {
            Some(owner) => QueryStore::release(connection, id, &owner, until).await,
            None => Ok(()),
        }
    }

    /// Removes a query that is over, and its result.
    pub(super) async fn forget(&self, caller: &Caller, id: &str) -> Result<()> {
        let row = self.row(caller, id).await?;
        if matches!(row.state.as_str(), "queued" | "running") {
            return Err(Error::Limit("This query still works. Cancel it first, then remove it.".to_owned()));
        }
        match self.store.remove(id, &row.owner).await.map_err(|e| report("removing a query", &e))? {
            Some(Some(key)) => {
                if let Err(error) = self.files.remove(&key).await {
                    // The query is gone already; what has none is swept.
                    report("removing a result", &error);
                }
                Ok(())
            }
            Some(None) => Ok(()),
            None => {
                // Held, or removed in another tab meanwhile.
                self.row(caller, id).await?;
                Err(Error::Limit(
                    "This whole result lies in your basket. Remove it there first, then remove the query."
                        .to_owned(),
                ))
            }
        }
    }
}
