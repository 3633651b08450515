//! How large something may be: what the largest node has, and three sizes with names that fit it.

use crate::features::bookings::PlannedSite;
use app::features::plan::model::NamedSize;
use app::features::software::model::Resources;
use std::sync::Arc;

/// What "large" is at most, however large the nodes are.
const LARGE: Resources = Resources { cores: 16, memory_mib: 65_536, disk_gib: 100, gpus: 0 };
/// Memory comes in such steps, MiB.
const MEMORY_STEP: u64 = 256;

/// The most of each resource that any node has.
pub(super) fn largest(sites: &[Arc<PlannedSite>]) -> Resources {
    let nodes = sites.iter().flat_map(|site| &site.nodes);
    nodes.fold(Resources::default(), |most, (_, node)| with(most, *node, u64::max))
}

/// Small, medium and large: a quarter, a half and all of the largest node or of what is large anywhere, never less than
/// the software needs. Those that come out the same are one.
pub(super) fn named(largest: Resources, minimum: Resources) -> Vec<NamedSize> {
    let whole = with(LARGE, largest, u64::min);
    let mut sizes: Vec<NamedSize> = Vec::new();
    for (key, title, part) in [("small", "Small", 4), ("medium", "Medium", 2), ("large", "Large", 1)] {
        let some = Resources {
            cores: (whole.cores / part).max(1),
            memory_mib: (whole.memory_mib / u64::from(part) / MEMORY_STEP * MEMORY_STEP).max(MEMORY_STEP),
            disk_gib: (whole.disk_gib / u64::from(part)).max(1),
            gpus: 0,
        };
        let resources = with(some, minimum, u64::max);
        if sizes.iter().all(|size| size.resources != resources) {
            sizes.push(NamedSize { key: key.to_owned(), title: title.to_owned(), resources });
        }
    }
    sizes
}

/// What is proposed where nothing was chosen: what the software is best given, as far as any node has it, and never less
/// than it needs.
pub(super) fn proposed(recommended: Resources, minimum: Resources, largest: Resources) -> Resources {
    with(with(recommended, largest, u64::min), minimum, u64::max)
}

fn with(a: Resources, b: Resources, pick: impl Fn(u64, u64) -> u64) -> Resources {
    let small = |a: u32, b: u32| u32::try_from(pick(u64::from(a), u64::from(b))).unwrap_or(u32::MAX);
    Resources {
        cores: small(a.cores, b.cores),
        memory_mib: pick(a.memory_mib, b.memory_mib),
        disk_gib: pick(a.disk_gib, b.disk_gib),
        gpus: small(a.gpus, b.gpus),
    }
}
