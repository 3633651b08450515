//! What an engine is and can do.

use bollard::models::{SystemInfo, SystemInfoCgroupVersionEnum, SystemVersion};

/// Which program answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// Podman.
    Podman,
    /// Docker, or something that passes for it.
    Docker,
}

/// How the kernel's control groups are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CgroupVersion {
    /// Version 1, or both side by side.
    V1,
    /// Version 2 alone.
    V2,
}

/// What an engine is and can do, as it says itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an answer of its own")]
pub struct Abilities {
    /// Which program answers.
    pub product: Product,
    /// Its version.
    pub version: String,
    /// The architecture of its images, in the words of image registries: `amd64`, `arm64`.
    pub architecture: String,
    /// Cores of its machine.
    pub cores: u32,
    /// Memory of its machine, MiB.
    pub memory_mib: u64,
    /// It can limit memory.
    pub memory_limit: bool,
    /// It can limit the share of processors.
    pub cpu_limit: bool,
    /// It can limit the number of processes.
    pub pids_limit: bool,
    /// It runs as an ordinary user, so that root in a container is nobody outside.
    pub rootless: bool,
    /// It maps every container's ids to others (Docker's `userns-remap`).
    pub remaps_ids: bool,
    /// A container can be given ids of its own ([`Wish::own_ids`](crate::Wish::own_ids)); whether there are ids to
    /// give is only known when it is tried.
    pub gives_ids: bool,
    /// How control groups are arranged.
    pub cgroups: CgroupVersion,
}

impl Abilities {
    pub(crate) fn from_answers(version: &SystemVersion, info: &SystemInfo) -> Self {
        let parts = version.components.as_deref().unwrap_or_default();
        let podman = parts.iter().any(|part| part.name.starts_with("Podman"));
        let security = info.security_options.as_deref().unwrap_or_default();
        let says = |name: &str| security.iter().any(|option| option.split(',').any(|word| word == name));
        let rootless = says("name=rootless");
        Self {
            product: if podman { Product::Podman } else { Product::Docker },
            version: version.version.clone().unwrap_or_default(),
            architecture: architecture(
                version.arch.as_deref().or(info.architecture.as_deref()).unwrap_or_default(),
            ),
            cores: info.ncpu.and_then(|cores| u32::try_from(cores).ok()).unwrap_or(1),
            memory_mib: info.mem_total.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0) >> 20,
            memory_limit: info.memory_limit.unwrap_or(false),
            cpu_limit: info.cpu_cfs_quota.unwrap_or(false),
            pids_limit: info.pids_limit.unwrap_or(false),
            rootless,
            remaps_ids: says("name=userns"),
            gives_ids: podman && !rootless,
            cgroups: match info.cgroup_version {
                Some(SystemInfoCgroupVersionEnum::_2) => CgroupVersion::V2,
                _ => CgroupVersion::V1,
            },
        }
    }
}

/// Kernels and registries have different words for the same.
pub(crate) fn architecture(name: &str) -> String {
    match name {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
    .to_owned()
}
