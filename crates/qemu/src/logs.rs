//! How a machine's process is begun, so that what it says is bounded although nobody may be there to read it, and so that
//! no second one can be there beside it.
//!
//! **Bounded.** A guest says what it likes to its console, and can make QEMU talk. So neither writes into a file: two
//! pipes lead to a keeper each, a shell with `cat` under a limit for the size of files, which puts the log aside when it
//! is full and begins anew. They need nobody, and end with the process whose words they keep. At most there is
//! `<log>.log` and `<log>.old`, 1 MiB each. A limit for QEMU itself would stop its disk from growing.
//!
//! **One.** The file `hold` is locked (flock) before the process is begun; the open file is handed down to it and to its
//! keepers, and nobody else keeps it. So the lock is there from before there is a process until after the last one that
//! wrote a log has ended, whatever becomes of the starter.

use crate::fault::Fault;
use crate::folder::Folder;
use crate::settings::Settings;
use crate::tool::{QEMU, SETSID};
use std::fs::{File, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The descriptor at which QEMU finds the way to its console's keeper.
pub(crate) const CONSOLE: u8 = 8;

/// Keeps what comes at its standard input in `$1.log`. Where nothing can be kept it still reads, so that nobody waits for
/// it. The lock comes as its standard output. 2048 blocks of 512 bytes (POSIX, ulimit) are a MiB; a write beyond them is
/// told as a fault when the signal is ignored.
const KEEPER: &str = r#"exec 9>&1 >/dev/null
trap '' XFSZ
ulimit -f 2048
umask 077
until cat >>"$1.log"; do
    mv -f "$1.log" "$1.old" || { cat >/dev/null; break; }
done"#;
/// Becomes QEMU. The lock comes as its standard input, the console's pipe as its standard error. The pipe that is its
/// input is open for both, so that it never ends although nobody else has it open; the one line switches the events on.
const STARTER: &str = r#"exec 9<&0 8>&2 2>&1 0<>events.in
printf '{"execute":"qmp_capabilities"}\n' >&0
exec "$@""#;
/// A look at the lock takes it for a moment.
const LOOKS_END_WITHIN: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(5);

/// How a keeper's process is known to be one.
pub(crate) const KEEPER_NAME: &str = "keep-log";

/// Whether a process of this machine lives.
pub(crate) fn is_held(folder: &Folder) -> bool {
    let Ok(file) = File::open(folder.hold()) else { return false };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Waits until no process of this machine lives, and so until all that it said is written; false where one still does.
pub(crate) fn await_end(folder: &Folder, patience: Duration) -> bool {
    let start = Instant::now();
    while is_held(folder) {
        if start.elapsed() > patience {
            return false;
        }
        std::thread::sleep(PAUSE);
    }
    true
}

/// The lock, to be handed down. None where a process of this machine lives.
pub(crate) fn hold(folder: &Folder) -> Result<Option<File>, Fault> {
    let path = folder.hold();
    let io = |error| Fault::io(&path, error);
    let options = File::options().create(true).append(true).read(true).mode(0o600).clone();
    let file = options.open(&path).map_err(io)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) if start.elapsed() > LOOKS_END_WITHIN => return Ok(None),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
    }
}

/// QEMU and its keepers, each in a session of its own, so that nothing that ends this process or its group ends them.
pub(crate) fn spawn(
    settings: &Settings,
    folder: &Folder,
    hold: File,
    line: &[String],
) -> Result<(Child, [Child; 2]), Fault> {
    let io = |error| Fault::io(&folder.hold(), error);
    let begin = |words: &[&str]| {
        let mut command = Command::new(SETSID.program);
        // The portal's environment may hold its secrets, and this outlives it.
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.args(["sh", "-c"]).args(words).current_dir(&folder.0);
        command
    };
    let run = |mut command: Command| {
        command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => SETSID.missing(),
            _ => Fault::StartFailed { words: error.to_string() },
        })
    };
    let keeper = |log: &str| {
        let (reader, writer) = std::io::pipe().map_err(io)?;
        let mut command = begin(&[KEEPER, KEEPER_NAME, log]);
        command.stdin(reader).stdout(hold.try_clone().map_err(io)?).stderr(Stdio::null());
        Ok::<_, Fault>((run(command)?, writer))
    };
    let (console_keeper, console) = keeper("console")?;
    let (words_keeper, words) = keeper("qemu")?;
    let mut command = begin(&[STARTER, "start-machine"]);
    command.args(["nice", "-n", &settings.nice.to_string(), QEMU.program]).args(line);
    command.stdin(hold).stdout(words).stderr(console);
    Ok((run(command)?, [console_keeper, words_keeper]))
}

#[cfg(test)]
mod tests;
