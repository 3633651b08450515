//! The files of the local archive, carried in the binary.

use bytes::Bytes;
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::path::PathBuf;

/// What `tools/archive` wrote: `archive.toml` and a Parquet file for each table.
#[derive(RustEmbed)]
#[folder = "$SKYPORT_ARCHIVE"]
struct Carried;

/// Where the files are.
#[derive(Debug, Clone)]
pub enum Data {
    /// In the binary. A build for development reads them from the folder that it was built with.
    Carried,
    /// In a folder.
    Folder(PathBuf),
}

impl Data {
    /// One file; none where it is not there.
    pub fn file(&self, name: &str) -> Option<Bytes> {
        match self {
            Self::Carried => Carried::get(name).map(|file| match file.data {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => bytes.into(),
            }),
            Self::Folder(folder) => std::fs::read(folder.join(name)).ok().map(Bytes::from),
        }
    }
}
