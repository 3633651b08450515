//! The steps that start, stop and restart a server.

use super::{ServerCraft, StepFault, Work, removed_meanwhile};
use crate::providers::{Machine, Phase, Seen, Switch};
use crate::work::Outcome;

impl ServerCraft {
    pub(super) async fn switch(&self, work: &Work<'_>, to: Switch) -> Result<Outcome, StepFault> {
        let is_there = match work.site.look(&work.access, &work.row.handle()).await? {
            Seen::Gone => return Ok(Outcome::Failed(removed_meanwhile())),
            Seen::There(machine) => match (to, &machine.phase) {
                (Switch::On, Phase::Running { .. }) | (Switch::Off, Phase::Off { .. }) => true,
                // Repeated after a crash it may start anew twice; better than not at all.
                _ => false,
            },
        };
        if !is_there {
            work.site.switch(&work.access, &work.row.handle(), to).await?;
        }
        Ok(Outcome::Done(None))
    }

    pub(super) async fn await_off(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        match work.site.look(&work.access, &work.row.handle()).await? {
            Seen::Gone => Ok(Outcome::Failed(removed_meanwhile())),
            Seen::There(Machine { phase: Phase::Off { .. }, .. }) => Ok(Outcome::Done(None)),
            Seen::There(machine) => {
                // Told again until it is: a system that is starting does not hear it, and the site may have forgotten.
                let is_at_it = machine.task.is_some() && machine.phase != Phase::Unknown;
                if !is_at_it && machine.phase != Phase::Removing {
                    work.site.switch(&work.access, &work.row.handle(), Switch::Off).await?;
                }
                Ok(self.again(work, machine.task))
            }
        }
    }
}
