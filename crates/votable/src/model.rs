//! What a document is made of, as the reader hands it out.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::field::Field;

/// One step through a document, in document order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// VOTABLE opened.
    Start {
        /// Its `version`, such as `1.4`; `None` when it says none.
        version: Option<String>,
    },
    /// RESOURCE opened.
    ResourceStart(Resource),
    /// RESOURCE closed.
    ResourceEnd,
    /// DESCRIPTION of the document or of the innermost open RESOURCE. A TABLE's is in [`Table::description`].
    Description(String),
    /// INFO, wherever it stands. One inside a TABLE before its data follows the [`Event::TableStart`]; one after
    /// the data follows the last [`Event::Batch`]: a trailing `QUERY_STATUS` (DALI 1.1, 4.4.3) is never lost.
    Info(Info),
    /// PARAM outside tables. A TABLE's are in [`Table::params`].
    Param(Param),
    /// TABLE with all its fields known.
    TableStart(Table),
    /// The next rows of the table; never empty.
    Batch(RecordBatch),
    /// TABLE closed.
    TableEnd {
        /// Rows delivered in its batches.
        rows: u64,
    },
}

/// RESOURCE's attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resource {
    /// `ID`.
    pub id: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `type`: `results` or `meta`.
    pub kind: Option<String>,
    /// `utype`.
    pub utype: Option<String>,
}

/// INFO: a name and a value, and often a text for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Info {
    /// `ID`.
    pub id: Option<String>,
    /// `name`, such as `QUERY_STATUS`.
    pub name: String,
    /// `value`, such as `OK`, `ERROR` or `OVERFLOW`.
    pub value: String,
    /// The text inside the element, without white space around it; often empty.
    pub content: String,
}

impl Info {
    /// An INFO of name and value alone.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), ..Self::default() }
    }
}

/// PARAM: a field with one constant value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// What the value is.
    pub field: Field,
    /// The value in its TABLEDATA spelling, not parsed.
    pub value: String,
}

/// TABLE's head.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// `ID`.
    pub id: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// DESCRIPTION.
    pub description: Option<String>,
    /// `ucd`.
    pub ucd: Option<String>,
    /// `utype`.
    pub utype: Option<String>,
    /// Number of rows as the document claims it: a hint, never checked.
    pub nrows: Option<u64>,
    /// The columns, in order.
    pub fields: Vec<Field>,
    /// The table's constants.
    pub params: Vec<Param>,
    /// The columns as Arrow has them, with [`meta`](crate::meta) keys; every batch of the table has it.
    pub schema: SchemaRef,
}
