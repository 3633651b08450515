//! The steps that remove a server, and those that undo what made it.

use super::{ServerCraft, StepFault, UNSETTLED, Work};
use crate::providers::{Machine, Phase, Seen};
use crate::work::Outcome;

impl ServerCraft {
    pub(super) async fn remove(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        match work.site.look(&work.access, &work.row.handle()).await? {
            Seen::There(Machine { phase: Phase::Removing, .. }) => {}
            // Also where none is seen: half of one may be there.
            Seen::Gone | Seen::There(_) => work.site.remove(&work.access, &work.row.handle()).await?,
        }
        Ok(Outcome::Done(None))
    }

    pub(super) async fn await_gone(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        match work.site.look(&work.access, &work.row.handle()).await? {
            Seen::Gone => Ok(Outcome::Done(None)),
            Seen::There(machine) => Ok(self.again(work, machine.task)),
        }
    }

    /// Removes what came of a request, and what may still come of it.
    pub(super) async fn undo_request(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.remove(work).await?;
        match self.await_gone(work).await? {
            Outcome::Done(_) if self.is_unsettled(work).await? => {
                Ok(self.again(work, Some(UNSETTLED.to_owned())))
            }
            other => Ok(other),
        }
    }

    pub(super) async fn take_address(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        work.site.take_address(&work.access, &work.row.handle()).await?;
        Ok(Outcome::Done(None))
    }

    pub(super) async fn take_key(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        work.site.remove_key(&work.access, &work.row.id).await?;
        Ok(Outcome::Done(None))
    }
}
