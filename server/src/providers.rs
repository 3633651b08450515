//! Remote worlds that make machines, behind one trait. No rules here: what a user may have, what is said to them, and what
//! comes after what is `features/servers`.
//!
//! Every call may come twice, from two processes, or after a crash in the middle: what is there already is success, what is
//! gone already is success. Everything made carries the server's id (a label, a tag, a description), which was minted
//! before the first call, so that it is found again when nothing else is known.

pub mod cloud_info;
pub mod containers;
mod fault;
mod finding;
pub mod local;
pub mod openstack;
pub mod session_site;

pub use fault::{Fault, Reason, Retry};
pub use finding::Finding;

use app::features::servers::model::Size;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The sites of the configuration, in the order in which they are offered.
///
/// # Errors
/// A sentence for the operator, where one of them cannot be used.
pub async fn open(config: &crate::config::Config) -> Result<Vec<Arc<dyn Site>>, StartError> {
    let mut sites: Vec<Arc<dyn Site>> = Vec::new();
    if config.servers.local.enabled {
        let (clock, entropy) = (crate::clock::Clock::system(), crate::clock::Entropy::system());
        let way_out = local::outlet::command(config)?;
        let site = Arc::new(local::LocalSite::new(config, clock, entropy, way_out)?);
        // Finds out how machines can be run before somebody wants one.
        let trying = site.clone();
        tokio::spawn(async move { trying.try_out().await });
        sites.push(site);
    }
    for (key, site) in &config.servers.openstack {
        // Keystone's tokens end by the world's time.
        sites.push(Arc::new(openstack::OpenStackSite::new(key, site, crate::clock::Clock::system())?));
    }
    let listed = cloud_info::read(config, true).await;
    for sentence in &listed.trouble {
        tracing::warn!("of the list of OpenStack sites: {sentence}");
    }
    for left_out in &listed.left_out {
        tracing::info!("the list of OpenStack sites has one that is not used: {left_out}");
    }
    for (key, site) in &listed.sites {
        match openstack::OpenStackSite::new(key, site, crate::clock::Clock::system()) {
            Ok(site) => sites.push(Arc::new(site)),
            // Others keep that list: one mistake in it does not stop the portal.
            Err(error) => {
                tracing::warn!(site.key = %key, fault.chain = %crate::fault::chain(&*error), "a site of the list cannot be used");
            }
        }
    }
    Ok(sites)
}

/// Why a site cannot be used at all: a sentence for the operator.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// A place that makes machines.
#[async_trait]
pub trait Site: Send + Sync {
    /// Its key in the configuration.
    fn key(&self) -> &str;

    /// Its name for people.
    fn title(&self) -> &str;

    /// Whether it needs the user's own token.
    fn wants_token(&self) -> bool;

    /// The sign-in provider whose access token it takes, where there is one.
    fn sign_in_provider(&self) -> Option<&str> {
        None
    }

    /// Whether the portal can reach its machines' ssh port, to see that it answers.
    fn reaches_machines(&self) -> bool;

    /// Whether a machine of a size without a disk has one all the same, as large as its image.
    fn has_image_disks(&self) -> bool {
        false
    }

    /// Whether the portal may look for ssh at an address that the site says a machine has. Else a site could send it to its
    /// own services.
    fn may_look_at(&self, _address: &str) -> bool {
        true
    }

    /// How long a machine may still come of a request whose answer was lost. Until then it is looked for, and not asked
    /// for again.
    fn settles_in(&self) -> Duration {
        Duration::ZERO
    }

    /// As whom an access is known there, where that can differ from one access to the next: what another account has is
    /// not seen.
    async fn account(&self, _access: &Access) -> Result<Option<Account>, Fault> {
        Ok(None)
    }

    /// What it offers to this access.
    async fn offer(&self, access: &Access) -> Result<Offer, Fault>;

    /// Puts the access key where the machine takes it from.
    async fn place_key(&self, access: &Access, wish: &Wish) -> Result<(), Fault>;

    /// Says no where the wish does not fit what is left at the site, image and size included.
    async fn check_room(&self, access: &Access, wish: &Wish) -> Result<(), Fault>;

    /// Asks for the machine, switched on, or finds the one of this server; gives the site's id of it.
    async fn request(&self, access: &Access, wish: &Wish) -> Result<String, Fault>;

    /// What the site knows of it.
    async fn look(&self, access: &Access, machine: &Handle) -> Result<Seen, Fault>;

    /// Gives it an address that people reach, where it has none and one is wanted.
    async fn give_address(&self, access: &Access, machine: &Handle, wanted: bool) -> Result<Given, Fault>;

    /// Takes back the addresses that were made for it.
    async fn take_address(&self, access: &Access, machine: &Handle) -> Result<(), Fault>;

    /// Switches it on, off, or starts it anew. It has been told when this returns; what came of it is seen by `look`. Off is
    /// told again until it is; a site that switches off hard after a while counts from the first time.
    async fn switch(&self, access: &Access, machine: &Handle, to: Switch) -> Result<(), Fault>;

    /// Tells the site its new name.
    async fn rename(&self, access: &Access, machine: &Handle, name: &str) -> Result<(), Fault>;

