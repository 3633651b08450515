//! The steps that make a server.

use super::{ServerCraft, StepFault, UNSETTLED, Work, removed_meanwhile, wish};
use crate::clock::SECOND;
use crate::features::servers::sentences;
use crate::providers::{Fault, Given, Machine, Phase, Reason, Seen, Switch};
use crate::work::{Failure, Outcome};
use app::features::servers::model::AddressPolicy;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;

/// How much of a console is read for the machine's keys.
const CONSOLE_BYTES: usize = 256 * 1024;
/// One look at an ssh port. Long, since each connection costs the machine a process, and a slow one answers late.
const BANNER: Duration = Duration::from_secs(20);
const CONNECT: Duration = Duration::from_secs(5);

impl ServerCraft {
    pub(super) async fn place_key(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.remember_account(work).await?;
        work.site.place_key(&work.access, &wish(&work.row)).await?;
        Ok(Outcome::Done(None))
    }

    pub(super) async fn check_room(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        // Once asked for, it is itself what takes the room.
        if !matches!(work.site.look(&work.access, &work.row.handle()).await?, Seen::There(_)) {
            work.site.check_room(&work.access, &wish(&work.row)).await?;
        }
        Ok(Outcome::Done(None))
    }

    pub(super) async fn request(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        if self.is_unsettled(work).await? {
            let Seen::There(machine) = work.site.look(&work.access, &work.row.handle()).await? else {
                return Ok(self.again(work, Some(UNSETTLED.to_owned())));
            };
            self.store.set_machine(&work.row.id, &machine.machine).await?;
            return Ok(Outcome::Done(None));
        }
        self.remember_account(work).await?;
        let settles = !work.site.settles_in().is_zero();
        if settles {
            self.store.set_unsettled(&work.row.id, Some(0)).await?;
        }
        match work.site.request(&work.access, &wish(&work.row)).await {
            Ok(machine) => self.store.set_machine(&work.row.id, &machine).await?,
            Err(fault) => {
                let is_lost = fault.reason == Reason::OutcomeUnknown;
                if settles {
                    let since = is_lost.then(|| self.clock.now());
                    self.store.set_unsettled(&work.row.id, since).await?;
                }
                return Err(fault.into());
            }
        }
        Ok(Outcome::Done(None))
    }

    /// Whether a machine may still come of an earlier request. One that is on its way when this is asked was cut with
    /// whoever sent it, just now at the latest.
    pub(super) async fn is_unsettled(&self, work: &Work<'_>) -> Result<bool, StepFault> {
        let now = self.clock.now();
        let since = match (&work.row.machine, work.row.unsettled_us) {
            (Some(_), _) | (None, None) => return Ok(false),
            (None, Some(0)) => {
                self.store.set_unsettled(&work.row.id, Some(now)).await?;
                now
            }
            (None, Some(since)) => since,
        };
        let settles = i64::try_from(work.site.settles_in().as_micros()).unwrap_or(i64::MAX);
        Ok(now - since < settles)
    }

    pub(super) async fn await_running(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        let machine = match work.site.look(&work.access, &work.row.handle()).await? {
            Seen::There(machine) => machine,
            Seen::Gone => return Ok(Outcome::Failed(removed_meanwhile())),
        };
        match machine.phase {
            Phase::Running { .. } => Ok(Outcome::Done(None)),
            Phase::Failed { words } => {
                let fault = Fault::of(Reason::BuildFailed).with_words(words);
                Ok(Outcome::Failed(sentences::failure(&fault, work.site.title())))
            }
            Phase::Off { reason: Some(reason) } => {
                let what = "The machine went off while it started.".to_owned();
                let next = "Look at its console, then try again.".to_owned();
                Ok(Outcome::Failed(Failure { what, words: Some(reason), next, ..Failure::default() }))
            }
            Phase::Off { reason: None } => {
                work.site.switch(&work.access, &work.row.handle(), Switch::On).await?;
                Ok(self.again(work, None))
            }
            Phase::Building | Phase::Removing | Phase::Unknown => Ok(self.again(work, machine.task)),
        }
    }

