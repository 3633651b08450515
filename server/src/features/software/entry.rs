//! An entry of the catalogue, and what must hold of every one, whether a file or a user says it.

mod file;
mod order;
mod rules;

pub use file::{FileFault, read_file};
pub(crate) use rules::is_digest;
pub use rules::{Fault, Limits};

use app::features::software::model::{Interface, Kind, Resources, Version};
use serde::{Deserialize, Serialize};

/// What a session can run. An entry that exists was checked: its image can be asked for, its versions have tags, and it has
/// an interface unless it is a batch image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name in addresses.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it is for, in one line.
    pub purpose: String,
    /// More about it, in Markdown.
    pub description: String,
    /// What it is.
    pub kind: Kind,
    /// The image with its registry, without a tag: `quay.io/jupyter/scipy-notebook`.
    pub image: String,
    /// Its versions, newest first; at least one.
    pub versions: Vec<Version>,
    /// What is run in place of the image's own command, whose entry point stays; nothing else where empty.
    pub command: Vec<String>,
    /// Where its interface answers; none for batch.
    pub interface: Option<Interface>,
    /// What it needs.
    pub minimum: Resources,
    /// What it is best given; never less than it needs.
    pub recommended: Resources,
    /// The processors it is built for, as images name them: `amd64`, `arm64`.
    pub architectures: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Science domain; empty where none is named.
    pub domain: String,
    /// Licence, as SPDX writes it.
    pub licence: String,
    /// What to cite: a DOI, `10.` and so on.
    pub citation: String,
    /// Where its source is: an address of the web.
    pub source: String,
    /// Who keeps it.
    pub maintainer: String,
    /// Whether it is shown first.
    pub featured: bool,
    /// A session that nobody has used for so many minutes may be ended, after a warning; never where 0.
    #[serde(default)]
    pub idle_minutes: u32,
}

impl Entry {
    /// One version by its name; the newest where the name is empty.
    pub fn find_version(&self, version: &str) -> Option<&Version> {
        match version {
            "" => self.versions.first(),
            _ => self.versions.iter().find(|known| known.version == version),
        }
    }

    /// Puts everything in order and says what is wrong, each with its key: `versions[0].digest`.
    ///
    /// # Errors
    /// All that is wrong, in the order of the keys of a file.
    pub fn checked(mut self) -> Result<Self, Vec<Fault>> {
        rules::tidy(&mut self);
        let faults = rules::faults(&self);
        if !faults.is_empty() {
            return Err(faults);
        }
        order::newest_first(&mut self.versions);
        Ok(self)
    }
}
