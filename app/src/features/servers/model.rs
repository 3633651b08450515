//! Wire types of servers: the list, the form and its choices, one server with its steps.

use serde::{Deserialize, Serialize};

/// What a server is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ServerState {
    /// Its steps are being done.
    Creating,
    /// It waits for its owner to sign in at the site again.
    NeedsSignIn,
    /// It runs and can be reached.
    Ready,
    /// It was told to start.
    Starting,
    /// It was told to stop.
    Stopping,
    /// It is off; its disk is kept.
    Stopped,
    /// It was told to start anew.
    Rebooting,
    /// It is being removed.
    Deleting,
    /// It was removed, by its owner.
    Deleted,
    /// It could not be made; what had been made is removed.
    Failed,
    /// The site does not have it any more, and nobody here removed it.
    Vanished,
}

impl ServerState {
    /// Whether something goes on that ends by itself.
    pub fn is_moving(self) -> bool {
        matches!(self, Self::Creating | Self::Starting | Self::Stopping | Self::Rebooting | Self::Deleting)
    }

    /// Whether there is no machine behind it any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Deleted | Self::Failed | Self::Vanished)
    }
}

/// What an owner can do with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ServerAction {
    /// Switch it on.
    Start,
    /// Switch it off, as by its power button.
    Stop,
    /// Start it anew.
    Reboot,
    /// Give it another name.
    Rename,
    /// Remove it and everything that was made for it.
    Delete,
    /// Take a failed, vanished or deleted one off the list.
    Dismiss,
}

/// Cores, memory and disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Virtual cores.
    pub cores: u64,
    /// MiB.
    pub memory_mib: u64,
    /// GiB; 0 for a server that lives in memory alone, or whose disk is as large as its image.
    pub disk_gib: u64,
}

/// One server in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerItem {
    /// Its id.
    pub id: String,
    /// The owner's name for it.
    pub name: String,
    /// What it is at.
    pub state: ServerState,
    /// Since when; UTC microseconds.
    pub since_us: i64,
    /// The site's name for people.
    pub site: String,
    /// The image's title.
    pub image: String,
    /// Its size.
    pub size: Size,
    /// Whether its disk is as large as its image, since its size names none.
    pub disk_as_image: bool,
    /// `user@address` or `-p 2222 user@address`, once it has one.
    pub ssh: Option<String>,
    /// What happens now or went wrong, in one sentence.
    pub now: Option<String>,
    /// What may be done now; the likely one first.
    pub actions: Vec<ServerAction>,
}

impl ServerItem {
    /// Whether what is on it is lost when it stops.
    pub fn lives_in_memory(&self) -> bool {
        self.size.disk_gib == 0 && !self.disk_as_image
    }
}

/// A measure that has a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Measure {
    /// Servers.
    Servers,
    /// Virtual cores.
    Cores,
    /// MiB of memory.
    MemoryMib,
    /// GiB of disk.
    DiskGib,
    /// Public addresses.
    Addresses,
}

/// How much of a measure is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Of what.
    pub measure: Measure,
    /// In use now.
    pub used: u64,
    /// The limit; none where there is no limit.
    pub limit: Option<u64>,
    /// Whose limit, for people: "Your limit", "This machine", "Your project at CESGA".
    pub whose: String,
}

/// A user's servers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServersView {
    /// At most 50, newest first; what needs a look comes before.
    pub items: Vec<ServerItem>,
    /// The first one shown, 0-based.
    pub offset: u64,
    /// How many in all.
    pub total: u64,
    /// The user's own limits.
    pub usage: Vec<Usage>,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepState {
    /// Not yet.
    Waiting,
    /// Now.
    Running,
    /// Done.
    Done,
    /// It did not work.
    Failed,
    /// It was done and is undone again.
    Undone,
}

/// One step of what goes on or went on last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// "Key in place", "Starting".
    pub title: String,
    /// How it stands.
    pub state: StepState,
    /// UTC microseconds.
    pub started_us: Option<i64>,
    /// UTC microseconds.
    pub ended_us: Option<i64>,
    /// What it waits for or what came out.
    pub note: Option<String>,
}

/// Something that happened to a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// UTC microseconds.
    pub at_us: i64,
    /// What, in a sentence.
    pub what: String,
}

/// Why a server could not be made, or what went wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureView {
    /// What failed, in a sentence.
    pub what: String,
    /// The provider's own words, to be quoted.
    pub words: Option<String>,
    /// The provider's number of the request, for its support.
    pub request: Option<String>,
    /// What was cleaned up, one sentence each.
    pub cleaned: Vec<String>,
    /// What to do now.
    pub next: String,
}

