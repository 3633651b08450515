//! What a TAP service's failures mean for the person who asked.

use crate::features::archives::fault::{ArchiveFault, adql_fault};
use crate::features::archives::tables::TableSet;
use adql::{ErrorKind as Kind, Span};
use app::error::AdqlFault;
use std::time::Duration;
use tap::{Error, NotATable, Waiting};

/// Most reserved words that one text may use as names.
const MOST_RESERVED: usize = 32;

/// The client's error in the portal's words.
pub(super) fn fault(archive: &str, limit_mib: u64, error: Error) -> ArchiveFault {
    let archive = archive.to_owned();
    let misplaced = |archive, reason: &str| ArchiveFault::Misplaced { archive, reason: reason.to_owned() };
    match error {
        Error::BadAddress { .. } => misplaced(archive, "its address cannot be one of an archive"),
        Error::BadToken => misplaced(archive, "its token cannot be sent"),
        Error::TokenInClear { .. } => misplaced(archive, "its token would travel unencrypted"),
        Error::Redirect { reason, .. } => ArchiveFault::Misplaced {
            archive,
            reason: format!("it sent us on to another address, which was not followed, since {reason}"),
        },
        Error::NotFound { .. } => misplaced(archive, "there is nothing at its address"),
        Error::Setup { .. } => ArchiveFault::Internal { archive, source: error.into() },
        Error::Unreachable { source, .. } => {
            ArchiveFault::Unreachable { archive, source: Some(source.into()) }
        }
        Error::Timeout { waiting, after, rows, .. } => {
            let after = after.as_secs_f64();
            let waited = match waiting {
                Waiting::FirstByte => format!("did not begin to answer within {after} s"),
                Waiting::NextByte => format!("fell silent for {after} s after {rows} rows"),
                Waiting::End if rows == 0 => format!("did not begin to answer within {after} s"),
                Waiting::End => format!("was not done after {after} s and {rows} rows"),
            };
            ArchiveFault::TimedOut { archive, waited, rows }
        }
        Error::Cancelled { .. } | Error::Interrupted { .. } => ArchiveFault::Cancelled,
        Error::Cut { rows, .. } => ArchiveFault::Cut { archive, rows },
        Error::SignInNeeded { .. } | Error::Forbidden { said: None, .. } => {
            ArchiveFault::SignInNeeded { archive }
        }
        Error::Forbidden { said: Some(message), .. } => ArchiveFault::SaidNo { archive, message, rows: 0 },
        Error::Busy { retry_after, .. } => {
            ArchiveFault::Busy { archive, retry_after_s: retry_after.map(|d| d.as_secs()) }
        }
        Error::Rejected { message, rows } => ArchiveFault::SaidNo { archive, message, rows },
        Error::Status { status, said, .. } => {
            let message = said.unwrap_or_else(|| format!("Status {status}."));
            ArchiveFault::SaidNo { archive, message, rows: 0 }
        }
        Error::NotATable { kind, said, .. } => {
            let what = match kind {
                NotATable::WebPage => "a web page",
                NotATable::Json => "JSON",
                NotATable::Text => "text",
                NotATable::Xml => "another kind of XML",
            };
            ArchiveFault::NotATable { archive, what, words: said }
        }
        Error::Empty { .. } => {
            ArchiveFault::NotATable { archive, what: "nothing at all", words: String::new() }
        }
        Error::NoTable { .. } => {
            ArchiveFault::NotATable { archive, what: "a VOTable that has no table", words: String::new() }
        }
        Error::TooManyBytes { rows, .. } => ArchiveFault::TooManyBytes { archive, limit_mib, rows },
        Error::Malformed { rows, source, .. } => {
            ArchiveFault::Malformed { archive, rows, reason: source.to_string() }
        }
        Error::BadDocument { document, reason, .. } => {
            ArchiveFault::Malformed { archive, rows: 0, reason: format!("{document}: {reason}") }
        }
        Error::UnknownTable { name } => {
            ArchiveFault::SaidNo { archive, message: format!("There is no table {name}."), rows: 0 }
        }
    }
}

/// It told nothing of itself in time.
pub(super) fn silent(archive: &str, after: Duration) -> ArchiveFault {
    let waited = format!("did not begin to answer within {} s", after.as_secs_f64());
    ArchiveFault::TimedOut { archive: archive.to_owned(), waited, rows: 0 }
}

