//! What is seen of a server (Compute API, "Show server details"), over all microversions.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use jiff::Timestamp;
use serde::Deserialize;

use crate::Reason;
use crate::words::{clean, short};

/// A server as Nova shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its id.
    pub id: String,
    /// Its name; not unique.
    pub name: String,
    /// Its state.
    pub status: Status,
    /// What Nova is doing with it now: `spawning`, `deleting`, ...; none when at rest.
    pub task: Option<String>,
    /// Who made it.
    pub user_id: String,
    /// The key that it was made with.
    pub key_name: Option<String>,
    /// When it was asked for.
    pub created: Option<Timestamp>,
    /// The image's id; none when started from a volume.
    pub image: Option<String>,
    /// Its size.
    pub flavor: ServerFlavor,
    /// Its addresses, network by network.
    pub addresses: Vec<Address>,
    /// Why it is in error.
    pub fault: Option<ServerFault>,
    /// Whether somebody locked it; unknown before 2.9.
    pub locked: bool,
    /// What was written on it.
    pub metadata: BTreeMap<String, String>,
    /// Its tags; always empty before 2.26.
    pub tags: Vec<String>,
}

/// A server's state (Compute API guide, "Server Concepts"). Those that a person of this client does not reach are in `Other`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Being made.
    Build,
    /// Runs.
    Active,
    /// Switched off.
    Shutoff,
    /// Restarting.
    Reboot,
    /// Failed: see [`Server::fault`].
    Error,
    /// Gone.
    Deleted,
    /// Gone for its user; the site keeps it for a while.
    SoftDeleted,
    /// The site cannot say now, because a part of it is down.
    Unknown,
    /// Nova's own word.
    Other(String),
}

impl Status {
    fn named(word: &str) -> Self {
        match word {
            "BUILD" => Self::Build,
            "ACTIVE" => Self::Active,
            "SHUTOFF" => Self::Shutoff,
            "REBOOT" | "HARD_REBOOT" => Self::Reboot,
            "ERROR" => Self::Error,
            "DELETED" => Self::Deleted,
            "SOFT_DELETED" => Self::SoftDeleted,
            "UNKNOWN" => Self::Unknown,
            other => Self::Other(short(other)),
        }
    }

    /// Whether it is as good as not there.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Deleted | Self::SoftDeleted)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Build => "BUILD",
            Self::Active => "ACTIVE",
            Self::Shutoff => "SHUTOFF",
            Self::Reboot => "REBOOT",
            Self::Error => "ERROR",
            Self::Deleted => "DELETED",
            Self::SoftDeleted => "SOFT_DELETED",
            Self::Unknown => "UNKNOWN",
            Self::Other(word) => word,
        })
    }
}

/// A server's size: before 2.47 only its id, from then on what it was at creation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerFlavor {
    /// The flavor's id; none from 2.47.
    pub id: Option<String>,
    /// The flavor's name; none before 2.47.
    pub name: Option<String>,
    /// Virtual cores.
    pub cores: Option<u32>,
    /// Memory in MiB.
    pub memory_mib: Option<u64>,
    /// Disk in GiB.
    pub disk_gib: Option<u64>,
}

/// One address of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The network's name.
    pub network: String,
    /// The address.
    pub ip: IpAddr,
    /// Its kind.
    pub kind: AddressKind,
}

/// Whether an address is the server's own or was put before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressKind {
    /// Of the network itself.
    Fixed,
    /// Associated from outside; it outlives the server.
    Floating,
}

/// Why a server is in error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFault {
    /// Nova's number, mostly 500.
    pub code: u16,
    /// Its words, cleaned.
    pub words: String,
    /// What they mean.
    pub reason: Reason,
}

#[derive(Deserialize)]
pub(crate) struct Raw {
    id: String,
    #[serde(default)]
    name: String,
    status: String,
    #[serde(rename = "OS-EXT-STS:task_state", default)]
    task: Option<String>,
    user_id: String,
    #[serde(default)]
    key_name: Option<String>,
    #[serde(default)]
    created: Option<String>,
    /// An object, or an empty string when started from a volume.
    #[serde(default)]
    image: serde_json::Value,
    #[serde(default)]
    flavor: RawFlavor,
    #[serde(default)]
    addresses: BTreeMap<String, Vec<RawAddress>>,
    #[serde(default)]
    fault: Option<RawFault>,
    #[serde(default)]
    locked: bool,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Default, Deserialize)]
struct RawFlavor {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    original_name: Option<String>,
    #[serde(default)]
    vcpus: Option<u32>,
    #[serde(default)]
    ram: Option<u64>,
    #[serde(default)]
    disk: Option<u64>,
}

#[derive(Deserialize)]
struct RawAddress {
    addr: String,
    #[serde(rename = "OS-EXT-IPS:type", default)]
    kind: String,
}

#[derive(Deserialize)]
struct RawFault {
    #[serde(default)]
    code: u16,
    #[serde(default)]
    message: String,
}

impl From<Raw> for Server {
    fn from(raw: Raw) -> Self {
        let mut addresses = Vec::new();
        for (network, list) in raw.addresses {
            for address in list {
                let Ok(ip) = address.addr.parse() else { continue };
                let kind =
                    if address.kind == "floating" { AddressKind::Floating } else { AddressKind::Fixed };
                addresses.push(Address { network: short(&network), ip, kind });
            }
        }
        Self {
            id: raw.id,
            name: short(&raw.name),
            status: Status::named(&raw.status),
            task: raw.task.map(|t| short(&t)),
            user_id: raw.user_id,
            key_name: raw.key_name,
            created: raw.created.and_then(|t| t.parse().ok()),
            image: raw.image.get("id").and_then(|id| id.as_str()).map(str::to_owned),
            flavor: ServerFlavor {
                id: raw.flavor.id,
                name: raw.flavor.original_name.map(|n| short(&n)),
                cores: raw.flavor.vcpus,
                memory_mib: raw.flavor.ram,
                disk_gib: raw.flavor.disk,
            },
            addresses,
            fault: raw.fault.map(|f| ServerFault {
                code: f.code,
                reason: Reason::of_server_fault(&f.message),
                words: clean(&f.message),
            }),
            locked: raw.locked,
            metadata: raw.metadata,
            tags: raw.tags,
        }
    }
}
