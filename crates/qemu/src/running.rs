//! Starting and ending QEMU, and telling whether it lives.
//!
//! Life is asked of the monitor's socket, and of the lock that a machine's processes hold. A process id alone tells nothing:
//! it may be another's by now, or a zombie that nobody has fetched.

use crate::accelerator::Accelerator;
use crate::address::port_on;
use crate::command::{arguments, name_option};
use crate::events::words;
use crate::fault::Fault;
use crate::folder::{Folder, Root, gone, length};
use crate::host::PoweredDown;
use crate::id::Id;
use crate::image;
use crate::lock::Lock;
use crate::logs::{self, KEEPER_NAME};
use crate::qmp::{Monitor, NoMonitor};
use crate::record::{self, MachineRecord, RunRecord};
use crate::settings::Settings;
use crate::tool::QEMU;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::fs;
use std::process::Child;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// From the process to an answering monitor; 0.12 s where nothing else runs.
const UP_WITHIN: Duration = Duration::from_secs(30);
/// From `quit` or SIGKILL to the end.
const GONE_WITHIN: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);
/// From the end of a process to that of the keepers of its logs.
const WRITTEN_WITHIN: Duration = Duration::from_secs(5);
/// Between two presses of the power button: a system that is still starting does not hear the first.
const PRESS_AGAIN_US: i64 = 5_000_000;

/// The processes that this process started, so that their ends are fetched.
#[derive(Debug, Default)]
pub(crate) struct Children(Mutex<Vec<Child>>);

impl Children {
    /// Fetches the ends of those that ended.
    pub(crate) fn reap(&self) {
        let mut children = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        children.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
    }

    fn keep(&self, children: impl IntoIterator<Item = Child>) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(children);
    }
}

/// Whether a machine's QEMU is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Life {
    /// Its monitor answers: `running`, `paused` and so on.
    Up(String),
    /// There is a process that does not answer now.
    Silent,
    /// There is none.
    Dead,
}

/// Asks.
pub(crate) fn life(folder: &Folder, id: &Id, children: &Children) -> Life {
    children.reap();
    match Monitor::open(&folder.monitor()) {
        Ok(mut monitor) => monitor.status().map_or(Life::Silent, Life::Up),
        Err(NoMonitor::Silent) => Life::Silent,
        Err(NoMonitor::Absent) if process(folder, id).is_some() || logs::is_held(folder) => Life::Silent,
        Err(NoMonitor::Absent) => Life::Dead,
    }
}

/// The process of a machine, if it is really this machine's: by its command line, which a zombie has not.
pub(crate) fn process(folder: &Folder, id: &Id) -> Option<i32> {
    let written = fs::read_to_string(folder.pid()).ok().and_then(|text| text.trim().parse().ok());
    let noted = record::read::<RunRecord>(&folder.run()).ok().flatten().and_then(|run| run.pid);
    [written, noted].into_iter().flatten().find(|pid| {
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let name = name_option(id);
        let is_named = line.split(|&b| b == 0).any(|word| word == name.as_bytes());
        let place = fs::read_link(format!("/proc/{pid}/cwd"));
        // Another's folders cannot be looked into; the id alone must do then.
        is_named && place.map_or(true, |place| fs::canonicalize(&folder.0).is_ok_and(|own| own == place))
    })
}

/// Starts a machine, unless it runs.
pub(crate) fn start(
    settings: &Settings,
    root: &Root,
    id: &Id,
    accelerator: &Accelerator,
    children: &Children,
) -> Result<(), Fault> {
    let _lock = Lock::take(&root.machine_lock(id))?;
    let folder = root.machine(id);
    let machine: MachineRecord =
        record::read(&folder.record())?.ok_or_else(|| Fault::NotThere { id: id.as_str().to_owned() })?;
    if life(&folder, id, children) == Life::Silent && process(&folder, id).is_none() {
        // A start that was cut leaves the keepers of the logs for a moment, and no machine.
        logs::await_end(&folder, WRITTEN_WITHIN);
    }
    if life(&folder, id, children) != Life::Dead {
        return Ok(());
    }
    let base = image::find(settings, &machine.image)?;
    for part in [&base.kernel, &base.initrd, &base.disk].into_iter().flatten() {
        if let Err(error) = fs::metadata(&part.path) {
            let why = format!("{}: {error}", part.path.display());
            return Err(Fault::ImageDamaged { image: base.image.name.clone(), why });
        }
    }
    let mut ports = settings.ssh_ports.as_slice();
    loop {
        let port = port_on(machine.address, ports)?;
        let line = arguments(settings, id, &machine, &base, accelerator.kind, port);
        match launch(settings, &folder, &line, port, machine.memory_mib, children) {
            Ok(child) => {
                children.keep([child]);
                return Ok(());
            }
            // Somebody was quicker.
            Err(Fault::PortRefused { .. }) if ports.last() != Some(&port) => {
                let at = ports.iter().position(|&other| other == port).unwrap_or_default();
                ports = &ports[at + 1..];
            }
            Err(fault) => return Err(fault),
        }
    }
}

