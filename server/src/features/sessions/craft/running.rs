//! The steps of running a session, up to the moment in which its interface answers.

use super::{SessionCraft, StepFault, Work, sentences, steps};
use crate::clock::{Micros, SECOND};
use crate::features::sessions::folders::{self, on_disk};
use crate::features::sessions::staging::StagingFault;
use crate::features::sessions::staging_task::{Order, Staged};
use crate::providers::session_site::{Fetch, Folder, Login, Run, Seen};
use crate::work::{Failure, Outcome};
use app::features::bookings::model::BookingState;
use app::features::sessions::model::{EndReason, Progress};
use app::features::software::model::{Interface, Kind};
use app::text;
use std::collections::BTreeMap;
use std::time::Duration;

/// A booking may be moved to an earlier time while its session waits.
const LOOK_AGAIN_US: Micros = 10 * SECOND;
/// One question to an interface.
const ANSWER: Duration = Duration::from_secs(3);

impl SessionCraft {
    async fn set_state(&self, work: &Work<'_>, step: &str) -> Result<(), StepFault> {
        if let Some(state) = steps::state(step)
            && self.store.set_state(&work.row.id, state.key(), self.clock.now()).await?
        {
            self.watching.tell(&work.row.owner, &work.row.id);
        }
        Ok(())
    }

    /// Waits for its booking's start.
    pub(super) async fn await_time(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.set_state(work, "wait").await?;
        let booking = self.bookings.find(&work.row.booking).await?;
        let no = |reason| StepFault::No(reason, None, sentences::end(reason, None, work.site.title()));
        match booking {
            Some(booking) => match booking.state {
                BookingState::Running => {
                    // Moved while it waited, it may have come to another node.
                    if booking.node != work.row.node {
                        self.store.set_node(&work.row.id, &booking.node).await?;
                    }
                    Ok(Outcome::Done(None))
                }
                BookingState::Booked => {
                    let pause = (booking.start_us - self.clock.now()).clamp(0, LOOK_AGAIN_US);
                    let note = format!("Begins {}.", text::utc(booking.start_us));
                    Ok(Outcome::Again(Duration::from_micros(pause.unsigned_abs()), Some(note)))
                }
                BookingState::Over => Err(no(EndReason::TimeUp)),
                BookingState::Held | BookingState::Cancelled | BookingState::Expired => {
                    Err(no(EndReason::StoppedByOwner))
                }
            },
            None => Err(no(EndReason::StoppedByOwner)),
        }
    }

    /// Puts the basket's data in its folder.
    pub(super) async fn place_data(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.set_state(work, "data").await?;
        let row = &work.row;
        let order = Order { session: row.id.clone(), owner: row.owner.clone(), data: row.software().data };
        match self.stagings.go_on(&order).await {
            Ok(Staged::There(files)) => {
                let text = serde_json::to_string(&files).unwrap_or_else(|_| "[]".to_owned());
                self.store.set_data(&row.id, &text).await?;
                let bytes = files.iter().map(|file| file.bytes).sum();
                let note = match files.len() {
                    0 => "Nothing from the basket.".to_owned(),
                    many => format!("{}, {}.", text::counted(many as u64, "file"), text::bytes(bytes)),
                };
                Ok(Outcome::Done(Some(note)))
            }
            Ok(Staged::Going(progress)) => {
                self.tell_progress(work, progress).await?;
                Ok(self.again(work, None))
            }
            Err(fault) => {
                tracing::warn!(session.id = %row.id, fault.chain = %crate::fault::chain(&fault), "data could not be put in place");
                let reason = match fault {
                    StagingFault::DiskFull(_) => EndReason::DiskFull,
                    _ => EndReason::DataMissing,
                };
                let usual = sentences::end(reason, None, work.site.title());
                let failure = Failure { words: Some(fault.to_string()), ..usual };
                Err(if fault.is_passing() {
                    StepFault::Passing(reason, failure)
                } else {
                    StepFault::No(reason, None, failure)
                })
            }
        }
    }

    async fn tell_progress(&self, work: &Work<'_>, progress: Option<Progress>) -> Result<(), StepFault> {
        let Some(progress) = progress else { return Ok(()) };
        let text = serde_json::to_string(&progress).unwrap_or_default();
        if work.row.progress.as_ref() != Some(&text) {
            self.store.set_progress(&work.row.id, Some(&text)).await?;
        }
        Ok(())
    }

    /// Sees to it that the image is at the node, and pins it.
    pub(super) async fn fetch_image(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.set_state(work, "image").await?;
        let software = work.row.software();
        let login = self.software.credentials(&software.name).await?;
        let login = login.map(|login| Login { user: login.user, secret: login.secret });
        match work.site.fetch(&work.row.node, &software.reference, login).await? {
            Fetch::There(image) => {
                self.store.set_image(&work.row.id, &image.id).await?;
                self.store.set_progress(&work.row.id, None).await?;
                Ok(Outcome::Done(Some(format!("{}.", text::bytes(image.size_bytes)))))
            }
            Fetch::Going { words, bytes } => {
                let progress = bytes.map(|(done_bytes, of)| Progress { done_bytes, of_bytes: Some(of) });
                self.tell_progress(work, progress).await?;
                Ok(self.again(work, words))
            }
        }
    }

