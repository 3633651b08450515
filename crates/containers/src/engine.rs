//! A container engine on this machine.

use crate::abilities::Abilities;
use crate::ask::LOOK;
use crate::fault::Fault;
use bollard::models::{SystemInfo, SystemVersion};
use bollard::{ClientVersion, Docker};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How the interface of a container is reached from this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// At the container's own address. Nothing of this machine is opened or translated, and no port can be taken by
    /// another program; only an engine of root on this machine has such addresses.
    Address,
    /// At a free port of 127.0.0.1 that the engine chooses and passes on. Not with a network that is closed.
    Loopback,
}

/// A container engine. Cheap to clone; each question opens a connection of its own, so that an engine that was away is
/// found again when it is back.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    docker: Docker,
    socket: PathBuf,
    abilities: Abilities,
    reach: Reach,
}

/// Podman 4 and Docker 20.10 speak this one.
const NEEDED: &ClientVersion = &ClientVersion { major_version: 1, minor_version: 41 };
/// The client's own patience; each question has a shorter one.
const CLIENT_S: u64 = 600;

impl Engine {
    /// Connects to the engine at this socket and asks what it is and can do.
    ///
    /// # Errors
    /// The socket is missing or may not be used, nobody answers, or what answers is too old.
    pub async fn at(socket: &Path) -> Result<Self, Fault> {
        let path = socket.to_str().ok_or_else(|| Fault::BadWish {
            what: "socket",
            why: "its path must be plain text".to_owned(),
        })?;
        let docker = Docker::connect_with_unix(path, CLIENT_S, NEEDED)
            .map_err(|_| Fault::SocketMissing { socket: socket.to_owned() })?;
        let of = |docker: Docker, abilities: Abilities| {
            let reach = if abilities.rootless { Reach::Loopback } else { Reach::Address };
            Self { inner: Arc::new(Inner { docker, socket: socket.to_owned(), abilities, reach }) }
        };
        let (nothing, none) = (SystemVersion::default(), SystemInfo::default());
        let asking = of(docker.clone(), Abilities::from_answers(&nothing, &none));
        let version = asking.ask("tell its version", "", LOOK, docker.version()).await?;
        if !speaks_needed(version.api_version.as_deref().unwrap_or_default()) {
            let version = version.version.unwrap_or_default();
            return Err(Fault::TooOld { version, needs: "Podman 4.0 or Docker 20.10" });
        }
        let info = asking.ask("tell what it can", "", LOOK, docker.info()).await?;
        Ok(of(docker, Abilities::from_answers(&version, &info)))
    }

    /// The same engine, with interfaces reached in this way instead of the one that fits the engine.
    #[must_use]
    pub fn with_reach(&self, reach: Reach) -> Self {
        let Inner { docker, socket, abilities, .. } = &*self.inner;
        let (docker, socket, abilities) = (docker.clone(), socket.clone(), abilities.clone());
        Self { inner: Arc::new(Inner { docker, socket, abilities, reach }) }
    }

    /// What it is and can do; asked once, by [`Engine::at`].
    pub fn abilities(&self) -> &Abilities {
        &self.inner.abilities
    }

    /// How interfaces are reached.
    pub fn reach(&self) -> Reach {
        self.inner.reach
    }

    /// Whether it answers now.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.ask("answer", "", LOOK, self.docker().ping()).await.map(drop)
    }

    pub(crate) fn docker(&self) -> &Docker {
        &self.inner.docker
    }

    pub(crate) fn socket(&self) -> &Path {
        &self.inner.socket
    }
}

/// Whether an API version such as `1.41` is the needed one or a later one.
fn speaks_needed(version: &str) -> bool {
    let mut parts = version.split('.').map(str::parse::<usize>);
    let (Some(Ok(major)), Some(Ok(minor))) = (parts.next(), parts.next()) else { return false };
    (major, minor) >= (NEEDED.major_version, NEEDED.minor_version)
}
