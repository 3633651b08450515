//! What is seen of a machine.

use crate::console;
use crate::events::{off_reason, read_from};
use crate::fault::Fault;
use crate::folder::{Folder, Root};
use crate::host_key;
use crate::id::Id;
use crate::image;
use crate::lock::Lock;
use crate::record::{self, MachineRecord, RunRecord};
use crate::running::{Children, Life, life, process};
use crate::settings::Settings;
use std::collections::BTreeMap;
use std::fmt;
use std::net::Ipv4Addr;

/// What is seen of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// Its host name.
    pub hostname: String,
    /// Its image's name.
    pub image: String,
    /// Whether it runs.
    pub power: Power,
    /// Since its system is up, in this run.
    pub ready: Option<Ready>,
    /// Whether its kernel gave up in this run.
    pub panicked: bool,
    /// Its address.
    pub address: Ipv4Addr,
    /// Its ssh port, once it was started.
    pub port: Option<u16>,
    /// Whom one signs in as.
    pub access_user: String,
    /// Public lines of its host keys: those that its console showed, else the one that was made for it.
    pub host_keys: Vec<String>,
    /// Its process, where it runs.
    pub pid: Option<i32>,
    /// When it was made; UTC microseconds.
    pub made_us: i64,
    /// When this run began; UTC microseconds.
    pub started_us: Option<i64>,
    /// As they were given.
    pub labels: BTreeMap<String, String>,
    /// Cores.
    pub cores: u32,
    /// MiB.
    pub memory_mib: u64,
    /// GiB; 0 without a disk.
    pub disk_gib: u64,
}

/// Whether a machine runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Power {
    /// It runs.
    Running,
    /// Its process is there, and the machine stands still: `paused`, or `io-error` when its disk could not grow.
    Paused {
        /// QEMU's word.
        status: String,
    },
    /// Its process is there and does not answer: stopped, hung, or starting or ending just now.
    Silent,
    /// It is off.
    Off {
        /// Why.
        reason: OffReason,
    },
}

/// A machine's system is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ready {
    /// Milliseconds after its start that this was first seen.
    pub after_ms: i64,
}

/// Why a machine is off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OffReason {
    /// It was never started.
    NeverStarted,
    /// Its power button was pressed.
    AskedTo,
    /// It switched itself off.
    ByItself,
    /// It was switched off hard.
    SwitchedOff,
    /// Somebody on this machine ended its process with a signal that it could still answer.
    Signalled,
    /// Its kernel gave up.
    Panicked,
    /// This machine itself was restarted.
    HostRestarted,
    /// Its process was killed, or ended without a word.
    Vanished,
    /// Its process ended with these words.
    Failed {
        /// QEMU's last words.
        words: String,
    },
}

impl fmt::Display for OffReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NeverStarted => "it was never started",
            Self::AskedTo => "it was told to shut down",
            Self::ByItself => "it shut itself down",
            Self::SwitchedOff => "it was switched off",
            Self::Signalled => "its process was told to end by somebody on the host",
            Self::Panicked => "its kernel gave up",
            Self::HostRestarted => "the host was restarted",
            Self::Vanished => "its process was killed or ended without a word",
            Self::Failed { words } => return write!(f, "its process failed: {words}"),
        })
    }
}

/// Looks at a machine; none where there is none.
pub(crate) fn look(
    settings: &Settings,
    root: &Root,
    id: &Id,
    children: &Children,
) -> Result<Option<Seen>, Fault> {
    let folder = root.machine(id);
    let Some(machine) = record::read::<MachineRecord>(&folder.record())? else { return Ok(None) };
    let mut alive = life(&folder, id, children);
    if alive == Life::Dead {
        // Somebody may be starting or removing it: look again when they are done.
        let lock = Lock::take(&root.machine_lock(id))?;
        if !folder.record().is_file() {
            // The lock's file came back with our waiting.
            lock.discard();
            return Ok(None);
        }
        alive = life(&folder, id, children);
    }
    let mut run: Option<RunRecord> = record::read(&folder.run())?;
    if let Some(run) = &mut run
        && let Ok(base) = image::find(settings, &machine.image)
        && let Some(_lock) = Lock::try_take(&root.machine_lock(id))?
    {
        follow_console(settings, &folder, run, &base.ready)?;
    }
    let power = match alive {
        Life::Up(status) if status == "running" => Power::Running,
        Life::Up(status) => Power::Paused { status },
        Life::Silent => Power::Silent,
        Life::Dead => Power::Off { reason: off_reason(&folder, run.as_ref()) },
    };
    let is_off = matches!(power, Power::Off { .. });
    let ready = run.as_ref().filter(|_| !is_off).and_then(|run| run.ready_after_ms);
    let shown = run.as_ref().map(|run| run.host_keys.clone()).unwrap_or_default();
    Ok(Some(Seen {
        id: id.as_str().to_owned(),
        power,
        ready: ready.map(|after_ms| Ready { after_ms }),
        panicked: run.as_ref().is_some_and(|run| run.panicked),
        port: run.as_ref().map(|run| run.port),
        pid: if is_off { None } else { process(&folder, id) },
        started_us: run.as_ref().map(|run| run.started_us),
        host_keys: if shown.is_empty() { vec![machine.host_key] } else { shown },
        hostname: machine.hostname,
        image: machine.image,
        address: machine.address,
        access_user: machine.access_user,
        made_us: machine.made_us,
        labels: machine.labels,
        cores: machine.cores,
        memory_mib: machine.memory_mib,
        disk_gib: machine.disk_gib,
    }))
}

/// Writes down what this run's console showed.
fn follow_console(
    settings: &Settings,
    folder: &Folder,
    run: &mut RunRecord,
    marker: &str,
) -> Result<(), Fault> {
    // The run as it is now, under the lock: another may have started it anew since.
    match record::read(&folder.run())? {
        Some(now) => *run = now,
        None => return Ok(()),
    }
    let mut changed = false;
    if run.ready_after_ms.is_none() || !run.panicked {
        let shown = console::plain(&read_from(&folder.console(), run.console_from));
        if run.ready_after_ms.is_none() && shown.contains(marker) {
            run.ready_after_ms = Some((settings.sources.now() - run.started_us) / 1000);
            run.host_keys = host_key::read_console(&shown);
            changed = true;
        }
        if !run.panicked && shown.contains("Kernel panic - not syncing") {
            run.panicked = true;
            changed = true;
        }
    }
    if changed {
        record::write(&folder.run(), run)?;
    }
    Ok(())
}
