//! Ending a container and removing it.

use crate::ask::CHANGE;
use crate::engine::Engine;
use crate::fault::Fault;
use crate::look::{Seen, State};
use bollard::query_parameters::{RemoveContainerOptions, StopContainerOptions};
use std::time::Duration;

/// Podman says that a container has ended before it has taken down its mounts, which are busy until then.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);
/// The grace of what is removed while it runs; the engines' own default.
const BEFORE_REMOVAL: Duration = Duration::from_secs(10);
/// What the engine itself needs beside the grace.
const BESIDE: Duration = Duration::from_mins(1);

impl Engine {
    /// Asks the container to end, and ends it after `grace`, whole seconds of it. One that does not run is left as it
    /// is. Its log and how it ended stay until it is removed.
    pub async fn stop(&self, name: &str, grace: Duration) -> Result<Seen, Fault> {
        let missing = || Fault::NotThere { name: name.to_owned() };
        let seen = self.look(name).await?.ok_or_else(missing)?;
        if !matches!(seen.state, State::Running { .. }) {
            return Ok(seen);
        }
        let patience = i32::try_from(grace.as_secs()).unwrap_or(i32::MAX);
        let options = StopContainerOptions { signal: None, t: Some(patience) };
        let asked = self.docker().stop_container(name, Some(options));
        self.ask_maybe("end the container", name, grace.saturating_add(BESIDE), asked).await?;
        self.look(name).await?.ok_or_else(missing)
    }

    /// Removes the container, running or not, with its network, its log and what was written to its root. Folders that
    /// were mounted are left. Nothing to remove is success.
    pub async fn remove(&self, name: &str) -> Result<(), Fault> {
        // Podman that was killed in the middle of a stop removes what it knows of the container, and lets its processes run.
        // Of one that was half removed or half made nothing can be seen; it is removed all the same.
        let stopped = self.stop(name, BEFORE_REMOVAL).await;
        if let Err(fault @ (Fault::Gone { .. } | Fault::Silent { .. } | Fault::SocketMissing { .. })) =
            stopped
        {
            return Err(fault);
        }
        self.remove_container(name).await?;
        self.remove_network(name).await
    }

    /// Ends the removal of what is half removed. What the engine refuses stays as it is, and is in the way as before.
    pub(crate) async fn end_removal(&self, id: &str) -> Result<(), Fault> {
        match self.remove_container(id).await {
            Err(Fault::Refused { .. }) => Ok(()),
            other => other,
        }
    }

    /// Removes the container, whatever of it is there.
    pub(crate) async fn remove_container(&self, name: &str) -> Result<(), Fault> {
        let options = RemoveContainerOptions { v: true, force: true, link: false };
        let mut tries = 0;
        loop {
            let asked = self.docker().remove_container(name, Some(options.clone()));
            match self.ask_maybe("remove the container", name, CHANGE, asked).await {
                Err(Fault::Refused { words, .. }) if tries < TRIES && words.contains("busy") => {
                    tries += 1;
                }
                other => return other.map(drop),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
