//! `manifest.json`: what each file is, and whence. Nothing in it depends on when it was written, so that the same basket
//! gives the same.

use super::tally::Written;
use crate::files::write_whole;
use app::features::sessions::model::DataFile;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

const NAME: &str = "manifest.json";
/// Of what is not here, so much is shown; the manifest has all.
const MOST_MISSING_SHOWN: usize = 100;

/// What is in `/data`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) files: Vec<FileEntry>,
    /// What rows of the basket lead to and is not here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) missing: Vec<MissingEntry>,
}

/// One file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FileEntry {
    /// Its path under `/data`.
    pub(super) name: String,
    /// For people.
    pub(super) what: String,
    pub(super) media_type: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    /// Rows, of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rows: Option<u64>,
    pub(super) source: SourceEntry,
}

/// Whence a file is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct SourceEntry {
    pub(super) archive: String,
    pub(super) archive_title: String,
    pub(super) tables: String,
    pub(super) query: String,
    pub(super) title: String,
    /// While the query is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) adql: Option<String>,
    /// When it was asked; ISO 8601, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) asked: Option<String>,
    /// Of a data product: the address in its row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

/// A data product that is not here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MissingEntry {
    pub(super) url: String,
    pub(super) why: String,
}

impl FileEntry {
    /// A table in one form.
    pub(super) fn of_table(
        name: String,
        what: String,
        media_type: &str,
        rows: u64,
        written: Written,
        source: &SourceEntry,
    ) -> Self {
        let Written { bytes, sha256 } = written;
        let media_type = media_type.to_owned();
        Self { name, what, media_type, bytes, sha256, rows: Some(rows), source: source.clone() }
    }
}

impl Manifest {
    /// That of a folder that is whole.
    pub(super) async fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&tokio::fs::read(folder.join(NAME)).await.ok()?).ok()
    }

    /// Makes a folder whole.
    pub(super) async fn write(&self, folder: &Path) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        let path = folder.join(NAME);
        let written = tokio::task::spawn_blocking(move || write_whole(&path, &text)).await;
        written.map_err(io::Error::other)?
    }

    /// For people: the manifest, the files, and what is not here.
    pub(super) async fn list(&self, folder: &Path) -> Vec<DataFile> {
        let bytes = tokio::fs::metadata(folder.join(NAME)).await.map_or(0, |found| found.len());
        let what = "What each file is and where it comes from".to_owned();
        let first = DataFile { name: NAME.to_owned(), what, bytes };
        let file = |file: &FileEntry| DataFile {
            name: file.name.clone(),
            what: file.what.clone(),
            bytes: file.bytes,
        };
        let missing = |entry: &MissingEntry| DataFile {
            name: entry.url.clone(),
            what: format!("Not here: {}", entry.why),
            bytes: 0,
        };
        let files = self.files.iter().map(file);
        let more = self.missing.len().saturating_sub(MOST_MISSING_SHOWN);
        let more = (more > 0).then(|| DataFile {
            name: NAME.to_owned(),
            what: format!("Lists {} more that are not here", app::text::counted(more as u64, "file")),
            bytes,
        });
        let shown = self.missing.iter().take(MOST_MISSING_SHOWN).map(missing);
        std::iter::once(first).chain(files).chain(shown).chain(more).collect()
    }
}
