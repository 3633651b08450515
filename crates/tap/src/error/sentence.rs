//! The sentences of [`Error`](super::Error) that depend on more than their fields' text.

use std::time::Duration;

use super::{NotATable, Waiting};
use crate::Challenge;

pub(super) fn timeout(place: &str, waiting: Waiting, after: Duration, rows: u64) -> String {
    let after = seconds(after);
    match waiting {
        Waiting::FirstByte => {
            format!("{place} did not begin to answer within {after}; ask for less, or try again later")
        }
        Waiting::NextByte => format!("{place} fell silent for {after} after {rows} rows; try again later"),
        Waiting::End => format!("{place} was not done after {after} and {rows} rows; ask for less"),
    }
}

pub(super) fn cut(place: &str, rows: u64) -> String {
    match rows {
        0 => format!("the connection to {place} was cut before the first row; try again"),
        _ => format!(
            "the connection to {place} was cut after {rows} rows; the answer is incomplete, try again"
        ),
    }
}

pub(super) fn busy(place: &str, retry_after: Option<Duration>, words: Option<&str>) -> String {
    let when = retry_after.map_or_else(|| "later".into(), |d| format!("in {}", seconds(d)));
    format!("{place} is busy{}; try again {when}", said(words))
}

pub(super) fn rejected(message: &str, rows: u64) -> String {
    match (rows, message.is_empty()) {
        (0, true) => "the archive refused the query and gave no reason".into(),
        (0, false) => format!("the archive refused the query: “{message}”"),
        (_, true) => format!("the archive failed after {rows} rows and gave no reason"),
        (_, false) => format!("the archive failed after {rows} rows: “{message}”"),
    }
}

pub(super) fn not_a_table(place: &str, kind: NotATable, status: u16, words: &str) -> String {
    let kind = match kind {
        NotATable::WebPage => "a web page",
        NotATable::Json => "JSON",
        NotATable::Text => "text",
        NotATable::Xml => "another kind of XML",
    };
    let status = if status == 200 { String::new() } else { format!(" (status {status})") };
    let words = said((!words.is_empty()).then_some(words));
    format!(
        "the archive answered with {kind}, not a table{status}{words}; check that {place} is a TAP service"
    )
}

pub(super) fn too_many_bytes(limit: u64, rows: u64) -> String {
    format!(
        "the answer is larger than the limit of {limit} bytes; reading stopped after {rows} rows, ask for less"
    )
}

pub(super) fn said(words: Option<&str>) -> String {
    words.filter(|w| !w.is_empty()).map(|w| format!(" and says “{w}”")).unwrap_or_default()
}

pub(super) fn schemes(challenges: &[Challenge]) -> String {
    if challenges.is_empty() {
        return " but does not say how".into();
    }
    let names: Vec<&str> = challenges.iter().map(|c| c.scheme.as_str()).collect();
    format!(" (it accepts {})", names.join(", "))
}

fn seconds(duration: Duration) -> String {
    match duration.as_millis() {
        ms if ms < 1000 => format!("{ms} ms"),
        ms if ms % 1000 == 0 => format!("{} s", ms / 1000),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}
