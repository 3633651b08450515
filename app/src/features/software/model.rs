//! Wire types of the software catalogue.

use serde::{Deserialize, Serialize};

/// How many cards are on a page.
pub const PER_PAGE: u64 = 48;
/// Longest text that is searched for, in characters.
pub const LONGEST_WORDS: u32 = 200;

/// What a container is, and so how it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Notebooks in the browser.
    Notebook,
    /// A desktop with windows, seen in the browser.
    Desktop,
    /// Any other interface in the browser.
    WebApp,
    /// A command that runs to its end, without an interface.
    Batch,
}

impl Kind {
    /// All kinds, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::Notebook, Self::Desktop, Self::WebApp, Self::Batch];

    /// As it stands in addresses and files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Notebook => "notebook",
            Self::Desktop => "desktop",
            Self::WebApp => "web-app",
            Self::Batch => "batch",
        }
    }

    /// The kind of this key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// For people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notebook => "Notebook",
            Self::Desktop => "Desktop",
            Self::WebApp => "Web app",
            Self::Batch => "Batch",
        }
    }
}

/// Which entries are looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Only {
    /// All that the caller may see.
    #[default]
    All,
    /// The caller's favourites.
    Favourites,
    /// What the caller ran, last first.
    Recent,
    /// What the caller added.
    Mine,
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// Words that must all be found, each as the whole or a part of a word.
    pub words: String,
    /// One kind.
    pub kind: Option<Kind>,
    /// Tags that an entry must all have.
    pub tags: Vec<String>,
    /// One science domain; any where empty.
    pub domain: String,
    /// Which entries.
    pub only: Only,
    /// Only what a site here has room for, were nothing booked.
    pub fits: bool,
    /// The first one shown, 0-based.
    pub offset: u64,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// This page's cards, best first.
    pub cards: Vec<SoftwareCard>,
    /// All that were found.
    pub found: u64,
    /// All that the caller may see.
    pub total: u64,
    /// What the search can be narrowed by, with what would then be left.
    pub facets: Facets,
    /// Whether somebody is signed in, who can have favourites and add containers.
    pub signed_in: bool,
}

/// What a search can be narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// Kinds that there are.
    pub kinds: Vec<(Kind, u64)>,
    /// Science domains, by name.
    pub domains: Vec<FacetValue>,
    /// The most frequent tags, and those that were chosen.
    pub tags: Vec<FacetValue>,
    /// The caller's favourites.
    pub favourites: u64,
    /// What the caller ran.
    pub recent: u64,
    /// What the caller added.
    pub mine: u64,
    /// What fits a site here; none where there is no site.
    pub fits: Option<u64>,
}

/// One value to narrow by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetValue {
    /// The value.
    pub key: String,
    /// How many of what was found have it.
    pub count: u64,
}

/// Where an entry comes from, and so who sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// From the operator's catalogue: everybody sees it.
    Catalogue,
    /// The caller's own; shared with a group where one is named.
    Mine(Option<String>),
    /// Another user's, shared with a group of the caller's.
    Group(String),
    /// Another user's, shown to everybody by the operator.
    Featured,
    /// Another user's, which the caller sees as an operator.
    Others,
}

/// An entry as a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoftwareCard {
    /// Its name in addresses.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it is for, in one line.
    pub purpose: String,
    /// What it is.
    pub kind: Kind,
    /// The newest version.
    pub version: String,
    /// How many versions there are.
    pub versions: u64,
    /// Tags.
    pub tags: Vec<String>,
    /// Science domain; empty where none is named.
    pub domain: String,
    /// What it takes at least.
    pub minimum: Resources,
    /// Whether the operator shows it first.
    pub featured: bool,
    /// Whether it is a favourite of the caller's.
    pub favourite: bool,
    /// Where it comes from.
    pub origin: Origin,
}

/// An entry with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoftwareView {
    /// As its card shows it.
    pub card: SoftwareCard,
    /// Its description as HTML, made safe by the server; empty where there is none.
    pub description: String,
    /// The image without a tag.
    pub image: String,
    /// Its versions, newest first; at least one.
    pub versions: Vec<Version>,
    /// What is run in place of the image's own command, whose entry point stays; nothing else where empty.
    pub command: Vec<String>,
    /// Where its interface answers; none for batch.
    pub interface: Option<Interface>,
    /// What it is best given.
    pub recommended: Resources,
    /// The processors it is built for, as images name them: `amd64`, `arm64`.
    pub architectures: Vec<String>,
    /// Licence, as SPDX writes it.
    pub licence: String,
    /// What to cite: a DOI.
    pub citation: String,
    /// Where its source is.
    pub source: String,
    /// Who keeps it.
    pub maintainer: String,
    /// Whether somebody is signed in.
    pub signed_in: bool,
    /// Whether the caller may change and delete it.
    pub may_change: bool,
    /// Whether the caller may show it to everybody.
    pub may_feature: bool,
    /// Changes with the entry: what an operator shows to everybody is what they looked at. Empty for the catalogue's.
    pub mark: String,
    /// When it was added, UTC microseconds; none for what is in the catalogue.
    pub added_us: Option<i64>,
    /// What the image says of itself, by name; empty for what is in the catalogue.
    pub labels: Vec<(String, String)>,
}

/// One version of an image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// What it is called; the image's tag where no other is named.
    pub version: String,
    /// The image's tag, where it is not the version.
    #[serde(default)]
    pub tag: String,
    /// Its digest, `sha256:` and 64 digits. Empty: it is pinned when it is first run here.
    #[serde(default)]
    pub digest: String,
    /// When it was published, `2026-11-22`; empty where that is not known.
    #[serde(default)]
    pub date: String,
    /// What is fetched of it, in bytes; 0 where that is not known.
    #[serde(default)]
    pub size_bytes: u64,
}

impl Version {
    /// What an engine is asked for: by digest where there is one, else by tag.
    pub fn reference(&self, image: &str) -> String {
        if self.digest.is_empty() {
            format!("{image}:{}", self.tag())
        } else {
            format!("{image}@{}", self.digest)
        }
    }

    /// The image's tag.
    pub fn tag(&self) -> &str {
        if self.tag.is_empty() { &self.version } else { &self.tag }
    }
}

/// Where a container's interface answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// Its port inside the container.
    pub port: u16,
    /// The path that opens it, with its query.
    #[serde(default = "root")]
    pub path: String,
    /// The path that answers once it is ready.
    #[serde(default = "root")]
    pub ready: String,
    /// Where it can be watched without being used, if it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<ViewInterface>,
}

/// Where a container's interface can be watched: whoever comes in there sees it and changes nothing. The software itself
/// sees to that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewInterface {
    /// Its port inside the container.
    pub port: u16,
    /// The path that opens it, with its query.
    #[serde(default = "root")]
    pub path: String,
}

fn root() -> String {
    "/".to_owned()
}

/// What is needed to run something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Resources {
    /// Processor cores.
    pub cores: u32,
    /// Memory, MiB.
    pub memory_mib: u64,
    /// Disk, GiB.
    pub disk_gib: u64,
    /// GPUs.
    pub gpus: u32,
}
