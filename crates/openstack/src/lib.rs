#![doc = include_str!("../README.md")]

mod address;
mod cloud;
pub mod cloud_info;
mod compute;
mod credentials;
mod fault;
mod image;
mod network;
mod operation;
mod pages;
mod session;
mod settings;
mod wire;
mod words;

pub use address::{Refusal, is_public};
pub use cloud::{Cloud, Project, SignedIn};
pub use compute::flavors::Flavor;
pub use compute::keys::{KeyOutcome, KeyPair};
pub use compute::limits::ComputeLimits;
pub use compute::servers::act::{Action, Deletion};
pub use compute::servers::create::{CreateServer, NetworkChoice};
pub use compute::servers::view::{Address, AddressKind, Server, ServerFault, ServerFlavor, Status};
pub use compute::version::Microversion;
pub use credentials::Credentials;
pub use fault::{Fault, Reason, Resource, Retry, Said, Shortage, Thing};
pub use image::Image;
pub use network::floating::FloatingAddress;
pub use network::{Network, NetworkQuota, Port, Rule, SecurityGroup};
pub use operation::Operation;
pub use session::{Service, Session};
pub use settings::{Settings, SetupError};

/// How secrets come in: they print as `[REDACTED]` and are wiped from memory when dropped.
pub use secrecy::SecretString;

/// How much of something is in use, and how much may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// In use now, where the site says it.
    pub used: Option<u64>,
    /// The limit; none if there is none.
    pub limit: Option<u64>,
}

impl Quota {
    /// OpenStack writes "unlimited" as a negative number.
    pub(crate) fn from_signed(used: Option<i64>, limit: i64) -> Self {
        Self { used: used.and_then(|n| u64::try_from(n).ok()), limit: u64::try_from(limit).ok() }
    }

    /// What is left; none if there is no limit or the use is unknown.
    pub fn left(&self) -> Option<u64> {
        Some(self.limit?.saturating_sub(self.used?))
    }
}
