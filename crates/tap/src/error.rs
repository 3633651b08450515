//! Everything that can go wrong with an archive, each as a sentence that says what happened and what helps.

use std::fmt;
use std::time::Duration;

use crate::Challenge;

/// What kept an archive from answering. Closed on purpose: who matches on it is told by the compiler when a
/// new kind appears. `place` is the address without query text, user or password; `said` and `message` are
/// the archive's own words, cleaned of control characters and cut
/// ([`Limits::max_message_chars`](crate::Limits::max_message_chars)); `rows` counts the rows handed out before.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The base address cannot be used.
    #[error("{place} cannot be the address of an archive: {reason}")]
    BadAddress {
        /// The address, cleaned.
        place: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The bearer token cannot be sent.
    #[error(
        "the token is empty or has characters that cannot be sent; copy it again from where it was issued"
    )]
    BadToken,
    /// The token would travel unencrypted.
    #[error("the token was not sent, because {place} is not encrypted; give the archive's https address")]
    TokenInClear {
        /// The address that is not https.
        place: String,
    },
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Setup {
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// No connection: unknown name, refused, no route, no valid certificate.
    #[error("{place} cannot be reached; check the address, or try again later")]
    Unreachable {
        /// The address.
        place: String,
        /// The network's own reason.
        #[source]
        source: reqwest::Error,
    },
    /// The archive took too long.
    #[error("{}", sentence::timeout(place, *waiting, *after, *rows))]
    Timeout {
        /// The address.
        place: String,
        /// What was waited for.
        waiting: Waiting,
        /// The limit that was reached.
        after: Duration,
        /// Rows handed out before.
        rows: u64,
    },
    /// The caller cancelled.
    #[error("cancelled after {rows} rows")]
    Cancelled {
        /// Rows handed out before.
        rows: u64,
    },
    /// The connection broke, or the answer ended before its end.
    #[error("{}", sentence::cut(place, *rows))]
    Cut {
        /// The address.
        place: String,
        /// Rows handed out before.
        rows: u64,
        /// The network's own reason; none if the answer just stopped.
        #[source]
        source: Option<reqwest::Error>,
    },
    /// A redirect that is not followed.
    #[error("{place} sent us on to {to}, which was not followed: {reason}")]
    Redirect {
        /// The address that redirected.
        place: String,
        /// Where to, cleaned.
        to: String,
        /// Why not.
        reason: RedirectRefusal,
    },
    /// Status 401.
    #[error("{place} wants you to sign in{}", sentence::schemes(challenges))]
    SignInNeeded {
        /// The address.
        place: String,
        /// The ways that it offers.
        challenges: Vec<Challenge>,
    },
    /// Status 403.
    #[error("{place} does not allow this{}", sentence::said(said.as_deref()))]
    Forbidden {
        /// The address.
        place: String,
        /// The archive's words.
        said: Option<String>,
    },
    /// Status 404 or 410.
    #[error("there is nothing at {place}{}; check the archive's address", sentence::said(said.as_deref()))]
    NotFound {
        /// The address.
        place: String,
        /// The archive's words.
        said: Option<String>,
    },
    /// Status 429 or 503.
    #[error("{}", sentence::busy(place, *retry_after, said.as_deref()))]
    Busy {
        /// The address.
        place: String,
        /// 429 or 503.
        status: u16,
        /// How long the archive asks to wait (`Retry-After`).
        retry_after: Option<Duration>,
        /// The archive's words.
        said: Option<String>,
    },
    /// `QUERY_STATUS` is `ERROR`, at the head of the answer or after its rows, or the error came as a DALI
    /// text document.
    #[error("{}", sentence::rejected(message, *rows))]
    Rejected {
        /// The archive's reason; may be empty.
        message: String,
        /// Rows handed out before.
        rows: u64,
    },
    /// Any other status than success.
    #[error("{place} answered with status {status}{}", sentence::said(said.as_deref()))]
    Status {
        /// The address.
        place: String,
        /// The HTTP status.
        status: u16,
        /// The archive's words.
        said: Option<String>,
    },
    /// The answer is no table: a web page, JSON, text.
    #[error("{}", sentence::not_a_table(place, *kind, *status, said))]
    NotATable {
        /// The address.
        place: String,
        /// What it is instead.
        kind: NotATable,
        /// The HTTP status.
        status: u16,
        /// Its title or first words.
        said: String,
    },
    /// The answer has no byte.
    #[error("{place} answered with nothing at all; try again later, or tell the archive")]
    Empty {
        /// The address.
        place: String,
    },
    /// A `VOTable` without a table and without an error.
    #[error("{place} answered without a table")]
    NoTable {
        /// The address.
        place: String,
    },
    /// More bytes than [`Limits::max_bytes`](crate::Limits::max_bytes) or
    /// [`Limits::max_metadata_bytes`](crate::Limits::max_metadata_bytes).
    #[error("{}", sentence::too_many_bytes(*limit, *rows))]
    TooManyBytes {
        /// The limit, in bytes after decompression.
        limit: u64,
        /// Rows handed out before.
        rows: u64,
    },
    /// The table cannot be read on.
    #[error("the table from {place} cannot be read after {rows} rows")]
    Malformed {
        /// The address.
        place: String,
        /// Rows handed out before.
        rows: u64,
        /// Line and reason.
        #[source]
        source: votable::Error,
    },
    /// A VOSI document cannot be read.
    #[error("the {document} of {place} cannot be read: {reason}")]
    BadDocument {
        /// Which document.
        document: Document,
        /// The address.
        place: String,
        /// What is wrong, and at which byte.
        reason: String,
    },
    /// No table of that name.
    #[error("the archive has no table {name}")]
    UnknownTable {
        /// The name asked for, cleaned.
        name: String,
    },
    /// The reading thread went away, as when the runtime shuts down.
    #[error("reading the answer was interrupted after {rows} rows; ask again")]
    Interrupted {
        /// Rows handed out before.
        rows: u64,
    },
}

/// What a timeout was waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// The head of the answer ([`Timeouts::first_byte`](crate::Timeouts::first_byte)).
    FirstByte,
    /// The next piece of the answer ([`Timeouts::idle`](crate::Timeouts::idle)).
    NextByte,
    /// The end ([`Timeouts::total`](crate::Timeouts::total)).
    End,
}

/// Why a redirect was not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectRefusal {
    /// More hops than allowed.
    TooMany,
    /// Not http or https.
    Scheme,
    /// From https to http.
    Downgrade,
    /// A host that the [`Redirects`](crate::Redirects) do not allow.
    Host,
    /// No readable `Location`.
    Location,
}

impl fmt::Display for RedirectRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooMany => "it redirects too often",
            Self::Scheme => "that is not a web address",
            Self::Downgrade => "that is not encrypted",
            Self::Host => "that is another server; allow it in the configuration if you trust it",
            Self::Location => "that cannot be read as an address",
        })
    }
}

/// What an answer is that should have been a table or a VOSI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotATable {
    /// HTML.
    WebPage,
    /// JSON.
    Json,
    /// Text, CSV, or bytes.
    Text,
    /// Some other XML.
    Xml,
}

/// The VOSI documents (VOSI 1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// `/capabilities`
    Capabilities,
    /// `/availability`
    Availability,
    /// `/tables`, `/tables/{name}`
    Tables,
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Capabilities => "list of capabilities",
            Self::Availability => "availability",
            Self::Tables => "list of tables",
        })
    }
}

mod sentence;
