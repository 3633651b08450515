//! What a container uses now.

use crate::ask::LOOK;
use crate::engine::Engine;
use crate::fault::Fault;
use crate::look::State;
use bollard::query_parameters::StatsOptions;
use futures::StreamExt as _;

/// What a container uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// Processor time since it began, nanoseconds.
    pub cpu_ns: u64,
    /// Memory now, bytes, without what the kernel only keeps for speed.
    pub memory_bytes: u64,
    /// Memory that it may have, bytes.
    pub memory_limit_bytes: u64,
    /// Processes and threads.
    pub pids: u64,
    /// Received, bytes.
    pub received_bytes: u64,
    /// Sent, bytes.
    pub sent_bytes: u64,
}

impl Engine {
    /// What a container uses now; none where it does not run.
    pub async fn stats(&self, name: &str) -> Result<Option<Stats>, Fault> {
        let runs = |seen: &crate::Seen| matches!(seen.state, State::Running { .. });
        if !self.look(name).await?.as_ref().is_some_and(runs) {
            return Ok(None);
        }
        let options = StatsOptions { stream: false, one_shot: true };
        let mut stream = Box::pin(self.docker().stats(name, Some(options)));
        let first = async { stream.next().await.transpose() };
        let found = match self.ask_maybe("tell what the container uses", name, LOOK, first).await {
            Ok(found) => found.flatten(),
            // It may have ended meanwhile, to which each engine says something else.
            Err(fault) => match self.look(name).await? {
                Some(seen) if runs(&seen) => return Err(fault),
                _ => None,
            },
        };
        Ok(found.map(|found| {
            let memory = found.memory_stats.unwrap_or_default();
            let cached = memory.stats.as_ref().and_then(|stats| {
                // Version 1 and version 2 of control groups.
                stats.get("total_inactive_file").or_else(|| stats.get("inactive_file")).copied()
            });
            let networks = found.networks.unwrap_or_default();
            Stats {
                cpu_ns: found.cpu_stats.and_then(|cpu| cpu.cpu_usage?.total_usage).unwrap_or(0),
                memory_bytes: memory.usage.unwrap_or(0).saturating_sub(cached.unwrap_or(0)),
                memory_limit_bytes: memory.limit.unwrap_or(0),
                pids: found.pids_stats.and_then(|pids| pids.current).unwrap_or(0),
                received_bytes: networks.values().filter_map(|one| one.rx_bytes).sum(),
                sent_bytes: networks.values().filter_map(|one| one.tx_bytes).sum(),
            }
        }))
    }
}
