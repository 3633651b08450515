//! Where the focus goes when another page comes up: to its `<h1>`, which a screen reader then reads.
//!
//! The first page of a visit is left alone, since the browser itself has just announced it; so is a change of the
//! query string only (a search, a filter), where the focus belongs to what was pressed.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Knows whether somebody has just come to another page.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    path: Memo<String>,
    seen: StoredValue<Option<String>>,
}

impl Arrival {
    /// Makes it known to the pages below; inside the router.
    pub fn provide() {
        let path = use_location().pathname;
        provide_context(Self { path, seen: StoredValue::new(None) });
    }

    /// The frame's, or one of its own where there is no frame.
    pub fn get() -> Self {
        use_context().unwrap_or_else(|| Self {
            path: Memo::new(|_| String::new()),
            seen: StoredValue::new(Some(String::new())),
        })
    }

    /// Whether this page is another than the last one that asked. True once for each page, never for the first.
    pub fn take(self) -> bool {
        let now = self.path.get_untracked();
        let before = self.seen.get_value();
        let arrived = before.as_ref().is_some_and(|before| *before != now);
        self.seen.set_value(Some(now));
        arrived
    }
}
