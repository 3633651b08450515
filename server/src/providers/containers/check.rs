//! What an operator should know of a node's engine before the first session.

use super::Node;
use crate::providers::Finding;
use ::containers::{Engine, Product};

/// Asks the engine what it is and can do.
pub(super) async fn node(node: &Node) -> Finding {
    let engine = match Engine::at(&node.socket).await {
        Ok(engine) => engine,
        Err(fault) => return Finding::Amiss(format!("{fault}. Until then no session starts there")),
    };
    let can = engine.abilities();
    let product = match can.product {
        Product::Podman => "Podman",
        Product::Docker => "Docker",
    };
    if can.rootless {
        return Finding::Amiss(format!(
            "{product} {} runs as an ordinary user, so that a session without a way out cannot be reached: use an engine of root",
            can.version
        ));
    }
    let missing: Vec<&str> =
        [(can.memory_limit, "memory"), (can.cpu_limit, "processor time"), (can.pids_limit, "processes")]
            .into_iter()
            .filter_map(|(can, what)| (!can).then_some(what))
            .collect();
    if !missing.is_empty() {
        let missing = missing.join(" and ");
        return Finding::Amiss(format!("{product} {} cannot limit {missing} of sessions here", can.version));
    }
    Finding::Fine(format!(
        "{product} {} answers, with {} cores and {} MiB of {}",
        can.version, can.cores, can.memory_mib, can.architecture
    ))
}
