//! Wire types of archives.

use serde::{Deserialize, Serialize};

/// Characters of a search that are looked at.
pub const LONGEST_SEARCH: usize = 200;

/// One archive as a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveView {
    /// Its key in the configuration and in addresses: `local`, `simbad`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it holds, in one sentence.
    pub sentence: String,
    /// The TAP address; none for the local archive.
    pub address: Option<String>,
    /// Whether it answers.
    pub state: ArchiveState,
    /// How many tables, where known.
    pub tables: Option<u64>,
}

impl ArchiveView {
    /// Whether every word of a search is in what is said of it, upper and lower case alike.
    pub fn matches(&self, search: &str) -> bool {
        let said = format!(
            "{} {} {} {}",
            self.name,
            self.title,
            self.sentence,
            self.address.as_deref().unwrap_or("")
        )
        .to_lowercase();
        search.split_whitespace().all(|word| said.contains(&word.to_lowercase()))
    }
}

/// Whether an archive answers, as far as is known now; never asked while a page waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArchiveState {
    /// It answered at this time, UTC microseconds.
    Answering {
        /// UTC microseconds.
        at_us: i64,
    },
    /// It could not be reached; the sentence says why.
    Away {
        /// In words for people.
        reason: String,
        /// UTC microseconds of the last try.
        at_us: i64,
    },
    /// Not asked yet since the start of Skyport.
    NotTried,
}

/// An archive with its tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveDetail {
    /// The card.
    pub archive: ArchiveView,
    /// Its tables that match the search, at most a few hundred.
    pub tables: Vec<TableSummary>,
    /// How many tables match the search in all.
    pub matching: u64,
    /// Where the data comes from and under which licence, where known.
    pub credit: Option<String>,
}

/// A table in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSummary {
    /// Qualified name as ADQL wants it: `sky.stars`.
    pub name: String,
    /// What it holds.
    pub description: Option<String>,
    /// Rows, where known.
    pub rows: Option<u64>,
    /// Columns, where known.
    pub columns: Option<u64>,
}

/// A table with its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableView {
    /// The table.
    pub table: TableSummary,
    /// Its columns in the archive's order.
    pub columns: Vec<ColumnView>,
}

impl TableView {
    /// The right-ascension and declination columns, by UCD (`pos.eq.ra`, `pos.eq.dec`, main ones first) or name.
    pub fn position(&self) -> Option<(&ColumnView, &ColumnView)> {
        Some((self.coordinate("pos.eq.ra", "ra")?, self.coordinate("pos.eq.dec", "dec")?))
    }

    fn coordinate(&self, ucd: &str, name: &str) -> Option<&ColumnView> {
        let has = |c: &&ColumnView, main: bool| {
            c.ucd.as_deref().is_some_and(|u| {
                let mut words = u.split(';').map(|w| w.trim().to_ascii_lowercase());
                words.next().as_deref() == Some(ucd) && (!main || words.any(|w| w == "meta.main"))
            })
        };
        let columns = || self.columns.iter().filter(|c| c.kind.is_numeric());
        columns()
            .find(|c| has(c, true))
            .or_else(|| columns().find(|c| has(c, false)))
            .or_else(|| columns().find(|c| c.name.eq_ignore_ascii_case(name)))
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    /// Name as ADQL wants it (delimited where it must be).
    pub name: String,
    /// How it is compared and shown.
    pub kind: ColumnKind,
    /// Data type in the archive's words: `double`, `char(*)`.
    pub datatype: String,
    /// In the `VOUnit` notation.
    pub unit: Option<String>,
    /// UCD1+.
    pub ucd: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// One of the columns that the archive recommends.
    pub principal: bool,
    /// Whether a condition on it is quick.
    pub indexed: bool,
}

/// How values of a column are compared, aligned and plotted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnKind {
    /// Floating point.
    Number,
    /// Whole numbers.
    Integer,
    /// Text.
    Text,
    /// True or false.
    Boolean,
    /// Arrays, geometry and anything else: shown, not compared.
    Other,
}

impl ColumnKind {
    /// Whether it can be put on an axis.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::Integer)
    }
}
