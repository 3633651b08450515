//! Names of columns in a question, checked against the result.

use super::opened::Opened;
use crate::features::queries::views::column_kind;
use app::error::{Error, FieldError, Result};
use app::features::archives::model::ColumnKind;
use app::features::queries::filter::{Condition, Filter};

/// Most filters at once.
const MOST_FILTERS: usize = 64;
/// Longest text of one filter, in bytes.
const LONGEST_FILTER: usize = 1000;

/// The place of a column; `field` is the form's field that named it.
pub(super) fn find(opened: &Opened, name: &str, field: &str) -> Result<usize> {
    let place = opened.schema().fields().iter().position(|f| f.name() == name);
    place.ok_or_else(|| {
        let shown: String = name.chars().take(60).collect();
        Error::field(field, format!("This result has no column \"{shown}\". Choose one of its columns."))
    })
}

/// The same for a column of numbers.
pub(super) fn find_numeric(opened: &Opened, name: &str, field: &str) -> Result<usize> {
    let place = find(opened, name, field)?;
    if kind(opened, place).is_numeric() {
        Ok(place)
    } else {
        Err(Error::field(
            field,
            format!("\"{name}\" holds no numbers, so it cannot be drawn. Choose another column."),
        ))
    }
}

/// The columns to show; all where none are named.
pub(super) fn shown(opened: &Opened, names: &[String]) -> Result<Vec<usize>> {
    if names.is_empty() {
        return Ok((0..opened.schema().fields().len()).collect());
    }
    if names.len() > opened.schema().fields().len() {
        return Err(Error::field("columns", "More columns are named than this result has. Name each once."));
    }
    names.iter().map(|name| find(opened, name, "columns")).collect()
}

/// The filters as conditions on columns; empty ones are left out; every wrong one is named.
pub(super) fn conditions(opened: &Opened, filters: &[Filter]) -> Result<Vec<(usize, Condition)>> {
    let (mut conditions, mut faults) = (Vec::new(), Vec::new());
    if filters.len() > MOST_FILTERS || filters.iter().any(|f| f.text.len() > LONGEST_FILTER) {
        let sentence =
            format!("At most {MOST_FILTERS} conditions of {LONGEST_FILTER} letters each. Remove some.");
        return Err(Error::field("filters", sentence));
    }
    for filter in filters {
        let field = format!("f.{}", filter.column);
        let column = find(opened, &filter.column, &field)?;
        match Condition::parse(&filter.text, kind(opened, column).is_numeric()) {
            Ok(Some(condition)) => conditions.push((column, condition)),
            Ok(None) => {}
            Err(sentence) => faults.push(FieldError { field, sentence }),
        }
    }
    if faults.is_empty() { Ok(conditions) } else { Err(Error::Invalid(faults)) }
}

fn kind(opened: &Opened, place: usize) -> ColumnKind {
    column_kind(opened.schema().field(place).data_type())
}