/// One process, until its monitor answers.
fn launch(
    settings: &Settings,
    folder: &Folder,
    line: &[String],
    port: u16,
    memory_mib: u64,
    children: &Children,
) -> Result<Child, Fault> {
    // A process that began and has not come to its monitor yet: it is looked at again later.
    let Some(hold) = logs::hold(folder)? else { return Err(Fault::MonitorSilent { command: "start" }) };
    let logs = [folder.words(), folder.older_words()];
    for path in [folder.pid(), folder.monitor(), folder.events_in()].into_iter().chain(logs) {
        gone(fs::remove_file(&path), &path)?;
    }
    let mut run = RunRecord {
        started_us: settings.sources.now(),
        boot: record::this_boot(),
        port,
        pid: None,
        console_from: length(&folder.console()),
        ready_after_ms: None,
        panicked: false,
        asked_off_us: None,
        pressed_us: None,
        switched_off: false,
        host_keys: Vec::new(),
    };
    record::write(&folder.run(), &run)?;
    let pipe = folder.events_in();
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
        .map_err(|error| Fault::io(&pipe, error.into()))?;
    let (mut child, keepers) = logs::spawn(settings, folder, hold, line)?;
    children.keep(keepers);
    run.pid = i32::try_from(child.id()).ok();
    record::write(&folder.run(), &run)?;

    let start = Instant::now();
    loop {
        if let Ok(mut monitor) = Monitor::open(&folder.monitor())
            && monitor.status().is_ok()
        {
            return Ok(child);
        }
        let ended = !matches!(child.try_wait(), Ok(None));
        if ended || start.elapsed() > UP_WITHIN {
            if !ended {
                // Its end is certain after SIGKILL; an error says that it came before.
                let _ = child.kill();
                let _ = child.wait();
            }
            logs::await_end(folder, WRITTEN_WITHIN);
            return Err(refusal(folder, port, memory_mib, words(folder), settings, ended));
        }
        std::thread::sleep(PAUSE);
    }
}

/// What QEMU's last words mean.
fn refusal(
    folder: &Folder,
    port: u16,
    memory_mib: u64,
    words: String,
    settings: &Settings,
    ended: bool,
) -> Fault {
    let machine: Option<MachineRecord> = record::read(&folder.record()).unwrap_or_default();
    let lower = words.to_lowercase();
    if lower.contains("host forwarding") {
        let address = machine.map_or(settings.addresses.first, |machine| machine.address);
        Fault::PortRefused { address, ports: vec![port], words }
    } else if lower.contains("cannot allocate memory") || lower.contains("cannot set up guest memory") {
        Fault::MemoryRefused { memory_mib, words }
    } else if lower.contains("no space left") {
        Fault::DiskFull { path: folder.0.clone() }
    } else if lower.contains("no such file") && lower.contains(QEMU.program) {
        QEMU.missing()
    } else if ended {
        Fault::StartFailed { words }
    } else {
        Fault::StartFailed { words: format!("no answer within {} s. {words}", UP_WITHIN.as_secs()) }
    }
}

/// One step of shutting a machine down, to be repeated until it is off: its power button is pressed, again every few
/// seconds, and when it was first pressed `patience` ago, the machine is switched off hard. How it went off; none while it
/// is not. What was asked when is written down, so that anybody goes on with it.
pub(crate) fn shut_down(
    settings: &Settings,
    root: &Root,
    id: &Id,
    patience: Duration,
    children: &Children,
) -> Result<Option<PoweredDown>, Fault> {
    let _lock = Lock::take(&root.machine_lock(id))?;
    let folder = root.machine(id);
    if !folder.record().is_file() {
        return Err(Fault::NotThere { id: id.as_str().to_owned() });
    }
    let Some(mut run) = record::read::<RunRecord>(&folder.run())? else {
        return Ok(Some(PoweredDown::Properly));
    };
    let monitor = match Monitor::open(&folder.monitor()) {
        Ok(monitor) => Some(monitor),
        Err(NoMonitor::Absent) if life(&folder, id, children) == Life::Dead => {
            return Ok(Some(PoweredDown::Properly));
        }
        Err(_) => None,
    };
    let now = settings.sources.now();
    // A time that is still to come is from before the clock was set.
    let since = |at: Option<i64>| at.map(|at| now - at).filter(|since| *since >= 0);
    let asked_for = since(run.asked_off_us).unwrap_or_else(|| {
        run.asked_off_us = Some(now);
        0
    });
    if asked_for >= i64::try_from(patience.as_micros()).unwrap_or(i64::MAX) {
        drop(monitor);
        end(&folder, id, children)?;
        return Ok(Some(PoweredDown::Hard));
    }
    // One that does not answer hears it later, or is switched off hard.
    if since(run.pressed_us).is_none_or(|since| since >= PRESS_AGAIN_US)
        && monitor.is_some_and(|mut monitor| monitor.ask("system_powerdown").is_ok())
    {
        run.pressed_us = Some(now);
    }
    record::write(&folder.run(), &run)?;
    Ok(None)
}

