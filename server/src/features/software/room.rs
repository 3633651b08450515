//! Which entries any site here has room for, were nothing booked: what the catalogue can be narrowed to.

use super::entry::Entry;
use crate::features::bookings::PlannedSite;
use app::asking::Caller;
use app::features::software::model::Resources;
use planner::Architecture;
use std::sync::Arc;

/// The different nodes that a caller may use.
pub(super) struct Room(Vec<(Architecture, Resources)>);

impl Room {
    /// What the caller may use of these sites.
    pub(super) fn of(sites: &[Arc<PlannedSite>], caller: &Caller) -> Self {
        let mut nodes: Vec<(Architecture, Resources)> = Vec::new();
        for node in sites.iter().filter(|site| site.takes(&caller.groups)).flat_map(|site| site.classes()) {
            if !nodes.contains(&node) {
                nodes.push(node);
            }
        }
        Self(nodes)
    }

    /// Whether there is any node.
    pub(super) fn is_somewhere(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether one node has what an entry needs at least, and the processor that it is built for.
    pub(super) fn has(&self, entry: &Entry) -> bool {
        let needs = &entry.minimum;
        self.0.iter().any(|(architecture, node)| {
            entry.architectures.iter().any(|built_for| built_for == architecture.name())
                && node.cores >= needs.cores
                && node.memory_mib >= needs.memory_mib
                && node.disk_gib >= needs.disk_gib
                && node.gpus >= needs.gpus
        })
    }
}
