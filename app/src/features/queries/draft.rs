//! A question that is still being written: everything the query page holds, which is also what its address holds.

use super::form::GuidedForm;
use super::model::LimitsView;
use crate::error::{Error, FieldError, Result};
use crate::features::archives::model::TableView;
use crate::frame::query_string::{read_pairs, write_address};
#[cfg(feature = "ssr")]
use leptos::server_fn::{ServerFn, error::ServerFnUrlError};

/// The page that drafts live on.
pub const QUERY_PAGE: &str = "/datasets/query";
/// The radius of a first-timer.
const FIRST_RADIUS: &str = "1 deg";
/// The row limit of a first-timer, where their own limit allows it.
const FIRST_ROWS: u64 = 1000;

/// What the form holds, as typed, and the text where it was written by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The archive's key; the local one where empty.
    pub archive: String,
    /// The table's qualified name; the archive's first where empty.
    pub table: String,
    /// Target name or coordinates.
    pub target: String,
    /// Radius as typed; [`Self::radius`] gives the default.
    pub radius: Option<String>,
    /// Conditions as typed, by column, in the order in which they were added.
    pub conditions: Vec<(String, String)>,
    /// Columns wanted; the archive's recommended ones where none were chosen yet.
    pub columns: Option<Vec<String>>,
    /// Row limit as typed; the default where it was not touched.
    pub rows: Option<String>,
    /// The text, where it was written by hand.
    pub adql: Option<String>,
}

impl Draft {
    /// Reads the page's raw query string.
    pub fn read(search: &str) -> Self {
        let mut draft = Self::default();
        for (name, value) in read_pairs(search) {
            match name.as_str() {
                "archive" => draft.archive = value,
                "table" => draft.table = value,
                "target" => draft.target = value,
                "radius" => draft.radius = Some(value),
                "rows" => draft.rows = Some(value),
                "adql" => draft.adql = Some(value).filter(|text| !text.trim().is_empty()),
                "add" => draft.add_condition(&value),
                "cols" => {
                    let columns = draft.columns.get_or_insert_default();
                    columns.extend(split_columns(&value).filter(|c| !c.is_empty()));
                }
                _ => {
                    if let Some(column) = name.strip_prefix("c.") {
                        draft.set_condition(column, value);
                    }
                }
            }
        }
        draft
    }

    /// The address that [`Self::read`] reads.
    pub fn address(&self) -> String {
        let mut pairs = Vec::new();
        let mut put = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
        if !self.archive.is_empty() {
            put("archive", &self.archive);
        }
        if let Some(adql) = self.adql.as_ref().filter(|text| !text.trim().is_empty()) {
            put("adql", adql);
        }
        if !self.table.is_empty() {
            put("table", &self.table);
        }
        if !self.target.is_empty() {
            put("target", &self.target);
        }
        if let Some(radius) = self.radius.as_ref().filter(|r| *r != FIRST_RADIUS) {
            put("radius", radius);
        }
        for (column, text) in &self.conditions {
            put(&format!("c.{column}"), text);
        }
        if let Some(columns) = &self.columns {
            put("cols", &columns.join(","));
        }
        if let Some(rows) = &self.rows {
            put("rows", rows);
        }
        write_address(QUERY_PAGE, &pairs)
    }

    /// A draft of this text for this archive.
    pub fn of_text(archive: &str, adql: &str) -> Self {
        Self { archive: archive.to_owned(), adql: Some(adql.to_owned()), ..Self::default() }
    }

    /// The address of the page with this draft and why asking failed, in the form in which Leptos finds it again.
    #[cfg(feature = "ssr")]
    pub fn failed_address<S>(&self, error: Error) -> String
    where
        S: ServerFn,
    {
        let base = format!("http://inside{}", self.address());
        let error = ServerFnUrlError::new(S::PATH, error);
        match error.to_url(&base) {
            Ok(url) => format!("{}?{}", url.path(), url.query().unwrap_or_default()),
            Err(_) => self.address(),
        }
    }

    /// The same form without the text that was written by hand.
    #[must_use]
    pub fn without_text(&self) -> Self {
        Self { adql: None, ..self.clone() }
    }

    /// The same archive, another table: what belonged to the old one's columns goes.
    #[must_use]
    pub fn with_table(&self, table: &str) -> Self {
        Self { table: table.to_owned(), conditions: Vec::new(), columns: None, adql: None, ..self.clone() }
    }

