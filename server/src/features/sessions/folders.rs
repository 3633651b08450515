//! The folders of sessions: homes, which stay; data, which goes with its session; and what is kept of one that is over.
//!
//! What surprises: in homes and outputs somebody else writes whatever they like while a session runs. So nothing in them is
//! followed that may be a link, and what is left of an output is only read when nobody can change it any more.

use app::features::sessions::model::OutputFile;
use rustix::fs::{Mode, OFlags, ResolveFlags, openat, openat2};
use rustix::io::Errno;
use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, lchown};
use std::path::{Component, Path, PathBuf};

/// Files of an output that are listed.
const MOST_FILES: usize = 1000;
/// Where the home is in every session.
pub(crate) const HOME: &str = "/home/user";
/// Where the data is in every session.
pub(crate) const DATA: &str = "/data";
/// Where what is to be kept of a batch run is written.
pub(crate) const OUTPUT: &str = "/home/user/output";
/// The user of sessions where the portal itself is root.
const NOBODY_HERE: u32 = 60_000;

/// Where sessions' files are, and whose they are inside.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    root: PathBuf,
    /// The user inside of sessions.
    pub(crate) uid: u32,
    /// The group inside of sessions.
    pub(crate) gid: u32,
}

impl Folders {
    /// Under this folder, with this user and group; 0: this process's own, or others where it is root.
    pub(crate) fn new(root: PathBuf, uid: u32, gid: u32) -> Self {
        let own = fs::metadata("/proc/self").ok();
        let or_own = |set: u32, own: Option<u32>| match (set, own) {
            (0, None | Some(0)) => NOBODY_HERE,
            (0, Some(own)) => own,
            (set, _) => set,
        };
        let uid = or_own(uid, own.as_ref().map(Metadata::uid));
        let gid = or_own(gid, own.as_ref().map(Metadata::gid));
        Self { root, uid, gid }
    }

    /// A user's home.
    pub(crate) fn home(&self, owner: &str) -> PathBuf {
        self.root.join("homes").join(owner)
    }

    /// What one session finds in `/data`.
    pub(crate) fn data(&self, session: &str) -> PathBuf {
        self.root.join("data").join(session)
    }

    /// What is kept of a session.
    pub(crate) fn kept(&self, session: &str) -> PathBuf {
        self.root.join("kept").join(session)
    }

    /// Its log.
    pub(crate) fn log(&self, session: &str) -> PathBuf {
        self.kept(session).join("log")
    }

    /// What a batch run left to be downloaded.
    pub(crate) fn output(&self, session: &str) -> PathBuf {
        self.kept(session).join("output")
    }

    /// Makes a user's home, where it is not there.
    pub(crate) fn make_home(&self, owner: &str) -> io::Result<PathBuf> {
        let home = self.home(owner);
        self.make_given(&home)?;
        Ok(home)
    }

    /// Makes the folder of a batch run's output, and the place in its owner's home where it appears.
    pub(crate) fn make_output(&self, session: &str, owner: &str) -> io::Result<PathBuf> {
        let output = self.output(session);
        self.make_given(&output)?;
        // Whatever else has that name in the home is its owner's; the run then says that it could not start.
        match make_one(&self.home(owner).join("output"), 0o700) {
            Ok(true) => lchown(self.home(owner).join("output"), Some(self.uid), Some(self.gid))?,
            Ok(false) => {}
            Err(error) => return Err(error),
        }
        Ok(output)
    }

    /// Makes the folder of what is kept of a session, for this account alone.
    pub(crate) fn make_kept(&self, session: &str) -> io::Result<PathBuf> {
        let kept = self.kept(session);
        make_above(&kept)?;
        make_one(&kept, 0o711)?;
        Ok(kept)
    }

    /// Makes the folder above all data; each session's own comes into it whole.
    pub(crate) fn make_above_data(&self) -> io::Result<PathBuf> {
        let above = self.root.join("data");
        make_above(&above)?;
        make_one(&above, 0o711)?;
        Ok(above)
    }

