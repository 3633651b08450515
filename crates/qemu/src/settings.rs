//! What a [`Host`](crate::Host) is opened with.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

/// What a [`Host`](crate::Host) is opened with.
#[derive(Clone)]
pub struct Settings {
    /// Folder of the machines; one folder in it for each.
    pub machines: PathBuf,
    /// Folder of the base images. It must stay where it is while machines use it.
    pub images: PathBuf,
    /// Images from elsewhere.
    pub extra_images: Vec<ExtraImage>,
    /// KVM, emulation, or whichever works.
    pub accelerator: Accelerate,
    /// Memory for translated code of one emulated machine, MiB.
    pub tcg_cache_mib: u32,
    /// Processor model that is emulated. `Nehalem` is the one that never failed here; `max` without SVM breaks guests.
    pub tcg_cpu: String,
    /// Niceness of the machines' processes, 0 to 19.
    pub nice: u8,
    /// Which addresses machines get.
    pub addresses: Addresses,
    /// Ports for ssh on a machine's address; the first that can be had.
    pub ssh_ports: Vec<u16>,
    /// The program, with its arguments, that is a machine's proxy to the outside; without one a machine reaches nothing.
    /// QEMU starts it in the machine's folder for each connection to [`PROXY`], which is its standard input and output.
    pub outlet: Option<Vec<String>>,
    /// Clock and randomness.
    pub sources: Sources,
}

/// Where a machine that has a way out finds its proxy.
pub const PROXY: &str = "10.0.2.100:3128";

impl Settings {
    /// The defaults, for two folders.
    pub fn new(machines: impl Into<PathBuf>, images: impl Into<PathBuf>, sources: Sources) -> Self {
        Self {
            machines: machines.into(),
            images: images.into(),
            extra_images: Vec::new(),
            accelerator: Accelerate::Auto,
            tcg_cache_mib: 64,
            tcg_cpu: "Nehalem".to_owned(),
            nice: 10,
            addresses: Addresses::default(),
            ssh_ports: vec![22, 2222],
            outlet: None,
            sources,
        }
    }
}

/// How machines are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Accelerate {
    /// KVM where a trial shows that it really works, else emulation.
    #[default]
    Auto,
    /// KVM, untried.
    Kvm,
    /// Emulation.
    Tcg,
}

/// A range of loopback addresses, both ends included. Linux answers on all of 127.0.0.0/8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    /// The first.
    pub first: Ipv4Addr,
    /// The last.
    pub last: Ipv4Addr,
}

impl Default for Addresses {
    fn default() -> Self {
        Self { first: Ipv4Addr::new(127, 0, 1, 2), last: Ipv4Addr::new(127, 0, 1, 254) }
    }
}

/// A whole-disk cloud image (qcow2, cloud-init inside, console on the first serial port).
#[derive(Debug, Clone)]
pub struct ExtraImage {
    /// Its name: small letters, digits, `.`, `_` and `-`.
    pub name: String,
    /// Its title for people.
    pub title: String,
    /// "Ubuntu".
    pub system: String,
    /// "24.04".
    pub version: String,
    /// Whom cloud-init gives the access key to.
    pub access_user: String,
    /// The file.
    pub path: PathBuf,
    /// Its checksum, 64 hexadecimal digits; compared once, and again when the file changes.
    pub sha256: String,
    /// GiB.
    pub min_disk_gib: u64,
    /// MiB.
    pub min_memory_mib: u64,
}

/// Fills a slice with random bytes fit for keys.
pub type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// Clock and randomness, passed in.
#[derive(Clone)]
pub struct Sources {
    /// UTC microseconds since 1970.
    pub now_us: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Fills a slice with random bytes fit for keys.
    pub fill: Arc<Fill>,
}

impl Sources {
    pub(crate) fn now(&self) -> i64 {
        (self.now_us)()
    }

    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.fill)(&mut bytes);
        bytes
    }
}
