//! A place that runs sessions, behind one trait. No rules here, as for [`super::Site`]: every call may come twice, from two
//! processes, or after a crash in the middle. Everything made carries the session's id and the operation's that made it, so
//! that it is found again when nothing else is known, and made once.

use super::Finding;
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A place that runs sessions.
#[async_trait]
pub trait SessionSite: Send + Sync {
    /// Its key in the configuration.
    fn key(&self) -> &str;

    /// Its name for people.
    fn title(&self) -> &str;

    /// The names of its nodes.
    fn nodes(&self) -> Vec<String>;

    /// Whether a node has an image; asks nobody else for it.
    async fn find_image(&self, node: &str, reference: &str) -> Result<Option<Image>, Fault>;

    /// Fetches an image to a node, or finds it there. It goes on by itself; asked again, this says how far it is.
    async fn fetch(&self, node: &str, reference: &str, login: Option<Login>) -> Result<Fetch, Fault>;

    /// Starts what is wished for, or finds what this operation started. What ended is not started again.
    async fn start(&self, run: &Run) -> Result<Seen, Fault>;

    /// What is seen of a session.
    async fn look(&self, at: Place<'_>) -> Result<Seen, Fault>;

    /// Asks it to end, and ends it after `grace`.
    async fn stop(&self, at: Place<'_>, grace: Duration) -> Result<Seen, Fault>;

    /// The end of what it said, at most so many bytes of text; empty where there is nothing.
    async fn read_log(&self, at: Place<'_>, most_bytes: usize) -> Result<String, Fault>;

    /// What it uses now; none where it does not run.
    async fn usage(&self, at: Place<'_>) -> Result<Option<Used>, Fault>;

    /// Removes it, running or not, with its log and everything that was made for it. The folders that were given to it
    /// stay. Nothing there is success.
    async fn remove(&self, at: Place<'_>) -> Result<(), Fault>;

    /// Every session at this node that a Skyport made.
    async fn list(&self, node: &str) -> Result<Vec<Found>, Fault>;

    /// What an operator should know of it.
    async fn check(&self) -> Vec<(String, Finding)>;
}

/// Where a session is.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The node.
    pub node: &'a str,
    /// The session's id.
    pub session: &'a str,
}

/// With what an image is got from a private registry.
#[derive(Clone)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password or token.
    pub secret: crate::config::Secret,
}

/// An image that a node has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// What pins it: no tag, which may mean another image tomorrow.
    pub id: String,
    /// Bytes on the node's disk.
    pub size_bytes: u64,
}

/// How a fetch stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetch {
    /// The image is there.
    There(Image),
    /// It goes on.
    Going {
        /// What the site says of it.
        words: Option<String>,
        /// Bytes so far and in all, where they are known.
        bytes: Option<(u64, u64)>,
    },
}

/// A session to start.
#[derive(Debug, Clone)]
pub struct Run {
    /// The session's id.
    pub session: String,
    /// What makes it once.
    pub operation: String,
    /// The node.
    pub node: String,
    /// An [`Image::id`].
    pub image: String,
    /// In place of the image's own command.
    pub command: Option<Vec<String>>,
    /// Names and values.
    pub environment: BTreeMap<String, String>,
    /// The port of its interface.
    pub port: Option<u16>,
    /// Cores.
    pub cores: u32,
    /// MiB.
    pub memory_mib: u64,
    /// Whom it runs as.
    pub uid: u32,
    /// And in which group.
    pub gid: u32,
    /// Folders of this machine.
    pub folders: Vec<Folder>,
}

/// A folder that a session sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Here.
    pub source: PathBuf,
    /// In the session.
    pub target: String,
    /// Whether it may be written.
    pub writable: bool,
}

/// What is seen of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// There is nothing.
    Gone,
    /// It is being made.
    Making,
    /// It runs.
    Running {
        /// Where its interface is, where it has one.
        address: Option<SocketAddr>,
    },
    /// It ended.
    Ended(End),
}

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Its exit code; 128 and the signal's number where a signal ended it.
    pub exit_code: i64,
    /// Whether its memory was used up, or something killed it that nobody here sent.
    pub out_of_memory: bool,
    /// The site's words, where it has any.
    pub words: Option<String>,
}

/// A session that a site has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub session: String,
    /// How it is.
    pub seen: Seen,
}

/// What a session uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// Processor time since it began, in nanoseconds.
    pub cpu_ns: u64,
    /// Bytes.
    pub memory_bytes: u64,
    /// Bytes.
    pub memory_limit_bytes: u64,
}

/// A site said no, or nothing.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{reason:?}{}", words.as_ref().map(|w| format!(": {w}")).unwrap_or_default())]
pub struct Fault {
    /// Our reason.
    pub reason: Reason,
    /// The site's own words, at most 500 characters.
    pub words: Option<String>,
}

impl Fault {
    /// With the site's words.
    pub fn new(reason: Reason, words: impl Into<String>) -> Self {
        Self { reason, words: Some(words.into().chars().take(500).collect()) }
    }
}

/// Why a site said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It does not answer now.
    Unreachable,
    /// The node is not in the configuration any more.
    NoNode,
    /// The image is not there.
    NoImage,
    /// The registry does not give the image to us.
    ImageRefused,
    /// The image's registry does not answer now.
    NoRegistry,
    /// The image is built for another processor.
    WrongProcessor,
    /// The image has no such command.
    NoCommand,
    /// The site's disk is full.
    DiskFull,
    /// Something that is not ours has the session's name.
    Taken,
    /// Something at the site is not set up as it must be, for its operator.
    Broken,
}

impl Reason {
    /// Whether it may pass by itself.
    pub fn is_passing(self) -> bool {
        matches!(self, Self::Unreachable | Self::NoRegistry)
    }
}

/// Whether what a session said last reads as if a disk was full: sites do not say so themselves.
pub fn hints_at_full_disk(text: &str) -> bool {
    ::containers::hints_at_full_disk(text)
}
