//! No more connections at once than there are places.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// A place that is taken, until this is dropped or the process ends in whatever way.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "the lock lives as long as the file is open")] File);

/// No place was taken.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// All are taken.
    #[error("as many connections are open as may be at once ({most}); close one and try again")]
    Full {
        /// How many there are.
        most: u16,
    },
    /// The folder of places cannot be used.
    #[error("{} cannot be used", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl Place {
    /// Takes the first of `most` places in `folder`, which is made if need be.
    ///
    /// # Errors
    /// All are taken; the folder cannot be used.
    pub fn take(folder: &Path, most: u16) -> Result<Self, PlaceError> {
        let failed = |path: &Path, source| PlaceError::Folder { path: path.to_owned(), source };
        fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        for number in 0..most {
            let path = folder.join(number.to_string());
            let file = File::create(&path).map_err(|error| failed(&path, error))?;
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(failed(&path, error)),
            }
        }
        Err(PlaceError::Full { most })
    }
}
