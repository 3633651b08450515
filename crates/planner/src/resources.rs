//! What is asked for and what there is: cores, memory, disk, GPUs by kind.

use std::collections::BTreeMap;
use std::fmt;

/// A processor architecture, by the name that container images use (`amd64`, `arm64`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Architecture(String);

impl Architecture {
    /// By its name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A kind of GPU, by the name that the site gives it (`A100`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GpuKind(String);

impl GpuKind {
    /// By its name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GpuKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An amount of each resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Resources {
    /// Processor cores.
    pub cores: u32,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Disk in MiB.
    pub disk_mib: u64,
    /// GPUs of each kind; a kind with none of it is the same as the kind left out.
    pub gpus: BTreeMap<GpuKind, u32>,
}

impl Resources {
    /// So many cores and nothing else.
    pub fn cores(cores: u32) -> Self {
        Self { cores, ..Self::default() }
    }

    /// The same with so much memory.
    #[must_use]
    pub fn memory_mib(self, memory_mib: u64) -> Self {
        Self { memory_mib, ..self }
    }

    /// The same with so much memory, in GiB.
    #[must_use]
    pub fn memory_gib(self, gib: u32) -> Self {
        self.memory_mib(u64::from(gib) << 10)
    }

    /// The same with so much disk.
    #[must_use]
    pub fn disk_mib(self, disk_mib: u64) -> Self {
        Self { disk_mib, ..self }
    }

    /// The same with so much disk, in GiB.
    #[must_use]
    pub fn disk_gib(self, gib: u32) -> Self {
        self.disk_mib(u64::from(gib) << 10)
    }

    /// The same with so many GPUs of this kind; 0 is none.
    #[must_use]
    pub fn gpus(mut self, kind: GpuKind, count: u32) -> Self {
        if count == 0 {
            self.gpus.remove(&kind);
        } else {
            self.gpus.insert(kind, count);
        }
        self
    }

    /// GPUs of this kind.
    pub fn gpus_of(&self, kind: &GpuKind) -> u32 {
        self.gpus.get(kind).copied().unwrap_or(0)
    }

    /// Each resource of which there is some.
    pub(crate) fn amounts(&self) -> Vec<(What, u64)> {
        let plain = [
            (What::Cores, u64::from(self.cores)),
            (What::Memory, self.memory_mib),
            (What::Disk, self.disk_mib),
        ];
        let gpus = self.gpus.iter().map(|(kind, count)| (What::Gpus(kind.clone()), u64::from(*count)));
        plain.into_iter().chain(gpus).filter(|(_, amount)| *amount > 0).collect()
    }

    /// How much of one resource.
    pub(crate) fn of(&self, what: &What) -> u64 {
        match what {
            What::Cores => u64::from(self.cores),
            What::Memory => self.memory_mib,
            What::Disk => self.disk_mib,
            What::Gpus(kind) => u64::from(self.gpus_of(kind)),
            What::AnyGpus => self.gpus.values().map(|count| u64::from(*count)).sum(),
            What::Bookings => 1,
        }
    }
}

/// One of the things that are counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Bookings themselves.
    Bookings,
    /// Processor cores.
    Cores,
    /// Memory, in MiB.
    Memory,
    /// Disk, in MiB.
    Disk,
    /// GPUs of this kind.
    Gpus(GpuKind),
    /// GPUs of all kinds together.
    AnyGpus,
}

impl What {
    /// An amount of it in words: `8 cores`, `1.5 GiB of memory`, `1 A100 GPU`.
    pub fn amount(&self, amount: u64) -> String {
        let s = if amount == 1 { "" } else { "s" };
        match self {
            Self::Bookings => format!("{amount} booking{s}"),
            Self::Cores => format!("{amount} core{s}"),
            Self::Memory => format!("{} of memory", mebibytes(amount)),
            Self::Disk => format!("{} of disk", mebibytes(amount)),
            Self::Gpus(kind) => format!("{amount} {kind} GPU{s}"),
            Self::AnyGpus => format!("{amount} GPU{s}"),
        }
    }
}

/// In the largest unit of which there is at least one, to at most two decimals, and exact where the unit divides it.
fn mebibytes(mib: u64) -> String {
    let (unit, name) = match mib {
        0..1024 => return format!("{mib} MiB"),
        1024..1_048_576 => (1024, "GiB"),
        _ => (1_048_576, "TiB"),
    };
    let (whole, hundredths) = (mib / unit, mib % unit * 100 / unit);
    match (hundredths, hundredths % 10) {
        (0, _) => format!("{whole} {name}"),
        (_, 0) => format!("{whole}.{} {name}", hundredths / 10),
        _ => format!("{whole}.{hundredths:02} {name}"),
    }
}
