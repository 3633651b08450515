//! What can go wrong, with the facts.

use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

/// A [`Host`](crate::Host) cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A program is not there.
    #[error("The program {program} is missing. On Debian and Ubuntu: apt-get install {package}")]
    ToolMissing {
        /// The program.
        program: &'static str,
        /// The package that brings it.
        package: &'static str,
    },
    /// A folder cannot be made or used.
    #[error("The folder {} cannot be used", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Sockets in it would have names that the system does not take.
    #[error("The path {} is too long for the machines' sockets: it may have {most} bytes", path.display())]
    PathTooLong {
        /// The folder.
        path: PathBuf,
        /// Bytes that it may have.
        most: usize,
    },
    /// The settings contradict themselves.
    #[error("{what}: {why}")]
    Setting {
        /// Which one.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

/// An operation on a machine failed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// An id that is not 24 letters and digits.
    #[error("{id:?} is no machine's id: 24 letters and digits are")]
    BadId {
        /// What was given.
        id: String,
    },
    /// There is no such machine.
    #[error("there is no machine {id}")]
    NotThere {
        /// Its id.
        id: String,
    },
    /// The machine is off, so that it cannot be told anything.
    #[error("the machine is off")]
    NotRunning,
    /// Something in the specification is impossible.
    #[error("{what}: {why}")]
    BadSpec {
        /// Which part.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The user data cannot be used.
    #[error("the user data cannot be used: {why}")]
    BadUserData {
        /// Why not.
        why: String,
    },
    /// A program is not there.
    #[error("the program {program} is missing. On Debian and Ubuntu: apt-get install {package}")]
    ToolMissing {
        /// The program.
        program: &'static str,
        /// The package that brings it.
        package: &'static str,
    },
    /// A program failed.
    #[error("{program} failed: {words}")]
    ToolFailed {
        /// The program.
        program: &'static str,
        /// Its last words.
        words: String,
    },
    /// There is no such image.
    #[error("there is no image {image}")]
    ImageMissing {
        /// Its name.
        image: String,
    },
    /// The image's file is not what its description says.
    #[error("the image {image} is damaged: {why}")]
    ImageDamaged {
        /// Its name.
        image: String,
        /// What is wrong.
        why: String,
    },
    /// All addresses are taken.
    #[error("no address is free between {first} and {last}")]
    NoFreeAddress {
        /// The first of the range.
        first: Ipv4Addr,
        /// The last of the range.
        last: Ipv4Addr,
    },
    /// None of the ports can be had.
    #[error("no port for ssh can be had on {address} (tried {ports:?}): {words}")]
    PortRefused {
        /// The machine's address.
        address: Ipv4Addr,
        /// The ports that were tried.
        ports: Vec<u16>,
        /// The system's words.
        words: String,
    },
    /// The disk of this machine is full.
    #[error("the disk is full at {}", path.display())]
    DiskFull {
        /// Where.
        path: PathBuf,
    },
    /// The memory could not be had.
    #[error("{memory_mib} MiB of memory could not be had: {words}")]
    MemoryRefused {
        /// How much was wanted.
        memory_mib: u64,
        /// QEMU's words.
        words: String,
    },
    /// QEMU ended at once.
    #[error("QEMU did not start: {words}")]
    StartFailed {
        /// Its last words.
        words: String,
    },
    /// QEMU runs and does not answer.
    #[error("QEMU does not answer to {command}")]
    MonitorSilent {
        /// What was asked.
        command: &'static str,
    },
    /// QEMU refused a command.
    #[error("QEMU refused {command}: {words}")]
    MonitorRefused {
        /// What was asked.
        command: &'static str,
        /// Its words.
        words: String,
    },
    /// It does not end, whatever is done.
    #[error("the process {pid:?} of the machine does not end")]
    WillNotEnd {
        /// Its process id.
        pid: Option<i32>,
    },
    /// Another process is at this machine for too long.
    #[error("another process has been busy with the machine for {waited_s} s")]
    Busy {
        /// Seconds.
        waited_s: u64,
    },
    /// A record cannot be read.
    #[error("{} is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A file or folder cannot be used.
    #[error("{} cannot be used", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The work was cut off, as when the process stops.
    #[error("the work was cut off")]
    CutOff,
}

impl Fault {
    /// A fault of the file system at a path.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::StorageFull {
            return Self::DiskFull { path: path.to_owned() };
        }
        Self::Io { path: path.to_owned(), source }
    }
}