    /// Lets the session's user read what was put into its data.
    pub(crate) fn open_data(&self, session: &str) -> io::Result<()> {
        let folder = self.data(session);
        let mut all = vec![folder];
        while let Some(path) = all.pop() {
            let is_folder = fs::symlink_metadata(&path)?.is_dir();
            fs::set_permissions(&path, fs::Permissions::from_mode(if is_folder { 0o755 } else { 0o644 }))?;
            if is_folder {
                for entry in fs::read_dir(&path)? {
                    all.push(entry?.path());
                }
            }
        }
        Ok(())
    }

    /// Takes the data of a session for this process alone, as long as the file is held; none while another one has it.
    /// Portals may share the folder. Where its file system knows no locks, nobody is kept away.
    pub(crate) fn hold_data(&self, session: &str) -> io::Result<Option<File>> {
        self.make_above_data()?;
        let lock = File::create(self.data_lock(session))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => match Errno::from_io_error(&error) {
                Some(Errno::NOSYS | Errno::NOLCK | Errno::OPNOTSUPP) => {
                    tracing::warn!(
                        "the folder of sessions knows no locks, so only one portal may use it: {error}"
                    );
                    Ok(Some(lock))
                }
                _ => Err(error),
            },
        }
    }

    fn data_lock(&self, session: &str) -> PathBuf {
        self.root.join("data").join(format!(".{session}.lock"))
    }

    /// The sessions of which something is left of what they found in `/data`, whether they live or not.
    pub(crate) fn list_data(&self) -> io::Result<HashSet<String>> {
        let entries = match fs::read_dir(self.root.join("data")) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(HashSet::new()),
            entries => entries?,
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        Ok(names
            .map(|name| match name.strip_prefix('.').and_then(|name| name.strip_suffix(".lock")) {
                Some(session) => session.to_owned(),
                None => name,
            })
            .collect())
    }

    /// Removes what one session found in `/data`.
    pub(crate) fn remove_data(&self, session: &str) -> io::Result<()> {
        gone(fs::remove_dir_all(self.data(session)))?;
        gone(fs::remove_file(self.data_lock(session)))
    }

    /// A folder that belongs to the user of sessions.
    fn make_given(&self, folder: &Path) -> io::Result<()> {
        make_above(folder)?;
        if make_one(folder, 0o700)? || fs::symlink_metadata(folder)?.uid() != self.uid {
            lchown(folder, Some(self.uid), Some(self.gid))?;
        }
        Ok(())
    }
}

/// Work with files, beside everything else.
pub(crate) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

fn make_above(folder: &Path) -> io::Result<()> {
    let Some(above) = folder.parent() else { return Ok(()) };
    fs::DirBuilder::new().recursive(true).mode(0o711).create(above)
}

/// True where it was made now; what has that name already stays.
fn make_one(folder: &Path, mode: u32) -> io::Result<bool> {
    match fs::DirBuilder::new().mode(mode).create(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// What a folder takes of the disk, in bytes; no link is followed. What goes away meanwhile counts for nothing.
pub(crate) fn size_of(folder: &Path) -> u64 {
    let (mut bytes, mut counted) = (0, HashSet::new());
    let mut all = vec![folder.to_owned()];
    while let Some(folder) = all.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let Ok(found) = entry.path().symlink_metadata() else { continue };
            // A file with several names is one file, and even one without a block is something.
            if found.nlink() > 1 && !found.is_dir() && !counted.insert((found.dev(), found.ino())) {
                continue;
            }
            bytes += found.blocks().max(1) * 512;
            if found.is_dir() {
                all.push(entry.path());
            }
        }
    }
    bytes
}

