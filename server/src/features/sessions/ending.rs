//! How the end of a session begins, whoever wants it.

use super::opening::Opening;
use super::store::{SessionRow, SessionStore};
use crate::clock::{Clock, Entropy};
use crate::following::Watching;
use crate::ids::new_id;
use crate::work::{NewOperation, Runner};
use app::features::sessions::model::EndReason;
use std::sync::Arc;

/// Begins ends.
#[derive(Clone)]
pub(super) struct Ender {
    pub(super) store: SessionStore,
    pub(super) runner: Arc<Runner>,
    pub(super) watching: Watching,
    pub(super) opening: Opening,
    pub(super) clock: Clock,
    pub(super) entropy: Entropy,
}

impl Ender {
    /// Ends a session for this reason, with its exit code where it ended by itself. What is being ended already goes on as
    /// it began. False then, and where it is over.
    pub(super) async fn end(
        &self,
        row: &SessionRow,
        reason: EndReason,
        exit_code: Option<i64>,
    ) -> Result<bool, sqlx::Error> {
        let operation = NewOperation {
            id: &new_id(&self.entropy),
            noun: "session",
            subject: &row.id,
            owner: &row.owner,
            verb: "end",
        };
        let begun = self.store.begin_end(&operation, reason.key(), exit_code, self.clock.now()).await?;
        if begun {
            self.opening.forget(&row.id);
            self.watching.tell(&row.owner, &row.id);
            self.runner.wake();
        }
        Ok(begun)
    }

    /// Writes down what happened, and tells it.
    pub(super) async fn note(&self, row: &SessionRow, what: &str) -> Result<(), sqlx::Error> {
        self.store.add_event(&new_id(&self.entropy), &row.id, what, self.clock.now()).await?;
        self.watching.tell(&row.owner, &row.id);
        Ok(())
    }
}
