//! Wire types of sessions.

mod before;

pub use before::{Check, CheckOf, Verdict};

use crate::features::plan::model::Take;
use crate::features::servers::model::{EventView, StepView};
use crate::features::software::model::{Kind, Resources};
use serde::{Deserialize, Serialize};

/// What a session is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SessionState {
    /// Its time has not come.
    Waiting,
    /// Its data is put in place.
    Preparing,
    /// Its image is fetched.
    Pulling,
    /// It is started, and its interface has not answered yet.
    Starting,
    /// Its interface answered; batch: its command runs.
    Running,
    /// It is being ended.
    Ending,
    /// It is over.
    Ended,
}

impl SessionState {
    /// As the database keeps it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Preparing => "preparing",
            Self::Pulling => "pulling",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Ending => "ending",
            Self::Ended => "ended",
        }
    }

    /// The state of this key.
    pub fn of_key(key: &str) -> Option<Self> {
        let all = [
            Self::Waiting,
            Self::Preparing,
            Self::Pulling,
            Self::Starting,
            Self::Running,
            Self::Ending,
            Self::Ended,
        ];
        all.into_iter().find(|state| state.key() == key)
    }

    /// For people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting for its time",
            Self::Preparing => "Preparing data",
            Self::Pulling => "Pulling image",
            Self::Starting => "Starting",
            Self::Running => "Running",
            Self::Ending => "Ending",
            Self::Ended => "Ended",
        }
    }
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EndReason {
    /// Its software ended by itself, without a fault.
    Finished,
    /// Its owner ended it.
    StoppedByOwner,
    /// An operator ended it.
    StoppedByOperator,
    /// Its booking was over.
    TimeUp,
    /// Nobody used it, and its software says that it may then end.
    Idle,
    /// It ran out of memory.
    OutOfMemory,
    /// Its image is not there.
    ImageNotFound,
    /// Its image may not be fetched or run.
    ImageNotAllowed,
    /// Its data could not be put in place.
    DataMissing,
    /// Its interface did not answer in time.
    NotReady,
    /// It ended with a fault; the exit code says more.
    Crashed,
    /// Its site could not be reached.
    SiteUnreachable,
    /// Its disk, or its owner's home, was full.
    DiskFull,
    /// Its site does not have it any more, and nobody here ended it.
    Vanished,
    /// It could not be started for another reason.
    Failed,
}

impl EndReason {
    /// All reasons.
    pub const ALL: [Self; 15] = [
        Self::Finished,
        Self::StoppedByOwner,
        Self::StoppedByOperator,
        Self::TimeUp,
        Self::Idle,
        Self::OutOfMemory,
        Self::ImageNotFound,
        Self::ImageNotAllowed,
        Self::DataMissing,
        Self::NotReady,
        Self::Crashed,
        Self::SiteUnreachable,
        Self::DiskFull,
        Self::Vanished,
        Self::Failed,
    ];

    /// As the database keeps it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::StoppedByOwner => "stopped-by-owner",
            Self::StoppedByOperator => "stopped-by-operator",
            Self::TimeUp => "time-up",
            Self::Idle => "idle",
            Self::OutOfMemory => "out-of-memory",
            Self::ImageNotFound => "image-not-found",
            Self::ImageNotAllowed => "image-not-allowed",
            Self::DataMissing => "data-missing",
            Self::NotReady => "not-ready",
            Self::Crashed => "crashed",
            Self::SiteUnreachable => "site-unreachable",
            Self::DiskFull => "disk-full",
            Self::Vanished => "vanished",
            Self::Failed => "failed",
        }
    }

    /// The reason of this key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }

    /// For people: "Stopped by you".
    pub fn word(self) -> &'static str {
        match self {
            Self::Finished => "Finished",
            Self::StoppedByOwner => "Stopped by you",
            Self::StoppedByOperator => "Stopped by an operator",
            Self::TimeUp => "Time was up",
            Self::Idle => "Ended unused",
            Self::OutOfMemory => "Out of memory",
            Self::ImageNotFound => "Image not found",
            Self::ImageNotAllowed => "Image not allowed",
            Self::DataMissing => "Data not available",
            Self::NotReady => "Did not become ready",
            Self::Crashed => "Crashed",
            Self::SiteUnreachable => "Site unreachable",
            Self::DiskFull => "Disk full",
            Self::Vanished => "Vanished",
            Self::Failed => "Could not be started",
        }
    }

    /// Whether nothing went wrong.
    pub fn is_peaceful(self) -> bool {
        matches!(
            self,
            Self::Finished | Self::StoppedByOwner | Self::StoppedByOperator | Self::TimeUp | Self::Idle
        )
    }
}

/// What an owner can do with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SessionAction {
    /// Open its interface.
    Open,
    /// Keep it longer.
    Extend,
    /// End it.
    End,
    /// Take one that is over off the list.
    Dismiss,
}

