//! From a session to the container that it is.

use super::{LOG_MIB, SESSION_LABEL};
use crate::providers::session_site::Run;
use ::containers::{Access, Limits, Mount, Network, Wish};
use std::collections::BTreeMap;

/// The container's name.
pub(super) fn name(session: &str) -> String {
    format!("skyport-{session}")
}

/// The strictest container that can be what is asked for: no capability, nothing to write but its folders and scratch in
/// memory, nothing to reach.
pub(super) fn of(run: &Run) -> Wish {
    let mut wish = Wish::of(&name(&run.session), &run.operation, &run.image);
    wish.command.clone_from(&run.command);
    wish.environment.clone_from(&run.environment);
    (wish.uid, wish.gid) = (run.uid, run.gid);
    wish.labels = BTreeMap::from([(SESSION_LABEL.to_owned(), run.session.clone())]);
    wish.limits = Limits {
        cores_milli: run.cores.max(1).saturating_mul(1000),
        memory_mib: run.memory_mib,
        pids: 512_u32.saturating_add(run.cores.saturating_mul(128)),
        // It counts as memory.
        scratch_mib: (run.memory_mib / 4).max(16),
        log_mib: LOG_MIB,
        ..Limits::default()
    };
    wish.mounts = run
        .folders
        .iter()
        .map(|folder| Mount {
            source: folder.source.clone(),
            target: folder.target.clone(),
            access: if folder.writable { Access::Write } else { Access::Read },
        })
        .collect();
    wish.network = Network::Closed;
    wish.port = run.port;
    wish
}