/// The files of an output, by name; plain ones alone.
pub(crate) fn list_files(folder: &Path) -> Vec<OutputFile> {
    let mut files = Vec::new();
    let mut all = vec![folder.to_owned()];
    while let Some(path) = all.pop() {
        let Ok(entries) = fs::read_dir(&path) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(found) = path.symlink_metadata() else { continue };
            if found.is_dir() {
                all.push(path);
            } else if found.is_file()
                && let Some(name) = path.strip_prefix(folder).ok().and_then(Path::to_str)
            {
                files.push(OutputFile { name: name.to_owned(), bytes: found.len() });
            }
            if files.len() >= MOST_FILES {
                break;
            }
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files.truncate(MOST_FILES);
    files
}

/// Opens a plain file under a folder, reached through plain folders alone; none where there is no such thing. Whoever
/// changes the folder meanwhile leads nowhere else.
pub(crate) fn open_file(folder: &Path, name: &str) -> Option<File> {
    if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let folder = File::open(folder).ok()?;
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let inside = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV;
    let opened = match openat2(&folder, name, flags, Mode::empty(), inside) {
        // An old kernel, or a sandbox that does not know it.
        Err(Errno::NOSYS | Errno::PERM) => open_step_by_step(folder, name),
        opened => opened,
    };
    match opened {
        Ok(file) => Some(File::from(file)).filter(|file| file.metadata().is_ok_and(|found| found.is_file())),
        Err(Errno::NOENT | Errno::LOOP | Errno::NOTDIR | Errno::XDEV | Errno::NXIO) => None,
        Err(error) => {
            tracing::warn!("a file of an output could not be opened: {error}");
            None
        }
    }
}

/// The same through one folder after the other, none of them a link.
fn open_step_by_step(folder: File, name: &str) -> rustix::io::Result<OwnedFd> {
    let mut at = OwnedFd::from(folder);
    let mut parts = Path::new(name).components().peekable();
    while let Some(part) = parts.next() {
        let kind = if parts.peek().is_some() { OFlags::DIRECTORY } else { OFlags::NONBLOCK };
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | kind;
        at = openat(&at, part.as_os_str(), flags, Mode::empty())?;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::{Folders, open_file, open_step_by_step, size_of};
    use std::fs::{self, File};
    use std::os::unix::fs::symlink;

    #[test]
    fn a_file_is_opened_through_plain_folders_alone() {
        let place = tempfile::tempdir().unwrap();
        let output = place.path().join("output");
        fs::create_dir_all(output.join("deep")).unwrap();
        fs::write(output.join("deep/a.txt"), "a").unwrap();
        fs::write(place.path().join("secret"), "s").unwrap();
        symlink(place.path().join("secret"), output.join("link")).unwrap();
        symlink(place.path(), output.join("above")).unwrap();
        symlink("deep", output.join("inside")).unwrap();
        let by_steps = |name: &str| {
            let opened = open_step_by_step(File::open(&output).unwrap(), name).ok().map(File::from);
            opened.is_some_and(|file| file.metadata().unwrap().is_file())
        };
        assert!(open_file(&output, "deep/a.txt").is_some() && by_steps("deep/a.txt"));
        for none in
            ["link", "above/secret", "inside/a.txt", "../secret", "deep", "", "/etc/passwd", "nothing"]
        {
            assert!(open_file(&output, none).is_none(), "{none}");
            // Names that lead out go no further than the check before either.
            assert!(none.starts_with(['.', '/']) || !by_steps(none), "{none}");
        }
    }

    #[test]
    fn a_file_with_two_names_is_counted_once() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("a"), vec![1; 100_000]).unwrap();
        let one = size_of(place.path());
        fs::hard_link(place.path().join("a"), place.path().join("b")).unwrap();
        assert_eq!(size_of(place.path()), one);
        fs::write(place.path().join("empty"), "").unwrap();
        assert!(size_of(place.path()) > one, "however small, it is something");
    }

    #[test]
    fn data_is_held_by_one() {
        let place = tempfile::tempdir().unwrap();
        let folders = Folders::new(place.path().to_owned(), 0, 0);
        let held = folders.hold_data("a").unwrap();
        assert!(held.is_some() && folders.hold_data("a").unwrap().is_none());
        assert!(folders.hold_data("b").unwrap().is_some());
        drop(held);
        assert!(folders.hold_data("a").unwrap().is_some());
        fs::create_dir(folders.data("c")).unwrap();
        assert_eq!(folders.list_data().unwrap(), ["a", "b", "c"].map(str::to_owned).into());
        folders.remove_data("a").unwrap();
        folders.remove_data("a").unwrap();
        assert_eq!(folders.list_data().unwrap(), ["b", "c"].map(str::to_owned).into());
    }
}
