//! The steps of ending a session, and of undoing one that was being started.

use super::{SessionCraft, StepFault, Work, steps};
use crate::features::sessions::folders::on_disk;
use crate::features::sessions::store::SessionRow;
use crate::providers::session_site::SessionSite;
use crate::work::Outcome;
use std::time::Duration;

/// A step must be over before its lease is: whoever needs longer is asked to end again.
const LONGEST_GRACE_S: u32 = 60;

impl SessionCraft {
    fn grace(&self) -> Duration {
        Duration::from_secs(self.config.end_s.min(LONGEST_GRACE_S).into())
    }

    /// Asks it to end, and ends it.
    pub(super) async fn stop(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.store.set_ending(&work.row.id, self.clock.now()).await?;
        work.site.stop(work.place(), self.grace()).await?;
        Ok(Outcome::Done(None))
    }

    /// Keeps what it said.
    pub(super) async fn keep_log(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.save_log(&work.row, work.site).await?;
        Ok(Outcome::Done(None))
    }

    /// Keeps the end of what a session said until now, where it said anything.
    pub(in crate::features::sessions) async fn save_log(
        &self,
        row: &SessionRow,
        site: &dyn SessionSite,
    ) -> Result<(), StepFault> {
        let most = usize::try_from(self.config.log_kib.saturating_mul(1024)).unwrap_or(usize::MAX);
        let text = site.read_log(row.place(), most).await?;
        if text.is_empty() {
            return Ok(());
        }
        let (folders, id, bytes) = (self.folders.clone(), row.id.clone(), text.len());
        on_disk(move || {
            folders.make_kept(&id)?;
            crate::files::write_whole(&folders.log(&id), text.as_bytes())
        })
        .await?;
        self.store.set_log_bytes(&row.id, i64::try_from(bytes).unwrap_or(i64::MAX)).await?;
        Ok(())
    }

    /// Removes it from its site.
    pub(super) async fn remove(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        work.site.remove(work.place()).await?;
        Ok(Outcome::Done(None))
    }

    /// Removes its data.
    pub(super) async fn remove_data(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.stagings.stop(&work.row.id).await;
        let (folders, id) = (self.folders.clone(), work.row.id.clone());
        on_disk(move || folders.remove_data(&id)).await?;
        Ok(Outcome::Done(None))
    }

    /// Gives the rest of its booking back.
    pub(super) async fn give_back(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.bookings.finish(&work.row.booking, self.clock.now()).await?;
        Ok(Outcome::Done(None))
    }

    /// Undoes a step of being run, whether it was done, half done or not begun.
    pub(super) async fn undo_step(&self, work: &Work<'_>, step: &str) -> Result<Outcome, StepFault> {
        if work.operation.cancel_wanted == 0 && work.row.end_wanted.is_none() {
            // It took too long, and did not say why.
            self.store.want_end(&work.row.id, steps::usual_reason(step).key(), None).await?;
        }
        self.store.set_ending(&work.row.id, self.clock.now()).await?;
        self.opening.forget(&work.row.id);
        match step {
            "start" => {
                work.site.stop(work.place(), self.grace()).await?;
                self.save_log(&work.row, work.site).await?;
                self.remove(work).await
            }
            "data" => self.remove_data(work).await,
            "wait" => self.give_back(work).await,
            _ => Ok(Outcome::Done(None)),
        }
    }
}
