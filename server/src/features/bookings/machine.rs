//! What this machine has, for sites whose configuration does not say how much sessions may use: half of it.

use std::path::Path;

const GIB: u64 = 1 << 30;

/// Half of the machine's cores, 1 at least.
pub(super) fn half_of_cores() -> u32 {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    u32::try_from(cores / 2).unwrap_or(u32::MAX).max(1)
}

/// Half of the machine's memory in MiB (proc(5), `MemTotal`); 2 GiB where that cannot be read.
pub(super) fn half_of_memory_mib() -> u64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.map_or(2048, |kib| kib / 1024 / 2)
}

/// Half of what is free in GiB where that folder is or will be; 1 where that cannot be read.
pub(super) fn half_of_disk_gib(folder: &Path) -> u64 {
    let there = folder.ancestors().find(|above| above.is_dir()).unwrap_or(Path::new("."));
    let room = rustix::fs::statvfs(there);
    room.map_or(1, |room| room.f_bavail.saturating_mul(room.f_frsize) / GIB / 2)
}

/// The processor as images name it.
pub(super) fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
