//! Starting and ending QEMU, and telling whether it lives.
//!
//! Life is asked of the monitor's socket. A process id alone tells nothing: it may be another's by now, or a zombie that
//! nobody has fetched.

use crate::accelerator::Accelerator;
use crate::address::port_on;
use crate::command::{arguments, name_option};
use crate::events::read_from;
use crate::fault::Fault;
use crate::folder::{Folder, Root, gone, length};
use crate::id::Id;
use crate::image;
use crate::lock::Lock;
use crate::qmp::{Monitor, NoMonitor};
use crate::record::{self, MachineRecord, RunRecord};
use crate::settings::Settings;
use crate::tool::{QEMU, SETSID, last_words};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// From the process to an answering monitor; 0.12 s where nothing else runs.
const UP_WITHIN: Duration = Duration::from_secs(30);
/// From `quit` or SIGKILL to the end.
const GONE_WITHIN: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);

/// The processes that this process started, so that their ends are fetched.
#[derive(Debug, Default)]
pub(crate) struct Children(Mutex<Vec<Child>>);

impl Children {
    /// Fetches the ends of those that ended.
    pub(crate) fn reap(&self) {
        let mut children = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        children.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
    }

    fn keep(&self, child: Child) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(child);
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
        Err(NoMonitor::Absent) if process(folder, id).is_some() => Life::Silent,
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
        match launch(settings, &folder, &line, port, machine.memory_mib) {
            Ok(child) => {
                children.keep(child);
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
) -> Result<Child, Fault> {
    for path in [folder.pid(), folder.monitor(), folder.events_in()] {
        gone(fs::remove_file(&path), &path)?;
    }
    let mut run = RunRecord {
        started_us: settings.sources.now(),
        boot: record::this_boot(),
        port,
        pid: None,
        console_from: length(&folder.console()),
        events_from: length(&folder.events()),
        words_from: length(&folder.words()),
        ready_after_ms: None,
        panicked: false,
        host_keys: Vec::new(),
    };
    record::write(&folder.run(), &run)?;
    let mut child = spawn(settings, folder, line)?;
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
            let words = last_words(&read_from(&folder.words(), run.words_from));
            return Err(refusal(folder, port, memory_mib, words, settings, ended));
        }
        std::thread::sleep(PAUSE);
    }
}

/// In a session of its own, so that nothing that ends this process or its group ends the machine.
fn spawn(settings: &Settings, folder: &Folder, line: &[String]) -> Result<Child, Fault> {
    let io = |path: std::path::PathBuf| move |error| Fault::io(&path, error);
    let pipe = folder.events_in();
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
        .map_err(|error| Fault::io(&pipe, error.into()))?;
    // Open for both: it never ends, although nobody else has it open. The one line switches the events on.
    let mut input = File::options().read(true).write(true).open(&pipe).map_err(io(pipe))?;
    input.write_all(b"{\"execute\":\"qmp_capabilities\"}\n").map_err(io(folder.events_in()))?;
    let log = |path: std::path::PathBuf| {
        File::options().create(true).append(true).mode(0o600).open(&path).map_err(io(path))
    };
    // Made here, so that nobody else may read what the console shows.
    log(folder.console())?;
    Command::new(SETSID.program)
        .args(["nice", "-n", &settings.nice.to_string(), QEMU.program])
        .args(line)
        // The portal's environment may hold its secrets, and this outlives it.
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .current_dir(&folder.0)
        .stdin(input)
        .stdout(Stdio::from(log(folder.events())?))
        .stderr(Stdio::from(log(folder.words())?))
        .spawn()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => SETSID.missing(),
            _ => Fault::StartFailed { words: error.to_string() },
        })
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

/// Ends a machine's process at once, if there is one. The machine's lock must be held.
pub(crate) fn end(folder: &Folder, id: &Id, children: &Children) -> Result<(), Fault> {
    if let Ok(mut monitor) = Monitor::open(&folder.monitor()) {
        // Whether it was heard shows in what comes.
        let _ = monitor.ask("quit");
    }
    let start = Instant::now();
    let mut killed = false;
    loop {
        let pid = process(folder, id);
        if life(folder, id, children) == Life::Dead && pid.is_none() {
            break;
        }
        if !killed && start.elapsed() > GONE_WITHIN / 4 {
            if let Some(pid) = pid.and_then(Pid::from_raw) {
                // Gone meanwhile: that is what is wanted.
                let _ = kill_process(pid, Signal::KILL);
            }
            killed = true;
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
        Err(_) if life(&folder, id, children) == Life::Dead => return Err(Fault::NotRunning),
        Err(_) => return Err(Fault::MonitorSilent { command: "system_reset" }),
    };
    monitor.ask("stop")?;
    run.console_from = length(&folder.console());
    run.started_us = settings.sources.now();
    run.ready_after_ms = None;
    run.panicked = false;
    record::write(&folder.run(), &run)?;
    monitor.ask("system_reset")?;
    monitor.ask("cont").map(drop)
}