    /// Asks for its removal, disk included. It is over when `look` says [`Seen::Gone`].
    async fn remove(&self, access: &Access, machine: &Handle) -> Result<(), Fault>;

    /// Removes what [`Site::place_key`] made for this server.
    async fn remove_key(&self, access: &Access, server: &str) -> Result<(), Fault>;

    /// The end of its console, at most so many bytes, as text without control characters.
    async fn console(&self, access: &Access, machine: &Handle, bytes: usize) -> Result<String, Fault>;

    /// Every machine there that Skyport made for this access, for the reconciler. Where one server has several, the
    /// oldest comes first.
    async fn list(&self, access: &Access) -> Result<Vec<Found>, Fault>;
}

/// With what a site is asked.
#[derive(Clone)]
pub enum Access {
    /// The site's own, from the configuration.
    Site,
    /// The user's access token for this site.
    Token(crate::config::Secret),
}

/// As whom an access is known at a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The project's id.
    pub project: String,
    /// The project's name.
    pub project_name: String,
    /// The user's id.
    pub user: String,
}

/// What a site offers.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    /// What one should know before choosing it: emulated, shared.
    pub note: Option<String>,
    /// Images.
    pub images: Vec<Image>,
    /// Sizes, smallest first.
    pub sizes: Vec<Flavor>,
    /// Networks, where there is a choice: id and title.
    pub networks: Vec<(String, String)>,
    /// Whether a disk larger than the size's own can be had.
    pub disk_can_vary: bool,
    /// Whether public addresses are given on request.
    pub has_addresses: bool,
    /// What is left to this access.
    pub room: Room,
}

/// An image.
#[derive(Debug, Clone)]
pub struct Image {
    /// The site's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// "Debian".
    pub system: String,
    /// "12".
    pub version: String,
    /// Whom one signs in as.
    pub access_user: String,
    /// GiB.
    pub min_disk_gib: u64,
    /// MiB.
    pub min_memory_mib: u64,
    /// Whether something in it reads user data.
    pub takes_user_data: bool,
}

/// A size as the site calls it.
#[derive(Debug, Clone)]
pub struct Flavor {
    /// The site's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it has.
    pub size: Size,
}

/// Used and limit of each measure; no limit where none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Room {
    /// Machines.
    pub servers: Share,
    /// Cores.
    pub cores: Share,
    /// MiB.
    pub memory_mib: Share,
    /// GiB.
    pub disk_gib: Share,
    /// Public addresses.
    pub addresses: Share,
}

/// How much is used, of how much.
#[derive(Debug, Clone, Copy, Default)]
pub struct Share {
    /// In use.
    pub used: u64,
    /// The limit.
    pub limit: Option<u64>,
}

/// A machine to make.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The server's id: label, tag and description of everything made for it.
    pub server: String,
    /// Its name, and the machine's host name.
    pub name: String,
    /// The image's id.
    pub image: String,
    /// The size's id.
    pub flavor: String,
    /// What was promised.
    pub size: Size,
    /// One canonical line.
    pub public_key: String,
    /// cloud-init.
    pub user_data: Option<String>,
    /// The network's id; none for the site's choice.
    pub network: Option<String>,
    /// For the site's people and for finding it again: owner and the like.
    pub labels: BTreeMap<String, String>,
}

/// A machine, by all that is known of it.
#[derive(Debug, Clone)]
pub struct Handle {
    /// The server's id.
    pub server: String,
    /// The site's id, where it is known.
    pub machine: Option<String>,
}

/// What a site knows of a machine.
#[derive(Debug, Clone)]
pub enum Seen {
    /// There is none.
    Gone,
    /// There is one.
    There(Machine),
}

/// A machine as it was seen.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The site's id.
    pub machine: String,
    /// What it is at.
    pub phase: Phase,
    /// The site's own word for what it is doing ("spawning"), if any.
    pub task: Option<String>,
    /// Where people reach it, if that is known.
    pub address: Option<String>,
    /// Its ssh port.
    pub port: u16,
    /// Whom one signs in as, where the site knows.
    pub access_user: Option<String>,
}

/// What a machine is at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Being made.
    Building,
    /// Running; `booted` where its console or the site says that its system is up, or nobody can tell.
    Running {
        /// Whether an ssh banner can be expected.
        booted: bool,
    },
    /// Off.
    Off {
        /// Why, where it was not told to.
        reason: Option<String>,
    },
    /// The site gave up; in its words.
    Failed {
        /// The site's words.
        words: String,
    },
    /// Being removed.
    Removing,
    /// The site cannot say at the moment.
    Unknown,
}

/// What came of asking for an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// This one.
    Address(String),
    /// The machine has no port yet; ask again.
    NotYet,
    /// None was wanted and it has none that people reach.
    Without,
}

/// On, off, anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// On.
    On,
    /// Off, as by its power button.
    Off,
    /// Anew.
    Anew,
}

/// A machine that Skyport made, as a site lists it.
#[derive(Debug, Clone)]
pub struct Found {
    /// The server's id that it carries.
    pub server: String,
    /// How it is.
    pub machine: Machine,
}