/// A fault that is one for every ADQL service: broken syntax. Services know functions, reserved words and names that
/// this portal's own parser does not, so those are left to them.
pub(super) fn certain(text: &str) -> Option<AdqlFault> {
    let error = adql::parse(text).err()?;
    let sure = matches!(
        error.kind,
        Kind::Syntax { .. } | Kind::UnterminatedText | Kind::UnterminatedName | Kind::EmptyName
    );
    sure.then(|| adql_fault(text, &error))
}

/// A refusal with its place in the text, where the place can be found: the archive named a line and column, or the text
/// names a table or column that the archive does not list. The archive's own words always stay.
pub(super) fn placed(text: &str, fault: ArchiveFault, tables: Option<&TableSet>) -> ArchiveFault {
    let ArchiveFault::SaidNo { message, rows: 0, .. } = &fault else { return fault };
    if let Some(unknown) = tables.and_then(|tables| unknown_name(text, tables)) {
        let sentence = format!("{fault} {}", unknown.sentence);
        return ArchiveFault::Adql(AdqlFault { sentence, ..unknown });
    }
    match named_place(message).and_then(|(line, column)| Some((line, column, byte_of(text, line, column)?))) {
        Some((line, column, (start, end))) => ArchiveFault::Adql(AdqlFault {
            sentence: fault.to_string(),
            start,
            end,
            line,
            column,
            nearest: Vec::new(),
        }),
        None => fault,
    }
}

/// A name in the text that is not among the archive's. Columns count only where every table's are known, which the
/// translation cannot tell from a table without columns: then nothing is said.
fn unknown_name(text: &str, tables: &TableSet) -> Option<AdqlFault> {
    let (query, quotes) = parse_kindly(text)?;
    let error = adql::translate(&query, &tables.catalogue(), adql::Options::default()).err()?;
    let certain = match &error.kind {
        Kind::UnknownTable { .. } => true,
        Kind::UnknownColumn { .. } => tables.tables().iter().all(|table| table.columns.is_some()),
        _ => false,
    };
    let here = |at: usize| at - quotes.iter().filter(|quote| **quote < at).count();
    let span = Span::new(here(error.span.start), here(error.span.end));
    certain.then(|| adql_fault(text, &adql::Error { span, ..error }))
}

/// Parses a text in which reserved words may be names, as most services have it: those are quoted on the way. Also
/// gives the places of these quotes in the text that was parsed.
fn parse_kindly(text: &str) -> Option<(adql::Query, Vec<usize>)> {
    let (mut kind, mut quotes) = (text.to_owned(), Vec::new());
    for _ in 0..MOST_RESERVED {
        let error = match adql::parse(&kind) {
            Ok(query) => return Some((query, quotes)),
            Err(error) if matches!(error.kind, Kind::ReservedWord { .. }) => error,
            Err(_) => return None,
        };
        // Faults are found from left to right, so the places noted before stay where they are.
        let Span { start, end } = error.span;
        kind.insert(end, '"');
        kind.insert(start, '"');
        quotes.extend([start, end + 1]);
    }
    None
}

/// The line and column that a message names, as `line 3, column 7` or `line:3, col:7`; both from 1.
fn named_place(message: &str) -> Option<(usize, usize)> {
    let lower = message.to_ascii_lowercase();
    let number_after = |text: &str, word: &str| -> Option<(usize, usize)> {
        let at = text.find(word)? + word.len();
        let rest = text.get(at..)?.trim_start_matches([' ', ':', '=', '.', 'u', 'm', 'n']);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some((digits.parse().ok()?, at))
    };
    let (line, at) = number_after(&lower, "line")?;
    let (column, _) = number_after(lower.get(at..)?, "col")?;
    (line > 0 && column > 0).then_some((line, column))
}

/// The word that begins at a line and column, as a range of bytes; the end of the text counts as a place.
fn byte_of(text: &str, line: usize, column: usize) -> Option<(usize, usize)> {
    let this_line = text.split('\n').nth(line - 1)?;
    let start_of_line: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let inside = match this_line.char_indices().nth(column - 1) {
        Some((at, _)) => at,
        None if column == this_line.chars().count() + 1 => this_line.len(),
        None => return None,
    };
    let start = start_of_line + inside;
    let word = this_line.get(inside..)?;
    let length = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len());
    let length = length.max(word.chars().next().map_or(0, char::len_utf8));
    Some((start, start + length))
}

#[cfg(test)]
mod tests;
