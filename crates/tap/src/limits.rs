//! How much an archive may send and how long it may take: every answer is read under these.

use std::time::Duration;

use crate::Redirects;

/// Everything a [`Client`](crate::Client) is told about how far to trust an archive.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Bytes, rows and counts.
    pub limits: Limits,
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// Which redirects to follow.
    pub redirects: Redirects,
}

/// Sizes beyond which reading stops. Bytes are counted after decompression, so a small gzip body that
/// unpacks to terabytes is stopped as early as a large plain one.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one query's answer; beyond it the stream ends with
    /// [`Error::TooManyBytes`](crate::Error::TooManyBytes). 4 GiB by default.
    pub max_bytes: u64,
    /// Rows of one query's answer; beyond it reading stops, the connection is dropped, and the outcome is
    /// [`Completion::RowLimit`](crate::Completion::RowLimit). 10 million by default.
    pub max_rows: u64,
    /// Bytes of one VOSI document. 256 MiB by default: the largest table sets take tens of MiB.
    pub max_metadata_bytes: u64,
    /// Tables in one table set. 200,000 by default.
    pub max_tables: usize,
    /// Columns in one table set, all tables together. 4 million by default.
    pub max_columns: usize,
    /// Characters of an archive's own words that are quoted in an error. 400 by default.
    pub max_message_chars: usize,
    /// What the `VOTable` reader refuses inside a table (cell sizes, column counts).
    pub votable: votable::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 4 << 30,
            max_rows: 10_000_000,
            max_metadata_bytes: 256 << 20,
            max_tables: 200_000,
            max_columns: 4_000_000,
            max_message_chars: 400,
            votable: votable::Limits::default(),
        }
    }
}

/// How long an exchange may take. The time to connect is the HTTP client's own
/// ([`Http::build`](crate::Http::build) sets 10 s unless told otherwise).
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// From sending a request to the head of its answer. An archive computes a synchronous query in this
    /// time, so it is minutes rather than seconds. 120 s by default.
    pub first_byte: Duration,
    /// Silence in the middle of an answer. 60 s by default.
    pub idle: Duration,
    /// The whole exchange with all redirects, the time the caller takes over the batches included.
    /// 30 minutes by default.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_mins(2),
            idle: Duration::from_mins(1),
            total: Duration::from_mins(30),
        }
    }
}
