//! A folder of this run's own for tools that read and write files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{BundleError, at};

/// Removed when dropped.
pub(crate) struct WorkDir {
    path: PathBuf,
}

impl WorkDir {
    /// Makes it, named after what it is for.
    pub(crate) fn new(purpose: &str) -> Result<Self, BundleError> {
        let path = std::env::temp_dir().join(format!("skyport-bundle-{}-{purpose}", std::process::id()));
        fs::create_dir_all(&path).map_err(at("create", &path))?;
        Ok(Self { path })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts a file there and answers with its path.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> Result<PathBuf, BundleError> {
        let path = self.path.join(name);
        fs::write(&path, content).map_err(at("write", &path))?;
        Ok(path)
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        // Nothing depends on it; what stays behind lies in the system's folder for temporary files.
        let _ = fs::remove_dir_all(&self.path);
    }
}
