//! What is wished for: one container.

use crate::fault::Fault;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The label that says which operation made a container or a network.
pub const OPERATION_LABEL: &str = "containers.operation";

/// What a container may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Network {
    /// Nothing: who reaches its interface is answered, and that is all.
    #[default]
    Closed,
    /// What its machine reaches outside, by address translation. Not the machine's loopback, not other containers.
    Open,
}

/// How a folder is mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To be read alone.
    Read,
    /// To be read and written.
    Write,
}

/// A folder of this machine in the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// The folder here. It must be there.
    pub source: PathBuf,
    /// Where it appears.
    pub target: String,
    /// How.
    pub access: Access,
}

/// What a container may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Thousandths of a core.
    pub cores_milli: u32,
    /// Memory, MiB; nothing is swapped. What is in scratch folders counts.
    pub memory_mib: u64,
    /// Processes and threads.
    pub pids: u32,
    /// Open files of one process.
    pub open_files: u32,
    /// Processes of its user. The kernel counts them over all containers in which that user has the same id outside, so
    /// this is no limit of the container: that is `pids`.
    pub user_processes: u32,
    /// Each scratch folder's size, MiB.
    pub scratch_mib: u64,
    /// What is written to its own root, MiB, where that is not read-only. Only engines whose storage has quotas (XFS)
    /// can; others refuse with [`Fault::DiskLimitUnsupported`].
    pub root_mib: Option<u64>,
    /// What it says that is kept, MiB; the oldest is dropped.
    pub log_mib: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cores_milli: 1000,
            memory_mib: 512,
            pids: 512,
            open_files: 4096,
            user_processes: 16_384,
            scratch_mib: 64,
            root_mib: None,
            log_mib: 16,
        }
    }
}

/// A container as it should be. [`Wish::of`] is the strictest one; each field may be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Its name and its network's at the engine: 1 to 60 of `a-z0-9-`, a letter or digit first.
    pub name: String,
    /// What makes this wish this one and not another of the same name; kept in [`OPERATION_LABEL`].
    pub operation: String,
    /// The image: its id (`sha256:…`) or a reference with a digest. A tag may mean another image tomorrow and is refused.
    pub image: String,
    /// Instead of the image's own command.
    pub command: Option<Vec<String>>,
    /// Added to the image's own.
    pub environment: BTreeMap<String, String>,
    /// Whom it runs as.
    pub uid: u32,
    /// And in which group.
    pub gid: u32,
    /// Labels to find it by.
    pub labels: BTreeMap<String, String>,
    /// What it may use.
    pub limits: Limits,
    /// Folders of this machine.
    pub mounts: Vec<Mount>,
    /// Folders in memory that everybody in it may write to; where the image has such a folder, `runc` 1.1 keeps its mode.
    pub scratch: Vec<String>,
    /// Nothing but mounts and scratch can be written.
    pub read_only_root: bool,
    /// Capabilities that are left, as in `NET_BIND_SERVICE`; all others are dropped.
    pub capabilities: Vec<String>,
    /// What it may reach.
    pub network: Network,
    /// The port of its interface.
    pub port: Option<u16>,
    /// Its users are others outside: root in it is nobody here. Written mounts are given to these others when it starts
    /// (their owner changes), which takes time where there are many files.
    pub own_ids: bool,
    /// A first process that hands on signals and buries the dead. With it a command that is missing is no
    /// [`Fault::CommandMissing`] but an end, with words in the log.
    pub init: bool,
}

impl Wish {
    /// The strictest wish: no capability, nothing to write but scratch, nothing to reach.
    pub fn of(name: &str, operation: &str, image: &str) -> Self {
        Self {
            name: name.to_owned(),
            operation: operation.to_owned(),
            image: image.to_owned(),
            command: None,
            environment: BTreeMap::new(),
            uid: 1000,
            gid: 1000,
            labels: BTreeMap::new(),
            limits: Limits::default(),
            mounts: Vec::new(),
            scratch: ["/tmp", "/var/tmp", "/run"].map(str::to_owned).to_vec(),
            read_only_root: true,
            capabilities: Vec::new(),
            network: Network::Closed,
            port: None,
            own_ids: false,
            init: true,
        }
    }

    /// Whether everything in it can be meant.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        let bad = |what, why: &str| Err(Fault::BadWish { what, why: why.to_owned() });
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if self.name.is_empty()
            || self.name.len() > 60
            || !self.name.bytes().all(plain)
            || self.name.starts_with('-')
        {
            return bad("name", "must be 1 to 60 of a-z, 0-9 and -, a letter or digit first");
        }
        if self.operation.is_empty() {
            return bad("operation", "must not be empty");
        }
        if !self.image.contains("sha256:") {
            return bad("image", "must be an id or have a digest: a tag may mean another image tomorrow");
        }
        let limits = &self.limits;
        // The engines refuse less than 6 MB, and quota of the processor under a thousandth of a second.
        if limits.memory_mib < 6 || limits.cores_milli < 10 || limits.pids == 0 || limits.open_files < 16 {
            return bad(
                "limits",
                "are too small: at least 6 MiB, 10 thousandths of a core, 1 process, 16 files",
            );
        }
        let absolute = |path: &str| path.starts_with('/') && !path.contains([':', ',', '\0']) && path != "/";
        if !self.scratch.iter().all(|path| absolute(path)) {
            return bad("scratch", "must be absolute paths without : and ,");
        }
        for mount in &self.mounts {
            let source = mount.source.to_str().unwrap_or_default();
            if !absolute(source) || !absolute(&mount.target) {
                return bad("mounts", "must be absolute paths of plain text without : and ,");
            }
        }
        let word = |b: u8| b.is_ascii_uppercase() || b == b'_';
        if !self.capabilities.iter().all(|name| !name.is_empty() && name != "ALL" && name.bytes().all(word)) {
            return bad("capabilities", "must be names as in NET_BIND_SERVICE, and not ALL");
        }
        let named = |key: &String| !key.is_empty() && !key.contains(['=', '\0']);
        if !self.environment.keys().all(named) || self.environment.values().any(|value| value.contains('\0'))
        {
            return bad("environment", "names must not be empty or hold =, and nothing may hold a zero byte");
        }
        if self.labels.contains_key(OPERATION_LABEL) {
            return bad("labels", "the operation's label is not the caller's");
        }
        Ok(())
    }
}
