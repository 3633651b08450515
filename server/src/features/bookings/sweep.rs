//! Tidies up beside: offers that nobody accepted go back within a minute also where nobody asks, and what is over is closed.

use super::service::BookingsService;
use crate::clock::{Micros, SECOND};
use crate::fault::chain;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(30);
/// What was over so long ago is no longer in memory; another process's clock may be behind ours by that.
pub(super) const FORGET_US: Micros = 3600 * SECOND;

pub(super) async fn keep_tidy(bookings: Arc<BookingsService>, stopping: CancellationToken) {
    let sweep = async {
        let mut tick = tokio::time::interval(EVERY);
        loop {
            tick.tick().await;
            if let Err(error) = bookings.tidy().await {
                tracing::warn!(fault.chain = %chain(&error), "bookings were not tidied up; trying again");
            }
        }
    };
    stopping.run_until_cancelled(sweep).await;
}
