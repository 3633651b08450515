//! A limit of silence that costs nothing while something moves.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// Counts from the first time that it is asked after something has moved.
pub(crate) struct Idle {
    pub(crate) limit: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
    counting: bool,
}

impl Idle {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, sleep: None, counting: false }
    }

    pub(crate) fn moved(&mut self) {
        self.counting = false;
    }

    /// As if new, with another limit.
    pub(crate) fn restart(&mut self, limit: Duration) {
        self.limit = limit;
        self.counting = false;
    }

    /// Ready when nothing has moved for so long.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let limit = self.limit;
        let until =
            || Instant::now().checked_add(limit).unwrap_or_else(|| Instant::now() + Duration::from_hours(24));
        if !self.counting
            && let Some(sleep) = &mut self.sleep
        {
            sleep.as_mut().reset(until());
        }
        self.counting = true;
        self.sleep.get_or_insert_with(|| Box::pin(sleep_until(until()))).as_mut().poll(cx)
    }
}
