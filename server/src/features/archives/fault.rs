//! Why an archive gave no answer, or not all of it. Each is a sentence: what happened, what to do now.

use app::error::{AdqlFault, Error};

/// A cause that is logged and never shown.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why an archive gave no answer, or not all of it. `archive` is its name for people; `rows` came before.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveFault {
    /// The text has a fault at a place.
    #[error("{}", .0.sentence)]
    Adql(AdqlFault),
    /// No connection.
    #[error("{archive} cannot be reached. Try again later.")]
    Unreachable {
        /// Who.
        archive: String,
        /// The network's own reason.
        #[source]
        source: Option<Cause>,
    },
    /// Silence, or too long altogether.
    #[error("{archive} {waited}. Ask for less, or try again later.")]
    TimedOut {
        /// Who.
        archive: String,
        /// What was waited for and how long: `did not begin to answer within 30 s`.
        waited: String,
        /// Rows that came before.
        rows: u64,
    },
    /// A web page, text or the like came in place of a table.
    #[error(
        "{archive} answered with {what}, not with a table{}. Try again later; if it stays, the operator of this Skyport should check its address.",
        said(.words)
    )]
    NotATable {
        /// Who.
        archive: String,
        /// What it is instead: `a web page`.
        what: &'static str,
        /// Its title or first words.
        words: String,
    },
    /// The archive refused, in its own words.
    #[error("{}", refused(.archive, .message, *.rows))]
    SaidNo {
        /// Who.
        archive: String,
        /// Its own words, cleaned and cut; may be empty.
        message: String,
        /// Rows that came before.
        rows: u64,
    },
    /// The archive has no time for us.
    #[error("{archive} is busy. Try again {}.", when(*.retry_after_s))]
    Busy {
        /// Who.
        archive: String,
        /// How long it asks to wait, in seconds.
        retry_after_s: Option<u64>,
    },
    /// The connection broke in the middle.
    #[error("The connection to {archive} was cut {}. Ask again.", after(*.rows))]
    Cut {
        /// Who.
        archive: String,
        /// Rows that came before.
        rows: u64,
    },
    /// The table cannot be read on.
    #[error("The answer of {archive} cannot be read {}: {reason}. Choose fewer columns, or tell the archive.", after(*.rows))]
    Malformed {
        /// Who.
        archive: String,
        /// Rows that came before.
        rows: u64,
        /// Line and reason.
        reason: String,
    },
    /// The answer is larger than this Skyport takes.
    #[error(
        "The answer of {archive} is larger than {limit_mib} MiB, the most that this Skyport takes. Ask for fewer rows or columns."
    )]
    TooManyBytes {
        /// Who.
        archive: String,
        /// MiB.
        limit_mib: u64,
        /// Rows that came before.
        rows: u64,
    },
    /// The question needs more memory than one question may have.
    #[error(
        "This question needs more memory than one question may use here. Add a condition, a JOIN on equal columns, or fewer groups, so that fewer rows meet."
    )]
    TooHeavy,
    /// It is not where the configuration says, or not to be asked in the way that the configuration says.
    #[error("{archive} cannot be asked: {reason}. Ask the operator of this Skyport to check its entry.")]
    Misplaced {
        /// Who.
        archive: String,
        /// Half a sentence: `there is nothing at its address`.
        reason: String,
    },
    /// The archive wants to know who asks.
    #[error(
        "{archive} wants you to sign in there, which this Skyport cannot do for you. Ask its operator to set a token for this archive."
    )]
    SignInNeeded {
        /// Who.
        archive: String,
    },
    /// The caller cancelled.
    #[error("The question was cancelled.")]
    Cancelled,
    /// A fault of ours, or of the configuration.
    #[error(
        "{archive} could not be asked, because something broke on our side. Try again; if it stays, tell the operator."
    )]
    Internal {
        /// Who.
        archive: String,
        /// Why.
        #[source]
        source: Cause,
    },
}

impl ArchiveFault {
    /// The error for the page. A fault of ours is logged here, once, under the reference that the page shows.
    pub fn into_error(self) -> Error {
        match self {
            Self::Adql(fault) => Error::Adql(fault),
            Self::TooManyBytes { .. } | Self::TooHeavy => Error::Limit(self.to_string()),
            Self::Internal { .. } => crate::fault::report("asking an archive", &self),
            other => Error::Archive(other.to_string()),
        }
    }

    /// One word for metrics.
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Adql(_) | Self::SaidNo { .. } => "refused",
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut { .. } => "timeout",
            Self::NotATable { .. } | Self::Malformed { .. } => "unreadable",
            Self::Busy { .. } => "busy",
            Self::Cut { .. } => "cut",
            Self::TooManyBytes { .. } | Self::TooHeavy => "limit",
            Self::SignInNeeded { .. } => "sign_in",
            Self::Misplaced { .. } => "misplaced",
            Self::Cancelled => "cancelled",
            Self::Internal { .. } => "internal",
        }
    }
}

fn said(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(" (“{words}”)") }
}

fn refused(archive: &str, message: &str, rows: u64) -> String {
    let how = match rows {
        0 => format!("{archive} refused the query"),
        _ => format!("{archive} failed {}", after(rows)),
    };
    if message.is_empty() {
        return format!("{how} and gave no reason. Check the query, or try again later.");
    }
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{how}: “{message}”{stop} Correct the query and ask again.")
}

fn when(retry_after_s: Option<u64>) -> String {
    retry_after_s.map_or_else(|| "later".to_owned(), |s| format!("in {s} s"))
}

fn after(rows: u64) -> String {
    match rows {
        0 => "before the first row".to_owned(),
        1 => "after 1 row, which is kept".to_owned(),
        _ => format!("after {rows} rows, which are kept"),
    }
}

/// The parser's fault in the words of the wire.
pub fn adql_fault(text: &str, error: &adql::Error) -> AdqlFault {
    use adql::ErrorKind as Kind;
    let nearest = match &error.kind {
        Kind::UnknownTable { nearest, .. }
        | Kind::UnknownColumn { nearest, .. }
        | Kind::UnknownQualifier { nearest, .. }
        | Kind::UnknownFunction { nearest, .. } => nearest.clone(),
        Kind::AmbiguousTable { candidates, .. } | Kind::AmbiguousColumn { candidates, .. } => {
            candidates.clone()
        }
        _ => Vec::new(),
    };
    AdqlFault {
        sentence: error.to_string(),
        start: error.span.start,
        end: error.span.end,
        line: error.line(text),
        column: error.column(text),
        nearest,
    }
}

/// What is said where the row limit of this Skyport cut an answer.
pub fn row_limit_sentence(limit: u64) -> String {
    format!(
        "There are more than the {limit} rows that one answer may have here; these are the first that came. Add conditions to ask for less."
    )
}
