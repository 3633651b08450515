//! Where everything of a machine lies.
//!
//! `<machines>/<id>/` is the machine. It is made as `.new-<id>` and gets its name when it is whole; it is removed as
//! `.gone-<id>`. So a folder under an id is never half of one, whenever its maker was stopped.

use crate::fault::Fault;
use crate::id::Id;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The folder of all machines.
#[derive(Debug, Clone)]
pub(crate) struct Root(pub(crate) PathBuf);

/// The longest name of a socket in a machine's folder.
pub(crate) const MONITOR: &str = "qmp.sock";

impl Root {
    pub(crate) fn machine(&self, id: &Id) -> Folder {
        Folder(self.0.join(id.as_str()))
    }

    pub(crate) fn making(&self, id: &Id) -> Folder {
        Folder(self.0.join(format!(".new-{}", id.as_str())))
    }

    pub(crate) fn removing(&self, id: &Id) -> Folder {
        Folder(self.0.join(format!(".gone-{}", id.as_str())))
    }

    pub(crate) fn locks(&self) -> PathBuf {
        self.0.join(".locks")
    }

    pub(crate) fn machine_lock(&self, id: &Id) -> PathBuf {
        self.locks().join(id.as_str())
    }

    pub(crate) fn addresses_lock(&self) -> PathBuf {
        self.locks().join("addresses")
    }

    pub(crate) fn accelerator_lock(&self) -> PathBuf {
        self.locks().join("accelerator")
    }

    pub(crate) fn accelerator(&self) -> PathBuf {
        self.0.join("accelerator.json")
    }

    /// Where is written which image files have been compared with their checksums.
    pub(crate) fn checked(&self) -> PathBuf {
        self.0.join(".checked")
    }

    /// All whole machines, in the order of their ids.
    pub(crate) fn ids(&self) -> Result<Vec<Id>, Fault> {
        let io = |error| Fault::io(&self.0, error);
        let mut ids = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(io)? {
            let name = entry.map_err(io)?.file_name();
            if let Some(Ok(id)) = name.to_str().map(Id::parse)
                && self.machine(&id).record().is_file()
            {
                ids.push(id);
            }
        }
        ids.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        Ok(ids)
    }
}

/// One machine's folder.
#[derive(Debug, Clone)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn record(&self) -> PathBuf {
        self.0.join("machine.json")
    }
    pub(crate) fn run(&self) -> PathBuf {
        self.0.join("run.json")
    }
    pub(crate) fn console(&self) -> PathBuf {
        self.0.join("console.log")
    }
    /// What the console showed before that.
    pub(crate) fn older_console(&self) -> PathBuf {
        self.0.join("console.old")
    }
    /// What QEMU said in this run: its monitor's events, each a line of JSON, and its own words.
    pub(crate) fn words(&self) -> PathBuf {
        self.0.join("qemu.log")
    }
    /// What it said before that.
    pub(crate) fn older_words(&self) -> PathBuf {
        self.0.join("qemu.old")
    }
    /// Locked as long as a process of this machine lives.
    pub(crate) fn hold(&self) -> PathBuf {
        self.0.join("hold")
    }
    pub(crate) fn monitor(&self) -> PathBuf {
        self.0.join(MONITOR)
    }
    /// A pipe that nobody writes to any more: the input of the monitor that tells events.
    pub(crate) fn events_in(&self) -> PathBuf {
        self.0.join("events.in")
    }
    pub(crate) fn pid(&self) -> PathBuf {
        self.0.join("pid")
    }

    /// Removes it with everything in it; nothing there is fine.
    pub(crate) fn clear(&self) -> Result<(), Fault> {
        gone(fs::remove_dir_all(&self.0), &self.0)
    }
}

/// Bytes of a file; 0 where there is none.
pub(crate) fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

/// Takes "not there" for done.
pub(crate) fn gone(result: std::io::Result<()>, path: &Path) -> Result<(), Fault> {
    match result {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Fault::io(path, error)),
        _ => Ok(()),
    }
}
