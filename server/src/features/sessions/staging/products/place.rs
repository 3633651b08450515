//! A file on its way: its bytes so far in `.<name>.part`, and what is known of it in `.<name>.json`, so that it goes on
//! after a kill. Under its own name it is whole.

use super::super::tally::Written;
use super::FOLDER;
use crate::files::write_whole;
use serde::{Deserialize, Serialize};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// What is known of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    /// Whose it is.
    pub(super) url: String,
    /// What must not have changed for it to go on (RFC 9110, section 13.1.5): a strong entity tag, or a date.
    pub(super) validator: Option<String>,
    /// How many bytes it has in all.
    pub(super) total: Option<u64>,
    /// Its checksum as the archive says it, in hexadecimal digits.
    pub(super) sha256: Option<String>,
    pub(super) media_type: Option<String>,
    /// It is whole, and has this checksum.
    pub(super) whole: Option<String>,
}

/// Where a file is.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) whole: PathBuf,
    pub(super) part: PathBuf,
    known: PathBuf,
}

impl Place {
    pub(super) fn new(folder: &Path, name: &str) -> Self {
        let folder = folder.join(FOLDER);
        Self {
            whole: folder.join(name),
            part: folder.join(format!(".{name}.part")),
            known: folder.join(format!(".{name}.json")),
        }
    }

    /// What is known of this address' file; where another's is there, nothing, and that goes.
    pub(super) async fn known(&self, url: &str) -> io::Result<Known> {
        let read = tokio::fs::read(&self.known).await.ok();
        let known: Option<Known> = read.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        if let Some(known) = known.filter(|known| known.url == url) {
            return Ok(known);
        }
        self.clear().await?;
        Ok(Known { url: url.to_owned(), ..Known::default() })
    }

    pub(super) async fn know(&self, known: &Known) -> io::Result<()> {
        let (path, text) = (self.known.clone(), serde_json::to_vec(known)?);
        tokio::task::spawn_blocking(move || write_whole(&path, &text)).await.map_err(io::Error::other)?
    }

    /// Bytes that are there of what is not whole.
    pub(super) async fn length(&self) -> u64 {
        tokio::fs::metadata(&self.part).await.map_or(0, |found| found.len())
    }

    /// Of a file that was whole before.
    pub(super) async fn written(&self, known: &Known) -> Option<Written> {
        let bytes = tokio::fs::metadata(&self.whole).await.ok()?.len();
        known.whole.clone().map(|sha256| Written { bytes, sha256 })
    }

    pub(super) async fn clear(&self) -> io::Result<()> {
        for path in [&self.whole, &self.part, &self.known] {
            gone(tokio::fs::remove_file(path).await)?;
        }
        Ok(())
    }
}

/// Removes what a killed run left, but for files of archives that may go on.
pub(in super::super) async fn keep_only_begun(folder: &Path) -> io::Result<()> {
    let mut entries = tokio::fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        if entry.file_name() == FOLDER {
            continue;
        }
        let path = entry.path();
        if entry.file_type().await?.is_dir() {
            gone(tokio::fs::remove_dir_all(path).await)?;
        } else {
            gone(tokio::fs::remove_file(path).await)?;
        }
    }
    Ok(())
}

/// Removes what is known of files, once all is whole. What stays hurts nobody.
pub(in super::super) async fn forget_begun(folder: &Path) {
    let Ok(mut entries) = tokio::fs::read_dir(folder.join(FOLDER)).await else { return };
    while let Ok(Some(entry)) = entries.next_entry().await {
        if entry.file_name().to_string_lossy().starts_with('.')
            && let Err(error) = tokio::fs::remove_file(entry.path()).await
        {
            tracing::debug!("a note on a file stays: {error}");
        }
    }
}

fn gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
