//! What can go wrong: reading says where and why, writing says which column and why.

use std::{fmt, io};

use arrow_schema::ArrowError;

/// A document could not be read on: where, and why. Rows before the fault were delivered before it.
#[derive(Debug)]
pub struct Error {
    /// Line of the fault, from 1. In BINARY data, the line on which the row begins.
    pub line: u64,
    /// Byte of the fault in the input, from 0.
    pub offset: u64,
    /// What is wrong.
    pub kind: ErrorKind,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.kind)
    }
}

impl std::error::Error for Error {
    /// The kind's source, since the kind itself is part of what is displayed.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}

/// Why a document cannot be read on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input itself failed: a file, or a connection that was cut.
    #[error("the input broke off: it could not be read further")]
    Io(#[source] io::Error),
    /// Something else than a VOTable, such as a web page or a plain text.
    #[error("this is not a VOTable: it begins with {found}")]
    NotVotable {
        /// How it begins, shortened.
        found: String,
    },
    /// The document ends before its end.
    #[error("the document ends inside {inside}: it is cut off")]
    Truncated {
        /// The innermost open element.
        inside: String,
    },
    /// Not well-formed XML, or an element where none may be.
    #[error("malformed XML: {0}")]
    Xml(String),
    /// An encoding that is not read, or bytes that are not of the encoding.
    #[error("{0}")]
    Encoding(String),
    /// A document type with declarations of its own, refused whole (entity bombs).
    #[error("a DOCTYPE with declarations of its own is refused")]
    Doctype,
    /// One of [`Limits`](crate::Limits) is passed.
    #[error("{what} is larger than the limit of {limit}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A FIELD or PARAM that cannot be understood.
    #[error("column {name:?}: {reason}")]
    Field {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A cell that is not of its column's type.
    #[error("row {row}, column {column:?}: {reason}")]
    Cell {
        /// Row in the table, from 1.
        row: u64,
        /// The column's name.
        column: String,
        /// What is wrong, with the cell's beginning.
        reason: String,
    },
    /// A row with another number of cells than the table has columns.
    #[error("row {row} has {found} cells but the table has {expected} columns")]
    CellCount {
        /// Row in the table, from 1.
        row: u64,
        /// Cells found ("more than" is told by `expected + 1`).
        found: usize,
        /// Columns of the table.
        expected: usize,
    },
    /// A BINARY or BINARY2 stream whose bytes do not make up rows.
    #[error("the binary stream is broken: {0}")]
    Stream(String),
    /// Valid, but not read by this crate.
    #[error("not supported: {0}")]
    NotSupported(String),
}

/// A table could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The output failed.
    #[error("the table could not be written out")]
    Io(#[from] io::Error),
    /// A column whose Arrow type has no form in a VOTable.
    #[error("column {column:?} cannot be written as VOTable: {reason}")]
    Column {
        /// Its name.
        column: String,
        /// Why, and what would help.
        reason: String,
    },
    /// A value that its column cannot hold.
    #[error("row {row}, column {column:?}: {reason}")]
    Value {
        /// Row in the table, from 1.
        row: u64,
        /// The column's name.
        column: String,
        /// Why.
        reason: String,
    },
    /// The batch has other columns than the writer was made for.
    #[error("the rows have other columns than the table being written")]
    Schema,
    /// A conversion between Arrow types failed.
    #[error("the rows could not be converted")]
    Arrow(#[from] ArrowError),
}
