//! Glance: the images that a server can be made from.

use serde::Deserialize;

use crate::fault::Thing;
use crate::pages::Pages;
use crate::words::short;
use crate::{Fault, Service, Session};

/// An image (Image API v2, "Images"), active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its size in bytes, as stored.
    pub size_bytes: Option<u64>,
    /// The smallest disk for it, in GiB.
    pub min_disk_gib: u64,
    /// The least memory for it, in MiB.
    pub min_memory_mib: u64,
    /// The system's name (`os_distro`), as `debian`.
    pub distro: Option<String>,
    /// The system's version (`os_version`).
    pub version: Option<String>,
    /// The user who gets the key (`os_admin_user`), where the image says it; see [`Image::access_user`].
    pub admin_user: Option<String>,
    /// `public`, `shared`, `community` or `private`.
    pub visibility: String,
}

#[derive(Deserialize)]
struct Page {
    images: Vec<Raw>,
    #[serde(default)]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Raw {
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default)]
    min_disk: u64,
    #[serde(default)]
    min_ram: u64,
    #[serde(default)]
    os_distro: Option<String>,
    #[serde(default)]
    os_version: Option<String>,
    #[serde(default)]
    os_admin_user: Option<String>,
    #[serde(default)]
    visibility: String,
}

impl Image {
    /// The user to log in as: what the image says, else what its system is known for, else what its name suggests.
    pub fn access_user(&self) -> Option<&str> {
        if let Some(user) = &self.admin_user {
            return Some(user);
        }
        let distro = self.distro.as_deref().unwrap_or_default().to_ascii_lowercase();
        let name = self.name.to_ascii_lowercase();
        // In this order: "rocky" images also call themselves "rhel".
        let known = [
            ("almalinux", "almalinux"),
            ("rocky", "rocky"),
            ("centos", "centos"),
            ("fedora", "fedora"),
            ("ubuntu", "ubuntu"),
            ("debian", "debian"),
            ("cirros", "cirros"),
            ("arch", "arch"),
            ("opensuse", "opensuse"),
            ("sles", "sles"),
            ("freebsd", "freebsd"),
            ("rhel", "cloud-user"),
        ];
        let by = |text: &str| known.iter().find(|(word, _)| text.contains(word)).map(|(_, user)| *user);
        by(&distro).or_else(|| by(&name))
    }
}

impl Session {
    /// The active images that the project may use, by name.
    pub async fn images(&self) -> Result<Vec<Image>, Fault> {
        let mut pages = Pages::new();
        let mut base = self.versioned(Service::Image, "v2", &["images"])?;
        base.query_pairs_mut().append_pair("status", "active").append_pair("sort", "name:asc,id:asc");
        while let Some(url) = pages.next(base.clone(), Some(200))? {
            let page: Page = self.get(Service::Image, Thing::Image, url).await?;
            pages.add(page.images.into_iter().map(Image::from), page.next.is_some(), |i| &i.id);
        }
        Ok(pages.into_items())
    }
}

impl From<Raw> for Image {
    fn from(raw: Raw) -> Self {
        let word = |text: Option<String>| text.map(|t| short(&t)).filter(|t| !t.is_empty());
        Self {
            name: word(raw.name).unwrap_or_else(|| raw.id.clone()),
            id: raw.id,
            size_bytes: raw.size,
            min_disk_gib: raw.min_disk,
            min_memory_mib: raw.min_ram,
            distro: word(raw.os_distro),
            version: word(raw.os_version),
            // Shown in a command to copy: what is no user name is not taken.
            admin_user: word(raw.os_admin_user).filter(|u| is_user_name(u)),
            visibility: short(&raw.visibility),
        }
    }
}

fn is_user_name(user: &str) -> bool {
    user.len() <= 32
        && user.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && user.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}