    pub(super) async fn give_address(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        let choices = work.row.choices();
        let wanted = choices.address == AddressPolicy::Automatic;
        let given = work.site.give_address(&work.access, &work.row.handle(), wanted).await?;
        let Seen::There(machine) = work.site.look(&work.access, &work.row.handle()).await? else {
            return Ok(Outcome::Failed(removed_meanwhile()));
        };
        let user = machine.access_user.as_deref().unwrap_or(&work.row.access_user);
        match given {
            Given::NotYet => Ok(self.again(work, None)),
            Given::Address(address) => {
                self.store.set_address(&work.row.id, Some(&address), machine.port, user).await?;
                Ok(Outcome::Done(Some(address)))
            }
            Given::Without => {
                self.store.set_address(&work.row.id, machine.address.as_deref(), machine.port, user).await?;
                Ok(Outcome::Done(Some("It has no address outside its network.".to_owned())))
            }
        }
    }

    pub(super) async fn await_ssh(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        let machine = match work.site.look(&work.access, &work.row.handle()).await? {
            Seen::There(machine) => machine,
            Seen::Gone => return Ok(Outcome::Failed(removed_meanwhile())),
        };
        if let Phase::Off { reason } = &machine.phase {
            let what = "The machine went off before it could be reached.".to_owned();
            let next = "Look at its console, then try again.".to_owned();
            return Ok(Outcome::Failed(Failure { what, words: reason.clone(), next, ..Failure::default() }));
        }
        let place = work.row.address.clone().or_else(|| machine.address.clone());
        let late = self.clock.now() - work.since > i64::try_from(self.ssh_patience_s).unwrap_or(300) * SECOND;
        let note = match &place {
            None => "It has no address to look at.".to_owned(),
            Some(_) if !work.site.reaches_machines() => {
                "Skyport cannot reach this site's machines, so it did not look.".to_owned()
            }
            Some(address) if !work.site.may_look_at(address) => format!(
                "The site says that it is at {address}, which cannot be another machine, so Skyport did not look there."
            ),
            Some(_) if late => {
                let remark = "It runs, but ssh does not answer here. Its console may say why.";
                self.store.set_state(&work.row.id, &work.row.state, Some(remark), self.clock.now()).await?;
                remark.to_owned()
            }
            Some(address) => {
                if matches!(machine.phase, Phase::Running { booted: true })
                    && let Some(banner) = banner(address, &machine).await
                {
                    // Another port may have been free this time.
                    let user = machine.access_user.as_deref().unwrap_or(&work.row.access_user);
                    self.store.set_address(&work.row.id, Some(address), machine.port, user).await?;
                    self.learn_host_keys(work).await?;
                    return Ok(Outcome::Done(Some(banner)));
                }
                return Ok(self.again(work, Some("Its system is starting.".to_owned())));
            }
        };
        self.learn_host_keys(work).await?;
        Ok(Outcome::Done(Some(note)))
    }

    /// The machine's own keys, where its console shows them. None is no fault.
    pub(super) async fn learn_host_keys(&self, work: &Work<'_>) -> Result<(), StepFault> {
        let Ok(console) = work.site.console(&work.access, &work.row.handle(), CONSOLE_BYTES).await else {
            return Ok(());
        };
        let lines = crate::features::servers::host_keys::read(&console);
        if !lines.is_empty() {
            let text = serde_json::to_string(&lines).unwrap_or_else(|_| "[]".to_owned());
            self.store.set_host_keys(&work.row.id, &text).await?;
        }
        Ok(())
    }
}

/// The first line that an ssh server says (RFC 4253, section 4.2).
async fn banner(address: &str, machine: &Machine) -> Option<String> {
    let place = (address, machine.port);
    let mut stream = tokio::time::timeout(CONNECT, tokio::net::TcpStream::connect(place)).await.ok()?.ok()?;
    let mut line = Vec::new();
    let read = async {
        let mut buffer = [0; 255];
        while !line.contains(&b'\n') && line.len() < 255 {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(n) => line.extend_from_slice(&buffer[..n]),
            }
        }
    };
    tokio::time::timeout(BANNER, read).await.ok()?;
    let text = String::from_utf8_lossy(&line);
    let first = text.lines().next()?.trim();
    let plain: String = first.chars().filter(|c| !c.is_control()).take(80).collect();
    plain.starts_with("SSH-").then_some(plain)
}
