//! Removes results whose time is over, what visitors left behind, and files that belong to no query.

use super::{Scheduler, TICK};
use crate::clock::SECOND;
use std::sync::Arc;

/// How often what is over is looked for.
const EXPIRE_US: i64 = 60 * SECOND;
/// How often everything in the store is compared with the database.
const TIDY_US: i64 = 600 * SECOND;
const EXPIRED: &str =
    "The result was kept as long as was promised and is gone. Ask it again to have it anew.";

impl Scheduler {
    /// Sweeps until `stopping`; whatever it is at may be broken off.
    pub(super) async fn sweep(self: Arc<Self>) {
        let sweep = async {
            let mut tick = tokio::time::interval(TICK);
            let (mut expired_us, mut tidied_us) = (None, None);
            loop {
                tick.tick().await;
                let now = self.clock.now();
                let is_due = |last: Option<i64>, every| last.is_none_or(|at| now - at >= every);
                let done = async {
                    if is_due(expired_us, EXPIRE_US) {
                        self.expire().await?;
                        expired_us = Some(now);
                    }
                    if is_due(tidied_us, TIDY_US) {
                        self.forget_visitors().await?;
                        self.tidy().await?;
                        tidied_us = Some(now);
                    }
                    Ok::<_, sqlx::Error>(())
                };
                if let Err(error) = done.await {
                    tracing::warn!(fault.chain = %crate::fault::chain(&error), "what is over was not removed; trying again");
                }
            }
        };
        self.stopping.run_until_cancelled(sweep).await;
    }

    /// Ends results whose time is over, then deletes their objects, and those that an earlier sweep did not come to.
    async fn expire(&self) -> Result<(), sqlx::Error> {
        while self.store.doom_expired(self.clock.now(), EXPIRED).await? > 0 {}
        let (mut after, mut undeleted) = (String::new(), 0);
        loop {
            let doomed = self.store.list_doomed(&after).await?;
            let Some((last, _)) = doomed.last() else {
                self.metrics.undeleted_results.set(undeleted);
                return Ok(());
            };
            after.clone_from(last);
            for (id, key) in &doomed {
                match self.results.remove(key).await {
                    Ok(()) => self.store.forget_doomed(id, key).await?,
                    Err(error) => {
                        undeleted += 1;
                        tracing::warn!(query.id = %id, "an expired result could not be removed; trying again: {error}");
                    }
                }
            }
        }
    }

    /// Removes visitors' queries that nobody has come back to.
    async fn forget_visitors(&self) -> Result<(), sqlx::Error> {
        let before = self.clock.now() - self.config.listed_visitor_s * SECOND;
        let mut forgotten = 0;
        loop {
            match self.store.forget_visitors(before).await? {
                0 => break,
                more => forgotten += more,
            }
        }
        if forgotten > 0 {
            tracing::info!(queries.removed = forgotten, "removed visitors' queries that ended long ago");
        }
        Ok(())
    }

    /// Removes files that belong to no query: what a killed process left.
    async fn tidy(&self) -> Result<(), sqlx::Error> {
        let files = match self.results.list().await {
            Ok(files) => files,
            Err(error) => {
                tracing::warn!("the results could not be listed: {error}");
                return Ok(());
            }
        };
        for (id, key) in files {
            if !self.store.has_result(&id).await? {
                tracing::info!(query.id = %id, "removing a result that no query has");
                if let Err(error) = self.results.remove(&key).await {
                    tracing::warn!("it could not be removed: {error}");
                }
            }
        }
        for (id, file) in self.results.half_written().unwrap_or_default() {
            if !self.store.is_running(&id).await? {
                tracing::info!(query.id = %id, "removing what a process left half written");
                if let Err(error) = std::fs::remove_file(&file) {
                    tracing::warn!("it could not be removed: {error}");
                }
            }
        }
        Ok(())
    }
}
