//! Tells open pages that something moved at a server. Within one process; pages look again every few seconds for what
//! other processes did.

use tokio::sync::broadcast;

/// Something moved at this server of this owner.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    pub(crate) owner: String,
    pub(crate) server: String,
}

/// Who is told.
#[derive(Debug, Clone)]
pub(crate) struct Watching(broadcast::Sender<Moved>);

impl Watching {
    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(1024))
    }

    /// Tells whoever listens.
    pub(crate) fn tell(&self, owner: &str, server: &str) {
        // Nobody listening is no fault.
        let _ = self.0.send(Moved { owner: owner.to_owned(), server: server.to_owned() });
    }

    /// What moves from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Moved> {
        self.0.subscribe()
    }
}
