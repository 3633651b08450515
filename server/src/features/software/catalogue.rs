//! The operator's catalogue: what Skyport carries, and a folder of files that is looked at again as it changes.
//!
//! Whoever asks first after [`LOOK_EVERY_US`] looks at the folder's files; only those that changed are read. A file that
//! cannot be read leaves its last good entry where it is. Nobody waits for a look that another one does.

mod carried;
mod folder;

pub use folder::FolderError;

use super::entry::{Entry, FileFault};
use super::index::Index;
use crate::clock::{Clock, Micros, SECOND};
use crate::config::software::SoftwareConfig;
use folder::Folder;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The folder is looked at this often at most.
const LOOK_EVERY_US: Micros = 3 * SECOND;

/// The catalogue at one moment.
#[derive(Default)]
pub struct Catalogue {
    pub(crate) index: Index,
    by_name: BTreeMap<String, Arc<Entry>>,
    faults: Vec<FileFault>,
}

impl Catalogue {
    fn new(by_name: BTreeMap<String, Arc<Entry>>, faults: Vec<FileFault>) -> Self {
        Self { index: Index::new(by_name.values().cloned().collect()), by_name, faults }
    }

    /// An entry by its name.
    pub fn find(&self, name: &str) -> Option<&Arc<Entry>> {
        self.by_name.get(name)
    }

    /// All entries, by name.
    pub fn entries(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.by_name.values()
    }

    /// What is wrong with the folder's files.
    pub fn faults(&self) -> &[FileFault] {
        &self.faults
    }
}

/// The catalogue as it is now.
pub struct Catalogues {
    clock: Clock,
    looked_us: AtomicI64,
    carried: BTreeMap<String, Arc<Entry>>,
    folder: Option<Mutex<Folder>>,
    now: RwLock<Arc<Catalogue>>,
}

impl Catalogues {
    /// Reads what Skyport carries, unless the configuration leaves it out, and the folder, where there is one.
    ///
    /// # Errors
    /// Where the folder cannot be read. What is wrong with a file in it is among [`Catalogue::faults`].
    pub fn open(config: &SoftwareConfig, clock: &Clock) -> Result<Self, FolderError> {
        let carried = if config.default_catalogue { carried::entries() } else { BTreeMap::new() };
        let folder = config.folder.as_ref().map(|path| Folder::new(path));
        let this = Self {
            clock: clock.clone(),
            looked_us: AtomicI64::new(clock.now()),
            now: RwLock::new(Arc::new(Catalogue::new(carried.clone(), Vec::new()))),
            carried,
            folder: folder.map(Mutex::new),
        };
        this.look()?;
        Ok(this)
    }

    /// The catalogue, with what has changed in the folder some seconds ago.
    pub async fn current(self: &Arc<Self>) -> Arc<Catalogue> {
        let (now, last) = (self.clock.now(), self.looked_us.load(Ordering::Relaxed));
        let due = self.folder.is_some() && (now - last >= LOOK_EVERY_US || now < last);
        if due && self.looked_us.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            let this = self.clone();
            let looked = tokio::task::spawn_blocking(move || this.look()).await;
            if let Ok(Err(error)) = looked {
                tracing::warn!(fault.chain = %crate::fault::chain(&error), "the folder of software cannot be looked at; its entries stay");
            }
        }
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn look(&self) -> Result<(), FolderError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut folder = folder.lock().unwrap_or_else(PoisonError::into_inner);
        if !folder.look()? {
            return Ok(());
        }
        let mut all = self.carried.clone();
        // A file replaces what Skyport carries under its name.
        all.extend(folder.entries().map(|entry| (entry.name.clone(), entry.clone())));
        let catalogue = Arc::new(Catalogue::new(all, folder.faults().cloned().collect()));
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
