//! What can go wrong, with the facts.

use std::path::PathBuf;

/// An operation failed. Each says what is wrong; the texts of the engine are in `words`.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Nothing is at the socket's path.
    #[error("there is no container engine at {}: start one, for Podman: systemctl start podman.socket", socket.display())]
    SocketMissing {
        /// The socket.
        socket: PathBuf,
    },
    /// The socket belongs to somebody else.
    #[error("the container engine's socket {} may not be used by this user", socket.display())]
    NotAllowed {
        /// The socket.
        socket: PathBuf,
    },
    /// The socket is there and nobody answers, or the engine went away in the middle of an answer.
    #[error("the container engine at {} is gone: {words}", socket.display())]
    Gone {
        /// The socket.
        socket: PathBuf,
        /// The system's words.
        words: String,
    },
    /// It took too long.
    #[error("the container engine did not {asked} within {waited_s} s")]
    Silent {
        /// What was asked.
        asked: &'static str,
        /// Seconds.
        waited_s: u64,
    },
    /// What answers is no engine that can be used.
    #[error("the container engine {version} is too old: {needs} is needed")]
    TooOld {
        /// Its version, as it says it.
        version: String,
        /// What is needed.
        needs: &'static str,
    },
    /// Something in the wish is impossible.
    #[error("{what}: {why}")]
    BadWish {
        /// Which part.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The image is not here, or not where it was looked for.
    #[error("there is no image {image}")]
    ImageMissing {
        /// Its reference.
        image: String,
    },
    /// The registry wants to know who asks, or does not give it to them.
    #[error("the registry does not give out {image}: {words}")]
    ImageRefused {
        /// Its reference.
        image: String,
        /// The engine's words.
        words: String,
    },
    /// The registry cannot be reached.
    #[error("the registry of {image} cannot be reached: {words}")]
    RegistryUnreachable {
        /// Its reference.
        image: String,
        /// The engine's words.
        words: String,
    },
    /// Another operation's container or network has this name.
    #[error("the name {name} is taken by something that this operation did not make")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// There is no such container.
    #[error("there is no container {name}")]
    NotThere {
        /// Its name.
        name: String,
    },
    /// A port of this machine is taken.
    #[error("the port of the interface cannot be had: {words}")]
    PortTaken {
        /// The engine's words.
        words: String,
    },
    /// A folder that should be mounted is not there.
    #[error("a folder to mount is not there: {words}")]
    MountMissing {
        /// The engine's words.
        words: String,
    },
    /// The image has no such program, or it cannot be run.
    #[error("the command cannot be run in this image: {words}")]
    CommandMissing {
        /// The engine's words.
        words: String,
    },
    /// The limits of open files or processes are above what the engine itself has.
    #[error("the engine may not give so many open files or processes: {words}")]
    LimitRefused {
        /// The engine's words.
        words: String,
    },
    /// The engine cannot limit the disk of a container here.
    #[error("the engine cannot limit a container's disk here: {words}")]
    DiskLimitUnsupported {
        /// The engine's words.
        words: String,
    },
    /// No ids are left for a user namespace.
    #[error(
        "the engine has no ids for a user namespace: give the user `containers` some in /etc/subuid and /etc/subgid"
    )]
    NoIds,
    /// No addresses are left for a network.
    #[error("the engine has no addresses left for a network: {words}")]
    NoAddresses {
        /// The engine's words.
        words: String,
    },
    /// The disk of the engine is full.
    #[error("the disk of the container engine is full: {words}")]
    DiskFull {
        /// The engine's words.
        words: String,
    },
    /// The engine refused for another reason.
    #[error("the container engine did not {asked} (status {status}): {words}")]
    Refused {
        /// What was asked.
        asked: &'static str,
        /// The HTTP status.
        status: u16,
        /// Its words.
        words: String,
    },
    /// The engine's answer cannot be understood.
    #[error("the container engine's answer to {asked} cannot be understood: {words}")]
    Strange {
        /// What was asked.
        asked: &'static str,
        /// What is wrong with it.
        words: String,
    },
}

impl Fault {
    /// Whether it may go by itself, so that trying again later makes sense: the engine is away or slow, and not unwilling.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::SocketMissing { .. }
                | Self::Gone { .. }
                | Self::Silent { .. }
                | Self::RegistryUnreachable { .. }
                | Self::PortTaken { .. }
        ) || self.is_half_removed()
    }

    /// Whether this is said because of a container that Podman had begun to make or to remove when it was killed: its
    /// storage is gone, in part or in whole, its name is not. Podman says so whatever is asked that has to do with all
    /// containers or with networks, until that one is removed.
    pub(crate) fn is_half_removed(&self) -> bool {
        let Self::Refused { words, .. } = self else { return false };
        // Other faults of the storage come in the same words but the last: they pass, and the container may be well.
        let has = |said: &str| words.contains(said);
        has("container not known")
            || (has("reading information about layer") && has("layer not known"))
            || (has("getting graph driver info") && has("no such file"))
    }

    /// The engine's id of that container, where it names it.
    pub(crate) fn half_removed_id(&self) -> Option<&str> {
        let Self::Refused { words, .. } = self else { return None };
        if !self.is_half_removed() {
            return None;
        }
        let (_, rest) = ["getting container from store \"", "getting graph driver info \""]
            .iter()
            .find_map(|said| words.split_once(said))?;
        rest.split_once('"').map(|(id, _)| id)
    }

    /// Whether this is said in the instants in which a container ends or goes: Podman has a state then that Docker's API has
    /// no word for, or looks for a process that is over, or for a container that it had just found.
    pub(crate) fn is_between_states(&self) -> bool {
        match self {
            Self::Strange { .. } => true,
            Self::Refused { words, .. } => {
                words.contains("no such container") || (words.contains("/proc/") && words.contains("no such"))
            }
            _ => false,
        }
    }

    /// Whether it is one container's matter, though all were asked about.
    pub(crate) fn is_of_one(&self) -> bool {
        self.is_half_removed() || self.is_between_states()
    }
}