/// One session in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionItem {
    /// Its id.
    pub id: String,
    /// The owner's name for it.
    pub title: String,
    /// The software's title and version.
    pub software: String,
    /// What it is.
    pub kind: Kind,
    /// What it is at.
    pub state: SessionState,
    /// Since when; UTC microseconds.
    pub since_us: i64,
    /// Why it ended, once it has.
    pub end: Option<EndReason>,
    /// Its exit code, where it ended by itself.
    pub exit_code: Option<i64>,
    /// The site's name for people.
    pub site: String,
    /// What it has.
    pub resources: Resources,
    /// Its booking's start; UTC microseconds.
    pub start_us: i64,
    /// Its booking's end; UTC microseconds.
    pub end_us: i64,
    /// What happens now or next, in one sentence.
    pub now: Option<String>,
    /// What may be done now; the likely one first.
    pub actions: Vec<SessionAction>,
    /// Whether it is the caller's; false where somebody shares it with them.
    pub mine: bool,
    /// Whether the caller may use its interface, where it has one, and not look at it alone.
    pub control: bool,
}

/// A user's sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionsView {
    /// At most 50, what lives first, then newest first.
    pub items: Vec<SessionItem>,
    /// The first one shown, 0-based.
    pub offset: u64,
    /// How many in all.
    pub total: u64,
    /// How many live ones the caller has, and may have.
    pub live: u64,
    /// Most that live at once.
    pub most: u64,
    /// What the caller's home holds, in bytes; none where measuring it takes long.
    pub home_bytes: Option<u64>,
    /// What it may hold.
    pub home_limit_bytes: u64,
    /// Now, UTC microseconds.
    pub now_us: i64,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// What the list shows.
    pub item: SessionItem,
    /// Its booking.
    pub booking: String,
    /// The software's name in addresses.
    pub software: String,
    /// The image with its digest, once it is known.
    pub image: String,
    /// Since it was asked for; UTC microseconds.
    pub asked_us: i64,
    /// Since its interface answered, or its command runs; UTC microseconds.
    pub ready_us: Option<i64>,
    /// Its steps.
    pub steps: Vec<StepView>,
    /// How far the step is that goes on, where it can be said.
    pub progress: Option<Progress>,
    /// Newest first, at most 50.
    pub events: Vec<EventView>,
    /// What it uses now.
    pub usage: Option<Usage>,
    /// What is in `/data`: name, what it is, bytes.
    pub data: Vec<DataFile>,
    /// What went wrong.
    pub failure: Option<crate::features::servers::model::FailureView>,
    /// Batch: what it left to be downloaded: name and bytes.
    pub output: Vec<OutputFile>,
    /// Whether something of its log is kept.
    pub has_log: bool,
    /// Whether its interface can be watched without being used.
    pub can_be_watched: bool,
    /// With whom it is shared.
    pub shares: Vec<Share>,
    /// How long one press extends it, in minutes.
    pub extend_minutes: u32,
    /// Why it cannot be extended now, where it cannot.
    pub no_extension: Option<String>,
    /// What it was made with, for "Run again": without a request, a site or a start.
    pub again: Take,
    /// Now, UTC microseconds.
    pub now_us: i64,
}

impl SessionItem {
    /// Whether something goes on that ends by itself.
    pub fn is_moving(&self) -> bool {
        matches!(
            self.state,
            SessionState::Preparing | SessionState::Pulling | SessionState::Starting | SessionState::Ending
        )
    }

    /// Whether it can do something for its owner now.
    pub fn may(&self, action: SessionAction) -> bool {
        self.actions.contains(&action)
    }
}

/// How far a step is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes so far.
    pub done_bytes: u64,
    /// Bytes in all, where that is known.
    pub of_bytes: Option<u64>,
}

/// What a session uses now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Thousandths of a core.
    pub cores_milli: u64,
    /// Bytes.
    pub memory_bytes: u64,
    /// Bytes.
    pub memory_limit_bytes: u64,
}

/// A file in `/data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFile {
    /// Its path under `/data`.
    pub name: String,
    /// What it is: "20,000 rows of gaia as Parquet".
    pub what: String,
    /// Bytes.
    pub bytes: u64,
}

/// A file that a batch run left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputFile {
    /// Its path under the output folder.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
}

/// With whom a session is shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// A user's name or a group; of a new one a user's sign-in name or address.
    pub with: String,
    /// What takes it back: the user's id or the group. Of a new one empty.
    pub key: String,
    /// Whether it is a group.
    pub group: bool,
    /// Whether they may use its interface, and not look at it alone.
    pub control: bool,
}

/// A user's sessions in two numbers, for the frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Sessions that are being prepared, run or are being ended.
    pub live: u64,
    /// When the time of the first of them is up, UTC microseconds.
    pub ends_us: Option<i64>,
}
