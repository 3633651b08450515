//! `[servers.local]`: virtual machines on this machine, by QEMU.

mod outlet;

pub use outlet::OutletConfig;

use crate::config::{Config, ConfigError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

/// `[servers.local]`: virtual machines on this machine, by QEMU.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LocalConfig {
    /// Whether there are any.
    pub enabled: bool,
    /// The site's name for people.
    pub title: String,
    /// Folder of the base images. Empty: `images` in the data folder. Servers' disks are layers over its files, so it must
    /// stay where it is.
    pub images_folder: PathBuf,
    /// Folder of the machines. Empty: `machines` in the data folder.
    pub machines_folder: PathBuf,
    /// Cores of all servers here together. 0: half of the machine's, 2 at least.
    pub cores: u64,
    /// Memory of all servers here together, in MiB. 0: half of the machine's.
    pub memory_mib: u64,
    /// Disk of all servers here together, in GiB. 0: half of what is free.
    pub disk_gib: u64,
    /// What runs the machines: `auto` (KVM where a trial shows that it really works), `kvm` or `tcg` (emulation).
    pub accelerator: LocalAccelerator,
    /// Memory for the translated code of each emulated machine, in MiB.
    pub tcg_cache_mib: u32,
    /// Niceness of the machines' processes, 0 to 19.
    pub nice: u8,
    /// How long a machine may take to shut down before it is switched off hard, in seconds.
    pub shut_down_s: u64,
    /// The first loopback address that a server may get.
    pub first_address: Ipv4Addr,
    /// The last one.
    pub last_address: Ipv4Addr,
    /// Ports for ssh on a server's address; the first that can be had is taken.
    pub ssh_ports: Vec<u16>,
    /// The way out, for servers that may reach the outside.
    pub outlet: OutletConfig,
    /// What can be chosen, each with `id`, `title`, `cores`, `memory_mib` and `disk_gib`.
    pub sizes: Vec<LocalSize>,
    /// Cloud images from elsewhere (qcow2), each under a short name: `[servers.local.images.ubuntu]`.
    pub images: BTreeMap<String, LocalImage>,
}

/// What runs the machines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LocalAccelerator {
    /// KVM where a trial shows that it really works, else emulation.
    #[default]
    Auto,
    /// KVM.
    Kvm,
    /// Emulation.
    Tcg,
}

/// A size of local servers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalSize {
    /// Its short name.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// Cores.
    pub cores: u64,
    /// MiB.
    pub memory_mib: u64,
    /// GiB.
    pub disk_gib: u64,
}

/// A cloud image from elsewhere: qcow2, with cloud-init, a boot loader and a console on the first serial port.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalImage {
    /// Its name for people.
    pub title: String,
    /// The system: `Ubuntu`.
    pub system: String,
    /// Its version: `24.04`.
    pub version: String,
    /// Whom one signs in as.
    pub access_user: String,
    /// The file.
    pub path: PathBuf,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
    /// Least disk, in GiB.
    pub min_disk_gib: u64,
    /// Least memory, in MiB.
    pub min_memory_mib: u64,
}

impl Default for LocalConfig {
    fn default() -> Self {
        let size = |id: &str, title: &str, cores, memory_mib, disk_gib| LocalSize {
            id: id.to_owned(),
            title: title.to_owned(),
            cores,
            memory_mib,
            disk_gib,
        };
        Self {
            enabled: true,
            title: "This machine".to_owned(),
            images_folder: PathBuf::new(),
            machines_folder: PathBuf::new(),
            cores: 0,
            memory_mib: 0,
            disk_gib: 0,
            accelerator: LocalAccelerator::Auto,
            tcg_cache_mib: 64,
            nice: 10,
            shut_down_s: 60,
            first_address: Ipv4Addr::new(127, 0, 1, 2),
            last_address: Ipv4Addr::new(127, 0, 1, 254),
            ssh_ports: vec![22, 2222],
            outlet: OutletConfig::default(),
            sizes: vec![
                size("small", "Small", 1, 384, 4),
                size("medium", "Medium", 1, 1024, 16),
                size("large", "Large", 2, 4096, 32),
            ],
            images: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Folder of the base images.
    pub fn images_folder(&self) -> PathBuf {
        self.or_in_data(&self.servers.local.images_folder, "images")
    }

    /// Folder of the machines.
    pub fn machines_folder(&self) -> PathBuf {
        self.or_in_data(&self.servers.local.machines_folder, "machines")
    }

    /// File with what the way out of local servers lets through.
    pub fn outlet_file(&self) -> PathBuf {
        self.server.data_folder.join("outlet.json")
    }

    pub(crate) fn or_in_data(&self, folder: &Path, name: &str) -> PathBuf {
        if folder.as_os_str().is_empty() { self.server.data_folder.join(name) } else { folder.to_owned() }
    }
}

fn wrong(key: &str, why: &str) -> Result<(), ConfigError> {
    Err(ConfigError::value(&format!("servers.local.{key}"), why))
}

impl LocalConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.outlet.check()?;
        let plain = |name: &str| {
            let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b);
            (1..=40).contains(&name.len()) && name.bytes().all(letter)
        };
        if !(1..=500).contains(&self.shut_down_s) {
            return wrong("shut_down_s", "must be 1 to 500");
        }
        if self.nice > 19 {
            return wrong("nice", "must be 0 to 19");
        }
        if !(8..=4096).contains(&self.tcg_cache_mib) {
            return wrong("tcg_cache_mib", "must be 8 to 4096");
        }
        let (first, last) = (self.first_address, self.last_address);
        if !first.is_loopback() || !last.is_loopback() || first > last || first == Ipv4Addr::LOCALHOST {
            return wrong(
                "first_address",
                "must be a loopback address after 127.0.0.1, and not after last_address",
            );
        }
        if self.ssh_ports.is_empty() || self.ssh_ports.contains(&0) {
            return wrong("ssh_ports", "must be one port or more, such as [22, 2222]");
        }
        if self.sizes.is_empty() {
            return wrong("sizes", "must have one size or more");
        }
        let mut ids = BTreeSet::new();
        for size in &self.sizes {
            if !plain(&size.id) || !ids.insert(&size.id) {
                return wrong("sizes", "each id must be 1 to 40 small letters and digits, and be there once");
            }
            if size.cores == 0 || size.memory_mib < 64 || size.disk_gib == 0 {
                let why = "each needs a core or more, 64 MiB of memory or more, and 1 GiB of disk or more";
                return wrong("sizes", why);
            }
        }
        for (name, image) in &self.images {
            let at = |key: &str| format!("images.{name}.{key}");
            if !plain(name) {
                return wrong(&format!("images.{name}"), "its name must be 1 to 40 small letters and digits");
            }
            if image.sha256.len() != 64 || !image.sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
                return wrong(&at("sha256"), "must be 64 hexadecimal digits: sha256sum FILE prints them");
            }
            if !image.path.is_absolute() {
                return wrong(&at("path"), "must be an absolute path of a qcow2 file on this machine");
            }
        }
        Ok(())
    }
}
