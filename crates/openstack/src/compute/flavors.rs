//! The sizes that a site offers.

use reqwest::Method;
use serde::Deserialize;

use crate::fault::Thing;
use crate::pages::Pages;
use crate::wire::Purpose;
use crate::words::short;
use crate::{Fault, Session};

/// A size (Compute API, "Flavors").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flavor {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Virtual cores.
    pub cores: u32,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Disk in GiB; 0 where the image decides, or the disk is a volume.
    pub disk_gib: u64,
    /// A second disk that lives as long as the server, in GiB.
    pub ephemeral_gib: u64,
    /// False for one that only some projects see.
    pub public: bool,
}

#[derive(Deserialize)]
struct Page {
    flavors: Vec<Raw>,
    #[serde(default)]
    flavors_links: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Raw {
    id: String,
    name: String,
    vcpus: u32,
    ram: u64,
    #[serde(default)]
    disk: u64,
    #[serde(rename = "OS-FLV-EXT-DATA:ephemeral", default)]
    ephemeral: u64,
    #[serde(rename = "os-flavor-access:is_public", default = "yes")]
    public: bool,
}

fn yes() -> bool {
    true
}

impl From<Raw> for Flavor {
    fn from(raw: Raw) -> Self {
        Self {
            id: raw.id,
            name: short(&raw.name),
            cores: raw.vcpus,
            memory_mib: raw.ram,
            disk_gib: raw.disk,
            ephemeral_gib: raw.ephemeral,
            public: raw.public,
        }
    }
}

impl Session {
    /// All sizes of the site, smallest first.
    pub async fn flavors(&self) -> Result<Vec<Flavor>, Fault> {
        let mut pages = Pages::new();
        let base =
            self.nova(Purpose::Read(Thing::Flavor), Method::GET, &["flavors", "detail"], &[]).await?.url;
        while let Some(url) = pages.next(base.clone(), Some(500))? {
            let mut ask = self.nova(Purpose::Read(Thing::Flavor), Method::GET, &[], &[]).await?;
            ask.url = url;
            let page: Page = self.send(ask).await?.json()?;
            pages.add(page.flavors.into_iter().map(Flavor::from), !page.flavors_links.is_empty(), |f| &f.id);
        }
        let mut flavors = pages.into_items();
        flavors.sort_by(|a, b| {
            (a.cores, a.memory_mib, a.disk_gib, &a.name).cmp(&(b.cores, b.memory_mib, b.disk_gib, &b.name))
        });
        Ok(flavors)
    }
}
