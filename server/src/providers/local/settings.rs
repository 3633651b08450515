//! The configuration of this machine's site as QEMU's host has it, and what all machines here may have together.

use crate::clock::{Clock, Entropy};
use crate::config::Config;
use crate::config::servers::{LocalAccelerator, LocalConfig};
use qemu::{Accelerate, Addresses, ExtraImage, Settings, Sources};
use std::sync::Arc;

/// What all machines here may have together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) cores: u64,
    pub(super) memory_mib: u64,
    /// None: half of what is free.
    pub(super) disk_gib: Option<u64>,
}

impl Limits {
    pub(super) fn of(config: &LocalConfig) -> Self {
        let own = |configured: u64, half: u64| if configured == 0 { half } else { configured };
        let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get() as u64);
        Self {
            cores: own(config.cores, (cores / 2).max(2)),
            memory_mib: own(config.memory_mib, memory_mib() / 2),
            disk_gib: (config.disk_gib > 0).then_some(config.disk_gib),
        }
    }
}

/// The machine's memory (proc(5), `MemTotal`); 4 GiB where that cannot be read.
fn memory_mib() -> u64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.map_or(4096, |kib| kib / 1024)
}

/// The configuration as QEMU's host has it, without a way out.
pub(super) fn settings(config: &Config, clock: Clock, entropy: Entropy) -> Settings {
    let local = &config.servers.local;
    let sources = Sources {
        now_us: Arc::new(move || clock.now()),
        fill: Arc::new(move |bytes| {
            for part in bytes.chunks_mut(32) {
                let random: [u8; 32] = entropy.bytes();
                part.copy_from_slice(&random[..part.len()]);
            }
        }),
    };
    let mut settings = Settings::new(config.machines_folder(), config.images_folder(), sources);
    settings.accelerator = match local.accelerator {
        LocalAccelerator::Auto => Accelerate::Auto,
        LocalAccelerator::Kvm => Accelerate::Kvm,
        LocalAccelerator::Tcg => Accelerate::Tcg,
    };
    settings.addresses = Addresses { first: local.first_address, last: local.last_address };
    settings.ssh_ports.clone_from(&local.ssh_ports);
    settings.tcg_cache_mib = local.tcg_cache_mib;
    settings.nice = local.nice;
    settings.extra_images = extra_images(local);
    settings
}

fn extra_images(config: &LocalConfig) -> Vec<ExtraImage> {
    let images = config.images.iter().map(|(name, image)| ExtraImage {
        name: name.clone(),
        title: image.title.clone(),
        system: image.system.clone(),
        version: image.version.clone(),
        access_user: image.access_user.clone(),
        path: image.path.clone(),
        sha256: image.sha256.clone(),
        min_disk_gib: image.min_disk_gib,
        min_memory_mib: image.min_memory_mib,
    });
    images.collect()
}
