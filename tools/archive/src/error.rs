//! What can go wrong while the archive is made.

use std::io;
use std::path::PathBuf;

/// A failure to make the archive.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArchiveError {
    /// A file could not be read or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A catalogue is not the JSON that it was.
    #[error("{} is not in the expected form", path.display())]
    Json {
        /// The catalogue.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A value of a catalogue that no rule covers: the pinned package never has one.
    #[error("{record}: the field {field} has the value {value:?}, which is not a {wanted}")]
    Value {
        /// The record's identifier.
        record: String,
        /// The field.
        field: &'static str,
        /// What it holds.
        value: String,
        /// What it should hold.
        wanted: &'static str,
    },
    /// The Parquet writer refused.
    #[error("cannot write the table {table}")]
    Parquet {
        /// The table.
        table: &'static str,
        /// Why.
        source: parquet::errors::ParquetError,
    },
    /// The description could not be written as TOML.
    #[error("cannot write the description")]
    Describe(#[from] toml::ser::Error),
}
