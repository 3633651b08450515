//! Wire types of queries and results.

use super::filter::Filter;
use crate::features::archives::model::ColumnKind;
use serde::{Deserialize, Serialize};

/// A question to one archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The archive's key.
    pub archive: String,
    /// The ADQL text.
    pub adql: String,
    /// A name for people; made from the text where empty.
    #[serde(default)]
    pub title: String,
}

/// A query in a list or on its page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueryView {
    /// Its id.
    pub id: String,
    /// The archive's key.
    pub archive: String,
    /// The archive's name for people.
    pub archive_title: String,
    /// A name for people.
    pub title: String,
    /// The ADQL text as it was asked.
    pub adql: String,
    /// Where it stands.
    pub state: QueryState,
    /// Rows that arrived.
    pub rows: u64,
    /// Bytes of the result as it is kept.
    pub bytes: u64,
    /// Whether the archive, or a limit of ours, cut the result; the sentence says which.
    pub overflow: Option<String>,
    /// What went wrong, in a sentence with the next step; set when failed, interrupted or expired.
    pub reason: Option<String>,
    /// The place of the fault in the text, where the fault is in the text.
    pub fault: Option<crate::error::AdqlFault>,
    /// How many of the owner's queries are before it; set while queued.
    pub before_it: Option<u64>,
    /// UTC microseconds.
    pub asked_us: i64,
    /// UTC microseconds.
    pub started_us: Option<i64>,
    /// UTC microseconds.
    pub ended_us: Option<i64>,
    /// Until when the result is kept, UTC microseconds.
    pub kept_until_us: Option<i64>,
    /// Whether its rows can be looked at: completed, or cut short with rows that arrived before.
    pub has_result: bool,
    /// Columns of the result.
    pub columns: Vec<ResultColumn>,
}

/// Where a query stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueryState {
    /// Waits for another of the owner's queries to end.
    Queued,
    /// The archive works on it, or rows arrive.
    Running,
    /// All rows are here.
    Completed,
    /// It went wrong.
    Failed,
    /// Stopped by its owner.
    Cancelled,
    /// Skyport stopped while it ran.
    Interrupted,
    /// Its result was kept as long as was promised and is gone.
    Expired,
}

impl QueryState {
    /// Whether nothing more will happen to it.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }

    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Running => "Running",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
            Self::Interrupted => "Interrupted",
            Self::Expired => "Expired",
        }
    }
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultColumn {
    /// Name in the answer.
    pub name: String,
    /// How it is compared and shown.
    pub kind: ColumnKind,
    /// `VOUnit`.
    pub unit: Option<String>,
    /// UCD1+.
    pub ucd: Option<String>,
    /// What it means.
    pub description: Option<String>,
}

/// Which rows of a result to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowQuestion {
    /// The first row wanted, 0-based, after filtering and sorting.
    #[serde(default)]
    pub offset: u64,
    /// How many; at most 500.
    pub count: u64,
    /// Sorted by this column; in the archive's order where none.
    #[serde(default)]
    pub sort: Option<Sort>,
    /// All must hold.
    #[serde(default)]
    pub filters: Vec<Filter>,
    /// Which columns, in this order; all where empty.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// An order. Missing values come last either way; equal values keep the archive's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// Name of the column.
    pub column: String,
    /// Largest first.
    pub descending: bool,
}

/// Some rows of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowView {
    /// Exactly how many rows the result has.
    pub rows: u64,
    /// Exactly how many pass the filters.
    pub matching: u64,
    /// The first row shown, 0-based.
    pub offset: u64,
    /// The rows.
    pub window: Vec<WindowRow>,
}

/// Characters of one value that a page shows; a longer one says how much there is, and downloads have it whole.
pub const LONGEST_CELL: usize = 1000;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowRow {
    /// Its number in the result as it arrived, 0-based: what a selection refers to.
    pub number: u64,
    /// The values as text, shortest form that reads back the same, cut at [`LONGEST_CELL`]; none where missing.
    pub cells: Vec<Option<String>>,
}

/// A picture of one or two columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlotQuestion {
    /// The horizontal column.
    pub x: String,
    /// The vertical column of a scatter plot; a histogram where none.
    #[serde(default)]
    pub y: Option<String>,
    /// Only rows that pass these.
    #[serde(default)]
    pub filters: Vec<Filter>,
}

/// What to draw. Exact: every row that passes the filters and has a finite value is in a bin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlotView {
    /// Rows counted.
    pub counted: u64,
    /// Rows without a finite value in one of the columns.
    pub missing: u64,
    /// Smallest and largest of x.
    pub x_range: Option<(f64, f64)>,
    /// Smallest and largest of y.
    pub y_range: Option<(f64, f64)>,
    /// Median of x.
    pub x_median: Option<f64>,
    /// The bins or points.
    pub marks: PlotMarks,
}

/// What a plot is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PlotMarks {
    /// Counts in equal steps from the smallest to the largest x.
    Histogram(Vec<u64>),
    /// Single points, when there are few.
    Points(Vec<(f64, f64)>),
    /// Counts in a grid, row by row from the lowest y, when there are many.
    Grid {
        /// Cells along x.
        across: u32,
        /// Cells along y.
        up: u32,
        /// `across * up` counts.
        counts: Vec<u32>,
    },
}

/// A target that a name stands for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// What it is called: `M 42`.
    pub name: String,
    /// Right ascension, ICRS, degrees.
    pub ra_deg: f64,
    /// Declination, ICRS, degrees.
    pub dec_deg: f64,
    /// Who says so: `resolved here`, or the service's name.
    pub source: String,
}

/// A completion in the editor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionView {
    /// What to put in.
    pub text: String,
    /// `table`, `column`, `function` or `keyword`.
    pub kind: String,
    /// Unit and meaning, in short.
    pub detail: String,
    /// Start of the byte range it replaces.
    pub start: usize,
    /// End of the byte range it replaces, exclusive.
    pub end: usize,
}

/// Limits that apply to the caller now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitsView {
    /// Most rows one result may have.
    pub rows: u64,
    /// The same for signed-in users.
    pub rows_signed_in: u64,
    /// Bytes of kept results, used now.
    pub used_bytes: u64,
    /// Bytes of kept results, at most.
    pub quota_bytes: u64,
    /// For how many seconds a result is kept.
    pub kept_s: u64,
}
