//! Leases: what runs in a process is its own as long as it says so.
//!
//! A task of its own renews them, so that nothing slow (a store of results that hangs, a long sweep) lets a running query
//! look lost. It goes on after SIGTERM until the last query is over, and stops before the database is closed.

use super::{INTERRUPTED, Scheduler, TICK};
use crate::clock::SECOND;
use std::sync::Arc;

/// A lease lasts this long; it is renewed three times in it.
pub(super) const LEASE_S: i64 = 15;

impl Scheduler {
    /// Renews the leases of what runs here, and marks what runs nowhere any more, until the work is done.
    pub(super) async fn keep_leases(self: Arc<Self>) {
        let mut tick = tokio::time::interval(TICK);
        let drained = async {
            self.stopping.cancelled().await;
            self.working.close();
            self.working.wait().await;
        };
        tokio::pin!(drained);
        loop {
            tokio::select! {
                () = self.closing.cancelled() => return,
                () = &mut drained => return,
                _ = tick.tick() => {}
            }
            // In this order: a machine that slept has own leases that are over, too.
            let done = async {
                self.renew().await?;
                self.interrupt(false).await
            };
            if let Err(error) = done.await {
                tracing::warn!(fault.chain = %crate::fault::chain(&error), "leases of running queries were not renewed; trying again");
            }
        }
    }

    async fn renew(&self) -> Result<(), sqlx::Error> {
        let running: Vec<String> = self.running().keys().cloned().collect();
        if running.is_empty() {
            return Ok(());
        }
        let until = self.clock.now() + LEASE_S * SECOND;
        for id in self.store.renew(&self.process, &running, until).await? {
            self.cancel(&id);
        }
        Ok(())
    }

    pub(super) async fn interrupt(&self, everyone: bool) -> Result<(), sqlx::Error> {
        for id in self.store.interrupt(self.clock.now(), everyone, INTERRUPTED).await? {
            tracing::info!(query.id = %id, "a query was interrupted when its process ended");
        }
        Ok(())
    }

    /// The time is over: what still runs here is marked as interrupted, then stopped. Returns when it has stopped; the
    /// caller says how long that may take.
    pub(crate) async fn give_up(&self) {
        self.closing.cancel();
        // Marked first: an archive that is left might otherwise be taken for one that failed.
        match self.store.interrupt_own(&self.process, self.clock.now(), INTERRUPTED).await {
            Ok(ids) => {
                for id in ids {
                    tracing::info!(query.id = %id, "a query was interrupted, since there was no more time for it");
                }
            }
            Err(error) => tracing::warn!(
                fault.chain = %crate::fault::chain(&error),
                "running queries were not marked as interrupted; the next start does it"
            ),
        }
        for running in self.running().values() {
            running.cancel.cancel();
        }
        self.working.close();
        self.working.wait().await;
    }
}