    /// Another archive.
    #[must_use]
    pub fn with_archive(&self, archive: &str) -> Self {
        Self { archive: archive.to_owned(), ..self.with_table("") }
    }

    /// Shows a row for a condition on the column, if there is none yet.
    pub fn add_condition(&mut self, column: &str) {
        if !column.is_empty() && !self.conditions.iter().any(|(c, _)| c == column) {
            self.conditions.push((column.to_owned(), String::new()));
        }
    }

    /// Sets the condition on a column.
    pub fn set_condition(&mut self, column: &str, text: String) {
        match self.conditions.iter_mut().find(|(c, _)| c == column) {
            Some(condition) => condition.1 = text,
            None => self.conditions.push((column.to_owned(), text)),
        }
    }

    /// Takes the row for a condition away.
    pub fn remove_condition(&mut self, column: &str) {
        self.conditions.retain(|(c, _)| c != column);
    }

    /// The radius as typed, or the default.
    pub fn radius(&self) -> &str {
        self.radius.as_deref().unwrap_or(FIRST_RADIUS)
    }

    /// The row limit as typed, or the default.
    pub fn rows(&self, limits: &LimitsView) -> String {
        self.rows.clone().unwrap_or_else(|| FIRST_ROWS.min(limits.rows).to_string())
    }

    /// The columns wanted: as chosen, or those that the archive recommends, or all (empty).
    pub fn columns(&self, table: &TableView) -> Vec<String> {
        let known = |name: &String| table.columns.iter().any(|c| c.name == *name);
        match &self.columns {
            Some(chosen) => chosen.iter().filter(|c| known(c)).cloned().collect(),
            None => table.columns.iter().filter(|c| c.principal).map(|c| c.name.clone()).collect(),
        }
    }

    /// Wants a column, or not; the others keep the table's order.
    pub fn want_column(&mut self, table: &TableView, column: &str, wanted: bool) {
        let now = self.columns(table);
        let keep = |name: &String| if name == column { wanted } else { now.contains(name) };
        let columns = table.columns.iter().map(|c| c.name.clone()).filter(keep).collect();
        self.columns = Some(columns);
    }

    /// The ADQL of the form, all faults at once; the text by hand plays no part.
    pub fn form_adql(
        &self,
        table: &TableView,
        center: Option<(f64, f64)>,
        limits: &LimitsView,
    ) -> Result<String> {
        let rows = read_rows(&self.rows(limits), limits);
        let form = GuidedForm {
            target: self.target.clone(),
            center,
            radius: self.radius().to_owned(),
            conditions: self.conditions.clone(),
            columns: self.columns(table),
            rows: rows.as_ref().ok().copied().flatten(),
        };
        match (form.to_adql(table), rows) {
            (Ok(adql), Ok(_)) => Ok(adql),
            (Err(Error::Invalid(mut faults)), Err(fault)) => {
                faults.push(fault);
                Err(Error::Invalid(faults))
            }
            (Err(error), _) => Err(error),
            (Ok(_), Err(fault)) => Err(Error::Invalid(vec![fault])),
        }
    }
}

/// Splits `a,"b,c",d` at the commas outside of quotes.
pub fn split_columns(list: &str) -> impl Iterator<Item = String> {
    let (mut names, mut quoted) = (vec![String::new()], false);
    for c in list.chars() {
        quoted ^= c == '"';
        match names.last_mut() {
            Some(name) if c != ',' || quoted => name.push(c),
            _ => names.push(String::new()),
        }
    }
    names.into_iter().map(|name| name.trim().to_owned())
}

/// Reads the row limit: `10,000`, `500 rows`, empty for as many as the limit allows.
fn read_rows(text: &str, limits: &LimitsView) -> Result<Option<u64>, FieldError> {
    let fault = |sentence: String| FieldError { field: "rows".to_owned(), sentence };
    let digits: String =
        text.trim().trim_end_matches("rows").chars().filter(|c| !", _".contains(*c)).collect();
    if digits.is_empty() {
        return Ok(None);
    }
    match digits.parse::<u64>() {
        Ok(rows) if rows > limits.rows => Err(fault(super::sentences::too_many_rows(limits))),
        Ok(rows) if rows > 0 => Ok(Some(rows)),
        _ => Err(fault("Write a whole number of rows, such as 1000.".to_owned())),
    }
}

#[cfg(test)]
mod tests;