/// The key of the machine itself, to check at the first connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostKey {
    /// `ssh-ed25519`.
    pub algorithm: String,
    /// `SHA256:…`.
    pub sha256: String,
    /// A line for `known_hosts`.
    pub known_hosts: String,
}

/// One server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerView {
    /// What the list shows.
    pub item: ServerItem,
    /// UTC microseconds.
    pub created_us: i64,
    /// The address people reach it at.
    pub address: Option<String>,
    /// Its ssh port.
    pub port: Option<u16>,
    /// Whom one signs in as.
    pub access_user: Option<String>,
    /// The whole command: `ssh debian@127.0.1.2`.
    pub ssh_command: Option<String>,
    /// Of the machine itself, read from its console.
    pub host_keys: Vec<HostKey>,
    /// The access key's name when it was put in place.
    pub key_name: String,
    /// The access key's fingerprint.
    pub key_sha256: String,
    /// What goes on, or went on last.
    pub steps_title: String,
    /// Its steps.
    pub steps: Vec<StepView>,
    /// Newest first, at most 50.
    pub events: Vec<EventView>,
    /// Name and value, for people and for support.
    pub facts: Vec<(String, String)>,
    /// What went wrong.
    pub failure: Option<FailureView>,
    /// The site whose sign-in it waits for: its key.
    pub sign_in_at: Option<String>,
    /// What it was made with, for "try again with these choices".
    pub choices: CreateServer,
}

/// What the form sends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateServer {
    /// Minted with the form: sent twice, it makes one server.
    pub request: String,
    /// `^[a-z][a-z0-9-]{0,61}[a-z0-9]$`; with `count` over 1, `-1`, `-2` … are put behind it.
    pub name: String,
    /// The site's key; empty for the only one.
    pub site: String,
    /// The image's id at the site.
    pub image: String,
    /// The size's id at the site.
    pub size: String,
    /// The access key's id.
    pub key: String,
    /// GiB; none for the size's own.
    pub disk_gib: Option<u64>,
    /// The network's id; empty for the site's choice.
    pub network: String,
    /// Whether a public address is wanted; the site's habit where `Automatic`.
    pub address: AddressPolicy,
    /// cloud-init, at most 32 KiB; empty for none.
    pub user_data: String,
    /// 1 to 10.
    pub count: u64,
}

/// Whether a public address is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddressPolicy {
    /// One where the server could not be reached without.
    #[default]
    Automatic,
    /// None.
    None,
}

/// What the form offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewServerView {
    /// A new one for this form.
    pub request: String,
    /// A name that is free.
    pub suggestion: String,
    /// What was chosen last time.
    pub last: Option<CreateServer>,
    /// All sites; with one alone, nothing is asked.
    pub sites: Vec<SiteView>,
    /// The user's access keys.
    pub keys: Vec<KeyChoice>,
    /// The user's own limits.
    pub usage: Vec<Usage>,
}

/// An access key to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `SHA256:…`.
    pub sha256: String,
}

/// A site with what it offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteView {
    /// Its key.
    pub key: String,
    /// Its name for people.
    pub title: String,
    /// What one should know before choosing it.
    pub note: Option<String>,
    /// Why it cannot be used now, and what to do.
    pub trouble: Option<String>,
    /// It takes the user's own sign-in there, and has none now.
    pub wants_token: bool,
    /// Images.
    pub images: Vec<ImageView>,
    /// Sizes, smallest first.
    pub sizes: Vec<SizeView>,
    /// Networks to choose among; empty where there is no choice.
    pub networks: Vec<NetworkView>,
    /// Whether the disk's size can be chosen.
    pub disk_can_vary: bool,
    /// Whether there are public addresses to ask for.
    pub has_addresses: bool,
    /// What is used of the site's limits.
    pub usage: Vec<Usage>,
}

/// An image to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageView {
    /// The site's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// "Debian", "Ubuntu".
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

/// A size to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizeView {
    /// The site's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it has.
    pub size: Size,
    /// Whether the disk is as large as the image, since the size names none.
    pub disk_as_image: bool,
    /// Why it cannot be chosen now, with the number that is short.
    pub short: Option<String>,
}

/// A network to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkView {
    /// The site's id.
    pub id: String,
    /// Its title.
    pub title: String,
}