/// Ends a machine's process at once, if there is one. The machine's lock must be held.
pub(crate) fn end(folder: &Folder, id: &Id, children: &Children) -> Result<(), Fault> {
    let is_told = Monitor::open(&folder.monitor()).is_ok_and(|mut monitor| {
        // Whether it was heard shows in what comes.
        let _ = monitor.ask("quit");
        true
    });
    let start = Instant::now();
    // One that does not answer is not asked for long.
    let mut kill_at = if is_told { GONE_WITHIN / 4 } else { Duration::ZERO };
    loop {
        if start.elapsed() >= kill_at {
            kill(folder, id)?;
            kill_at = start.elapsed() + GONE_WITHIN / 4;
        }
        let pid = process(folder, id);
        if life(folder, id, children) == Life::Dead && pid.is_none() {
            break;
        }
        if start.elapsed() > GONE_WITHIN {
            return Err(Fault::WillNotEnd { pid });
        }
        std::thread::sleep(PAUSE);
    }
    for path in [folder.pid(), folder.monitor(), folder.events_in()] {
        gone(fs::remove_file(&path), &path)?;
    }
    Ok(())
}

/// Kills whatever runs in a machine's folder for it: QEMU and what keeps its logs. Each leads a group.
fn kill(folder: &Folder, id: &Id) -> Result<(), Fault> {
    let place = fs::canonicalize(&folder.0).map_err(|error| Fault::io(&folder.0, error))?;
    let entries = fs::read_dir("/proc").map_err(|error| Fault::io("/proc".as_ref(), error))?;
    let name = name_option(id);
    let words = [name.as_bytes(), KEEPER_NAME.as_bytes()];
    let mut pids: Vec<i32> = process(folder, id).into_iter().collect();
    for entry in entries.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let is_ours = line.split(|&b| b == 0).any(|word| words.contains(&word));
        if is_ours && fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd == place) {
            pids.push(pid);
        }
    }
    if pids.is_empty() {
        return Ok(());
    }
    if let Some(mut run) = record::read::<RunRecord>(&folder.run())? {
        run.switched_off = true;
        record::write(&folder.run(), &run)?;
    }
    for pid in pids.into_iter().filter_map(Pid::from_raw) {
        // Gone meanwhile: that is what is wanted.
        let _ = kill_process(pid, Signal::KILL);
        let _ = kill_process_group(pid, Signal::KILL);
    }
    Ok(())
}

/// Removes a machine: process, folder, and with it its address. Nothing there is fine.
pub(crate) fn remove(root: &Root, id: &Id, children: &Children) -> Result<(), Fault> {
    let lock = Lock::take(&root.machine_lock(id))?;
    let folder = root.machine(id);
    if fs::symlink_metadata(&folder.0).is_ok() {
        end(&folder, id, children)?;
        root.removing(id).clear()?;
        let removing = root.removing(id);
        gone(fs::rename(&folder.0, &removing.0), &folder.0)?;
    }
    root.removing(id).clear()?;
    root.making(id).clear()?;
    lock.discard();
    Ok(())
}

/// The reset button. What the console shows from here on counts.
pub(crate) fn reset(settings: &Settings, root: &Root, id: &Id, children: &Children) -> Result<(), Fault> {
    let _lock = Lock::take(&root.machine_lock(id))?;
    let folder = root.machine(id);
    if !folder.record().is_file() {
        return Err(Fault::NotThere { id: id.as_str().to_owned() });
    }
    let Some(mut run) = record::read::<RunRecord>(&folder.run())? else { return Err(Fault::NotRunning) };
    let mut monitor = match Monitor::open(&folder.monitor()) {
        Ok(monitor) => monitor,
        Err(NoMonitor::Absent) if life(&folder, id, children) == Life::Dead => return Err(Fault::NotRunning),
        Err(_) => return Err(Fault::MonitorSilent { command: "system_reset" }),
    };
    monitor.ask("stop")?;
    run.console_from = length(&folder.console());
    run.started_us = settings.sources.now();
    run.ready_after_ms = None;
    run.panicked = false;
    (run.asked_off_us, run.pressed_us) = (None, None);
    record::write(&folder.run(), &run)?;
    monitor.ask("system_reset")?;
    monitor.ask("cont").map(drop)
}
