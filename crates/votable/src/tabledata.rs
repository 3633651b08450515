//! TABLEDATA by hand: the bytes between `<TABLEDATA>` and `</TABLEDATA>`, row by row into columns.
//!
//! Plain cells (`<TD>1.5</TD>`) take a short way: the number is parsed where it lies and the tag behind it is
//! compared. Whatever is not plain - attributes, prefixes, comments, CDATA, entities, white space around a
//! number - takes the long way, which knows all of XML that may stand there. A row is taken whole or not at all.

mod cursor;

use crate::batch::Batch;
use crate::{ErrorKind, Limits};
use cursor::{Cursor, Stop};

/// Why the scanner stopped.
pub(crate) enum Scan {
    /// The rest is not a whole row.
    More,
    /// The batch is full.
    Full,
    /// `</TABLEDATA>` comes next.
    End,
    /// Something is wrong at so many bytes from the beginning.
    Fault(usize, ErrorKind),
}

enum Row {
    Whole,
    End,
}

/// Reads whole rows from `data` into `batch`; gives the bytes used and why it stopped.
pub(crate) fn scan_rows(data: &[u8], batch: &mut Batch, scratch: &mut Vec<u8>) -> (usize, Scan) {
    let limits = batch.limits().clone();
    let mut used = 0;
    while !batch.is_full() {
        let window = &data[..data.len().min(used + limits.row_bytes)];
        let mut cursor = Cursor { data: window, at: used };
        match read_row(&mut cursor, batch, scratch, &limits) {
            Ok(Row::Whole) => {
                batch.add_row(cursor.at - used);
                used = cursor.at;
            }
            Ok(Row::End) => return (cursor.at, Scan::End),
            Err(stop) => {
                batch.drop_partial();
                let scan = match stop {
                    Stop::More if window.len() == used + limits.row_bytes => {
                        Scan::Fault(0, ErrorKind::TooLarge { what: "a row", limit: limits.row_bytes })
                    }
                    Stop::More => Scan::More,
                    Stop::Fault(at, kind) => Scan::Fault(at - used, kind),
                };
                return (used, scan);
            }
        }
    }
    (used, Scan::Full)
}

fn read_row(
    cursor: &mut Cursor<'_>,
    batch: &mut Batch,
    scratch: &mut Vec<u8>,
    limits: &Limits,
) -> Result<Row, Stop> {
    cursor.skip_misc()?;
    let mut is_empty = false;
    if !cursor.take(b"<TR>") {
        let at = cursor.at;
        let tag = cursor.read_tag()?;
        match (tag.name, tag.closing) {
            (b"TR", false) => is_empty = tag.empty,
            (b"TABLEDATA", true) => {
                cursor.at = at;
                return Ok(Row::End);
            }
            _ => return Err(unexpected(at, &tag, "where a row belongs")),
        }
    }
    let expected = batch.columns.len();
    for at in 0..expected {
        if is_empty || !read_cell(cursor, batch, at, scratch, limits)? {
            let kind = ErrorKind::CellCount { row: batch.row_number(), found: at, expected };
            return Err(Stop::Fault(cursor.at, kind));
        }
    }
    if is_empty || cursor.take(b"</TR>") {
        return Ok(Row::Whole);
    }
    cursor.skip_misc()?;
    let at = cursor.at;
    let tag = cursor.read_tag()?;
    match (tag.name, tag.closing) {
        (b"TR", true) => Ok(Row::Whole),
        (b"TD", false) => {
            let kind = ErrorKind::CellCount { row: batch.row_number(), found: expected + 1, expected };
            Err(Stop::Fault(at, kind))
        }
        _ => Err(unexpected(at, &tag, "inside a row")),
    }
}

/// Reads one cell; `false` if the row ends instead.
#[inline]
fn read_cell(
    cursor: &mut Cursor<'_>,
    batch: &mut Batch,
    column: usize,
    scratch: &mut Vec<u8>,
    limits: &Limits,
) -> Result<bool, Stop> {
    for first in [true, false] {
        if let Some(rest) = cursor.rest().strip_prefix(b"<TD>") {
            if let Some(used) = batch.columns[column].push_plain(rest, limits.cell_bytes) {
                cursor.at += 4 + used;
                return Ok(true);
            }
            break;
        }
        if first {
            cursor.skip_misc()?;
        }
    }
    read_odd_cell(cursor, batch, column, scratch, limits)
}

#[cold]
fn read_odd_cell(
    cursor: &mut Cursor<'_>,
    batch: &mut Batch,
    column: usize,
    scratch: &mut Vec<u8>,
    limits: &Limits,
) -> Result<bool, Stop> {
    let at = cursor.at;
    let tag = cursor.read_tag()?;
    match (tag.name, tag.closing) {
        (b"TD", false) if tag.says_encoding() => {
            let kind = ErrorKind::NotSupported("a TD with an encoding of its own".into());
            return Err(Stop::Fault(at, kind));
        }
        (b"TD", false) => {}
        (b"TR", true) => return Ok(false),
        _ => return Err(unexpected(at, &tag, "inside a row")),
    }
    if tag.empty {
        batch.columns[column].push_null();
        return Ok(true);
    }
    cursor.read_cell_text(scratch, limits.cell_bytes)?;
    if std::str::from_utf8(scratch).is_err() {
        let reason = "the text has bytes that are not UTF-8, which the document says it is".to_owned();
        return Err(Stop::Fault(at, batch.cell_fault(column, reason)));
    }
    match batch.columns[column].push_text(scratch) {
        Ok(()) => Ok(true),
        Err(reason) => Err(Stop::Fault(at, batch.cell_fault(column, reason))),
    }
}

fn unexpected(at: usize, tag: &cursor::Tag<'_>, place: &str) -> Stop {
    let name = crate::scalar::excerpt(tag.name);
    let kind = if tag.closing { "end of element" } else { "element" };
    Stop::Fault(at, ErrorKind::Xml(format!("{kind} {name} {place}")))
}
