//! A folder of TOML files: one entry each, named after its file.

use super::super::entry::{Entry, FileFault, read_file};
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Larger files are none of ours.
const LARGEST_BYTES: u64 = 256 * 1024;

/// The folder cannot be looked at.
#[derive(Debug, thiserror::Error)]
#[error(
    "The folder of software {path} cannot be read. Check [software] folder, and that Skyport may look into it"
)]
pub struct FolderError {
    path: String,
    source: std::io::Error,
}

/// What tells that a file was written again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    /// Files are also put in place of others: number and time of the change on Unix.
    place: (u64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let place = {
            use std::os::unix::fs::MetadataExt as _;
            (metadata.ino(), metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec())
        };
        #[cfg(not(unix))]
        let place = (0, 0);
        Self { modified: metadata.modified().ok(), bytes: metadata.len(), place }
    }
}

struct File {
    stamp: Stamp,
    /// The last one that could be read.
    entry: Option<Arc<Entry>>,
    faults: Vec<FileFault>,
}

/// The folder and what was last seen in it.
pub(super) struct Folder {
    path: PathBuf,
    files: BTreeMap<String, File>,
}

impl Folder {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), files: BTreeMap::new() }
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.files.values().filter_map(|file| file.entry.as_ref())
    }

    pub(super) fn faults(&self) -> impl Iterator<Item = &FileFault> {
        self.files.values().flat_map(|file| &file.faults)
    }

    /// Reads what is new or was changed, and forgets what is gone. True where anything is different now.
    pub(super) fn look(&mut self) -> Result<bool, FolderError> {
        let fault = |source| FolderError { path: self.path.display().to_string(), source };
        let mut seen = BTreeMap::new();
        for item in std::fs::read_dir(&self.path).map_err(fault)? {
            let item = item.map_err(fault)?;
            let Ok(file) = item.file_name().into_string() else { continue };
            // Editors keep copies beside the file under a name with a dot.
            let Some(name) = file.strip_suffix(".toml").filter(|name| !name.starts_with('.')) else {
                continue;
            };
            // Through a link, as a mounted configuration has them. A file that is gone again is no fault.
            let Ok(metadata) = std::fs::metadata(item.path()) else { continue };
            if metadata.is_file() {
                seen.insert(name.to_owned(), Stamp::of(&metadata));
            }
        }
        let before = self.files.len();
        self.files.retain(|name, _| seen.contains_key(name));
        let mut changed = self.files.len() != before;
        for (name, stamp) in seen {
            if self.files.get(&name).is_none_or(|file| file.stamp != stamp) {
                let last = self.files.remove(&name).and_then(|file| file.entry);
                let file = read(&self.path, &name, stamp, last);
                self.files.insert(name, file);
                changed = true;
            }
        }
        Ok(changed)
    }
}

/// Reads a file; where it is broken says so in the log, once for each time it is written, and keeps the last good one.
fn read(folder: &Path, name: &str, stamp: Stamp, last: Option<Arc<Entry>>) -> File {
    let path = folder.join(format!("{name}.toml"));
    let shown = path.display().to_string();
    let unread =
        |reason: String| vec![FileFault { file: shown.clone(), line: None, key: String::new(), reason }];
    let read = if stamp.bytes > LARGEST_BYTES {
        Err(unread(format!("is larger than {} KiB", LARGEST_BYTES / 1024)))
    } else {
        match std::fs::read_to_string(&path) {
            Ok(text) => read_file(name, &shown, &text),
            Err(error) => Err(unread(format!("cannot be read: {error}"))),
        }
    };
    match read {
        Ok(entry) => File { stamp, entry: Some(Arc::new(entry)), faults: Vec::new() },
        Err(faults) => {
            let kept = if last.is_some() { "its last good version stays" } else { "it is left out" };
            for fault in &faults {
                tracing::warn!(software.entry = name, "{fault}; {kept}");
            }
            File { stamp, entry: last, faults }
        }
    }
}
