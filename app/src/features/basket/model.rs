//! Wire types of the basket.

use crate::features::queries::{filter::Filter, model::ResultColumn};
use crate::selection::Selection;
use serde::{Deserialize, Serialize};

/// What to put into the basket from a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addition {
    /// The query whose result it is.
    pub query: String,
    /// What of it.
    pub what: AddWhat,
}

/// What of a result goes into the basket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddWhat {
    /// These rows, each an item of its own.
    Rows(Selection),
    /// Every row that passes these filters, each an item of its own.
    Matching(Vec<Filter>),
    /// The result as one item; it is then kept as long as it is in the basket.
    WholeResult,
}

/// What adding did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// New items.
    pub added: u64,
    /// Items that were there already and stay as they are.
    pub already: u64,
    /// Items in the basket now.
    pub count: u64,
}

/// The basket's page: one archive's items at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BasketView {
    /// Goes up with every change.
    pub revision: i64,
    /// Items in all.
    pub count: u64,
    /// By archive, most items first.
    pub groups: Vec<BasketGroup>,
    /// Items that were removed last and can be put back; 0 where nothing can be undone.
    pub undo: u64,
    /// The archive whose items are shown; all where empty.
    pub archive: String,
    /// The first item shown, 0-based, newest first.
    pub offset: u64,
    /// Items of this archive in all.
    pub matching: u64,
    /// The items, at most 50.
    pub items: Vec<BasketItem>,
}

/// How many items of one archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketGroup {
    /// The archive's key.
    pub archive: String,
    /// Its name for people.
    pub title: String,
    /// Items.
    pub count: u64,
}

/// One thing in the basket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BasketItem {
    /// Its id.
    pub id: String,
    /// A row or a whole result.
    pub kind: BasketKind,
    /// The archive's key.
    pub archive: String,
    /// The table or tables that it came from.
    pub table: String,
    /// What identifies it, for people: `hip 26241`, or the query's title.
    pub label: String,
    /// The query that it came from.
    pub query: String,
    /// The columns, for a row: name, unit and meaning as they were when it was added.
    pub columns: Vec<ResultColumn>,
    /// The values, for a row.
    pub cells: Vec<Option<String>>,
    /// For a whole result: its rows.
    pub rows: Option<u64>,
    /// The user's own words.
    pub note: String,
    /// UTC microseconds.
    pub added_us: i64,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BasketKind {
    /// One row with everything in it.
    Row,
    /// A whole result.
    Result,
}
