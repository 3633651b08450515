//! Locks between processes and threads: a file for each machine, one for the addresses.

use crate::fault::Fault;
use std::fs::{self, File, TryLockError};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long one waits for another that is at the same machine.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

/// Held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Waits for the lock.
    pub(crate) fn take(path: &Path) -> Result<Self, Fault> {
        let start = Instant::now();
        loop {
            if let Some(lock) = Self::try_take(path)? {
                return Ok(lock);
            }
            if start.elapsed() > PATIENCE {
                return Err(Fault::Busy { waited_s: PATIENCE.as_secs() });
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// The lock, or none where another has it.
    pub(crate) fn try_take(path: &Path) -> Result<Option<Self>, Fault> {
        let io = |error| Fault::io(path, error);
        let file = File::options().create(true).append(true).open(path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        // Its last holder may have removed the file between our opening and locking it: then it is nobody's any more.
        let ours = file.metadata().map_err(io)?.ino();
        let there = fs::metadata(path).map(|found| found.ino()).ok();
        Ok((there == Some(ours)).then(|| Self { path: path.to_owned(), _file: file }))
    }

    /// Lets go and removes the file: nobody needs it any more.
    pub(crate) fn discard(self) {
        // Where it cannot be removed, an empty file stays, and no harm.
        let _ = fs::remove_file(&self.path);
    }
}
