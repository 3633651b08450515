//! How full homes are. Measuring walks through all files, so it is done again only after a while: the longer it took, the
//! later.

use super::folders::{Folders, size_of};
use crate::clock::{Clock, Micros, SECOND};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// At least so long between two measurements.
const PAUSE_US: Micros = 2 * SECOND;

/// Who asks waits so long for a measurement, and is then told what was known before.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was measured, for all folders.
#[derive(Clone)]
pub(super) struct Homes {
    folders: Folders,
    clock: Clock,
    limit_bytes: u64,
    known: Arc<Mutex<HashMap<PathBuf, Known>>>,
}

#[derive(Debug, Default)]
struct Known {
    bytes: Option<u64>,
    again_us: Micros,
    /// The measurement that goes on; one at a time.
    going: Option<watch::Receiver<()>>,
}

impl Homes {
    pub(super) fn new(folders: Folders, clock: &Clock, limit_mib: u64) -> Self {
        let limit_bytes = limit_mib.saturating_mul(1 << 20);
        Self { folders, clock: clock.clone(), limit_bytes, known: Arc::default() }
    }

    /// What one home may hold, in bytes.
    pub(super) fn limit_bytes(&self) -> u64 {
        self.limit_bytes
    }

    /// What a user's home holds, in bytes; as it was a little while ago. None where it was never measured, and that takes long.
    pub(super) async fn size(&self, owner: &str) -> Option<u64> {
        self.size_of(self.folders.home(owner)).await
    }

    /// The same of any folder.
    pub(super) async fn size_of(&self, folder: PathBuf) -> Option<u64> {
        let now = self.clock.now();
        let fresh =
            self.lock().get(&folder).filter(|known| known.again_us > now).and_then(|known| known.bytes);
        match fresh {
            Some(bytes) => Some(bytes),
            None => self.measure(folder).await,
        }
    }

    /// What a user's home holds by a measurement that ends after this is asked, in bytes; where that takes long, as before.
    pub(super) async fn size_now(&self, owner: &str) -> Option<u64> {
        self.measure(self.folders.home(owner)).await
    }

    /// Waits for a measurement, a new one or that which goes on; not for ever.
    async fn measure(&self, folder: PathBuf) -> Option<u64> {
        let mut done = {
            let mut all = self.lock();
            let now = self.clock.now();
            all.retain(|_, known| known.going.is_some() || known.again_us > now - 600 * SECOND);
            let known = all.entry(folder.clone()).or_default();
            if let Some(going) = &known.going {
                going.clone()
            } else {
                let (done, going) = watch::channel(());
                known.going = Some(going.clone());
                self.clone().begin(folder.clone(), done);
                going
            }
        };
        // Its end closes the channel; after the patience what was known before is told.
        let _ = tokio::time::timeout(PATIENCE, done.changed()).await;
        self.lock().get(&folder).and_then(|known| known.bytes)
    }

    fn begin(self, folder: PathBuf, done: watch::Sender<()>) {
        tokio::spawn(async move {
            let begun = self.clock.now();
            let walked = folder.clone();
            let bytes = tokio::task::spawn_blocking(move || size_of(&walked)).await.ok();
            let now = self.clock.now();
            if let Some(known) = self.lock().get_mut(&folder) {
                known.bytes = bytes.or(known.bytes);
                known.again_us = now + PAUSE_US.max((now - begun) * 20);
                known.going = None;
            }
            drop(done);
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
