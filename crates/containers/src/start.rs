//! Making a container and starting it, once.

use crate::ask::CHANGE;
use crate::body;
use crate::engine::Engine;
use crate::fault::Fault;
use crate::look::{Seen, State};
use crate::wish::Wish;
use bollard::query_parameters::{CreateContainerOptions, StartContainerOptions};
use std::io::ErrorKind;
use std::time::Duration;

/// So often it is looked whether another process is making the same container.
const LOOKS: u32 = 25;
const PAUSE: Duration = Duration::from_millis(200);

impl Engine {
    /// Makes the wished container with its network and starts it; where the same operation did so already, wholly or in
    /// part, the rest is done. A container that ended is not started again: it is what comes back.
    ///
    /// # Errors
    /// [`Fault::NameTaken`] where the name belongs to another operation; all others leave what was made so far, for a
    /// second try or [`Engine::remove`].
    pub async fn start(&self, wish: &Wish) -> Result<Seen, Fault> {
        wish.check()?;
        let found = self.wished(wish).await?;
        let was_there = found.is_some();
        let seen = match found {
            Some(seen) => seen,
            None => self.make(wish).await?,
        };
        if !matches!(seen.state, State::Created) {
            return Ok(seen);
        }
        let Err(fault) = self.begin(wish).await else { return self.begun(wish).await };
        if !matches!(fault, Fault::Refused { .. } | Fault::PortTaken { .. }) {
            return Err(fault);
        }
        match self.wished(wish).await? {
            // Somebody was quicker.
            Some(seen) if matches!(seen.state, State::Running { .. }) => Ok(seen),
            // Podman that was killed while it started one says for ever that it is Created and cannot be started, though it
            // may run. A new one has another id, so that nothing of the old one is in its way.
            Some(seen) if was_there && seen.state == State::Created => {
                self.remove_container(&seen.id).await?;
                self.make(wish).await?;
                self.begin(wish).await?;
                self.begun(wish).await
            }
            _ => Err(fault),
        }
    }

    async fn begin(&self, wish: &Wish) -> Result<(), Fault> {
        let asked = self.docker().start_container(&wish.name, None::<StartContainerOptions>);
        self.ask("start the container", &wish.name, CHANGE, asked).await
    }

    async fn begun(&self, wish: &Wish) -> Result<Seen, Fault> {
        self.look(&wish.name).await?.ok_or_else(|| Fault::NotThere { name: wish.name.clone() })
    }

    /// The container of this wish, where it is there.
    async fn wished(&self, wish: &Wish) -> Result<Option<Seen>, Fault> {
        let seen = self.look(&wish.name).await?;
        if seen.as_ref().is_some_and(|seen| seen.operation.as_deref() != Some(&wish.operation)) {
            return Err(Fault::NameTaken { name: wish.name.clone() });
        }
        Ok(seen.filter(|seen| seen.state != State::Making))
    }

    async fn make(&self, wish: &Wish) -> Result<Seen, Fault> {
        let body = body::container(wish, self.reach(), self.abilities().product)?;
        // Podman makes what is missing, as root.
        for mount in &wish.mounts {
            if tokio::fs::metadata(&mount.source)
                .await
                .is_err_and(|error| error.kind() == ErrorKind::NotFound)
            {
                return Err(Fault::MountMissing { words: mount.source.display().to_string() });
            }
        }
        self.make_network(wish).await?;
        let options =
            CreateContainerOptions { name: Some(wish.name.clone()), ..CreateContainerOptions::default() };
        let create = || {
            let asked = self.docker().create_container(Some(options.clone()), body.clone());
            self.ask("make the container", &wish.image, CHANGE, asked)
        };
        let mut made = create().await;
        if matches!(made, Err(Fault::NameTaken { .. })) && self.is_half_made(wish).await? {
            self.remove_container(&wish.name).await?;
            made = create().await;
        }
        // Somebody may have been quicker, with the same wish; and an answer may be lost.
        match (self.wished(wish).await?, made) {
            (Some(seen), _) => Ok(seen),
            (None, Err(Fault::NotThere { .. })) => Err(Fault::ImageMissing { image: wish.image.clone() }),
            (None, Err(fault)) => Err(fault),
            (None, Ok(_)) => Err(Fault::NotThere { name: wish.name.clone() }),
        }
    }

    /// Whether nobody has the wish's name but what an engine left that was killed while it made the container: the network
    /// is ours, and no container is seen, for longer than another process with the same wish needs to make one.
    async fn is_half_made(&self, wish: &Wish) -> Result<bool, Fault> {
        for _ in 0..LOOKS {
            if self.wished(wish).await?.is_some() {
                return Ok(false);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(true)
    }
}
