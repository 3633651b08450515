//! Waiting for a pause in typing, and telling the latest answer from an overtaken one.

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::time::Duration;

/// Runs something once nothing new has come for a while.
#[derive(Debug, Clone, Copy)]
pub struct Pause(StoredValue<Option<TimeoutHandle>>);

impl Pause {
    /// Nothing is waiting yet.
    pub fn new() -> Self {
        let pause = Self(StoredValue::new(None));
        on_cleanup(move || pause.forget());
        pause
    }

    /// Runs `then` after so many milliseconds, unless this is called again or forgotten before.
    pub fn then(self, milliseconds: u64, then: impl FnOnce() + 'static) {
        self.forget();
        // A browser that gives no timer leaves the page as it is.
        if let Ok(handle) = set_timeout_with_handle(then, Duration::from_millis(milliseconds)) {
            self.0.set_value(Some(handle));
        }
    }

    /// Drops what waits.
    pub fn forget(self) {
        if let Some(Some(handle)) = self.0.try_update_value(Option::take) {
            handle.clear();
        }
    }
}

impl Default for Pause {
    fn default() -> Self {
        Self::new()
    }
}

/// Numbers requests, so that only the answer to the latest one counts.
#[derive(Debug, Clone, Copy)]
pub struct Latest(StoredValue<u64>);

impl Latest {
    /// No request yet.
    pub fn new() -> Self {
        Self(StoredValue::new(0))
    }

    /// A new request's number; answers to earlier ones no longer count.
    pub fn next(self) -> u64 {
        self.0
            .try_update_value(|n| {
                *n += 1;
                *n
            })
            .unwrap_or_default()
    }

    /// The latest request's number.
    pub fn now(self) -> u64 {
        self.0.try_get_value().unwrap_or_default()
    }

    /// Whether this is still the latest, and the page still there.
    pub fn is(self, number: u64) -> bool {
        self.0.try_get_value() == Some(number)
    }
}

impl Default for Latest {
    fn default() -> Self {
        Self::new()
    }
}