    /// Starts it, or finds what this operation started.
    pub(super) async fn start(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        self.set_state(work, "start").await?;
        let row = &work.row;
        let most = self.homes.limit_bytes();
        let Some(holds) = self.homes.size(&row.owner).await else {
            return Ok(self.again(work, Some("Looking how full your home is.".to_owned())));
        };
        if holds > most {
            let reason = EndReason::DiskFull;
            let what = sentences::home_full(holds, most);
            let failure = Failure { what, ..sentences::end(reason, None, work.site.title()) };
            return Err(StepFault::No(reason, None, failure));
        }
        let run = self.run_of(work).await?;
        work.site.start(&run).await?;
        Ok(Outcome::Done(None))
    }

    async fn run_of(&self, work: &Work<'_>) -> Result<Run, StepFault> {
        let row = &work.row;
        let (software, resources) = (row.software(), row.resources());
        let is_batch = row.kind() == Kind::Batch;
        let (folders, id, owner) = (self.folders.clone(), row.id.clone(), row.owner.clone());
        let (home, output) = on_disk(move || {
            let home = folders.make_home(&owner)?;
            folders.make_kept(&id)?;
            let output = if is_batch { Some(folders.make_output(&id, &owner)?) } else { None };
            Ok((home, output))
        })
        .await?;
        let folder = |source, target: &str, writable| Folder { source, target: target.to_owned(), writable };
        let mut mounts =
            vec![folder(home, folders::HOME, true), folder(self.folders.data(&row.id), folders::DATA, false)];
        let mut environment = BTreeMap::from([
            ("HOME".to_owned(), folders::HOME.to_owned()),
            ("SKYPORT_DATA".to_owned(), folders::DATA.to_owned()),
            ("SKYPORT_SESSION".to_owned(), row.id.clone()),
        ]);
        if let Some(output) = output {
            mounts.push(folder(output, folders::OUTPUT, true));
            environment.insert("SKYPORT_OUTPUT".to_owned(), folders::OUTPUT.to_owned());
        }
        environment.extend(software.environment.clone());
        Ok(Run {
            session: row.id.clone(),
            operation: work.operation.id.clone(),
            node: row.node.clone(),
            image: row.image.clone().unwrap_or_default(),
            command: Some(software.command).filter(|command| !command.is_empty()),
            environment,
            port: software.interface.map(|interface| interface.port),
            cores: resources.cores,
            memory_mib: resources.memory_mib,
            uid: self.folders.uid,
            gid: self.folders.gid,
            folders: mounts,
        })
    }

    /// Waits until its interface answers. A batch run has none: its command is what is waited for.
    pub(super) async fn await_ready(&self, work: &Work<'_>) -> Result<Outcome, StepFault> {
        let (row, title) = (&work.row, work.site.title());
        let interface = row.software().interface.filter(|_| row.kind() != Kind::Batch);
        // While its site was away nothing could answer.
        let since = self.troubles.last(work.operation).map_or(work.since, |last| last.max(work.since));
        let is_late = self.clock.now() - since > i64::from(self.config.ready_s) * SECOND;
        let late = |said: Option<String>| {
            let reason = EndReason::NotReady;
            let usual = sentences::end(reason, None, title);
            let words = said.or_else(|| usual.words.clone());
            StepFault::No(reason, None, Failure { words, ..usual })
        };
        let address = match (work.site.look(work.place()).await?, &interface) {
            (Seen::Gone, _) => {
                let reason = EndReason::Vanished;
                return Err(StepFault::No(reason, None, sentences::end(reason, None, title)));
            }
            // What is half made, or half removed, may stay so.
            (Seen::Making, _) if is_late => return Err(late(None)),
            (Seen::Making, _) => return Ok(self.again(work, None)),
            (Seen::Running { .. } | Seen::Ended(_), None) => return Ok(Outcome::Done(None)),
            (Seen::Ended(end), Some(_)) => {
                let reason = match Self::why_ended(work.site, work.place(), &end).await? {
                    // Without a fault, and without an answer.
                    EndReason::Finished => EndReason::NotReady,
                    other => other,
                };
                let words = end.words.clone();
                let mut failure = Failure { words, ..sentences::end(reason, Some(end.exit_code), title) };
                if reason == EndReason::NotReady {
                    "It ended before its interface answered.".clone_into(&mut failure.what);
                }
                return Err(StepFault::No(reason, Some(end.exit_code), failure));
            }
            (Seen::Running { address }, Some(_)) => address,
        };
        let (Some(address), Some(interface)) = (address, interface) else {
            return if is_late { Err(late(None)) } else { Ok(self.again(work, None)) };
        };
        let said = match self.ask(&address.to_string(), &interface).await {
            Ok(status) if status < 500 => {
                self.store.set_address(&row.id, Some(&address.to_string())).await?;
                self.opening.forget(&row.id);
                return Ok(Outcome::Done(None));
            }
            Ok(status) => Some(format!("Its interface answers with {status}, and not yet with a page.")),
            Err(_) => None,
        };
        if is_late { Err(late(said)) } else { Ok(self.again(work, said)) }
    }

    /// The status with which an interface answers at its readiness path.
    async fn ask(&self, address: &str, interface: &Interface) -> Result<u16, reqwest::Error> {
        let url = format!("http://{address}{}", interface.ready);
        Ok(self.client.get(url).timeout(ANSWER).send().await?.status().as_u16())
    }
}
