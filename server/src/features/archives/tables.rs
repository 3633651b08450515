//! What is known of an archive's tables, kept small: the largest archives have fifty thousand of them.

use app::features::archives::model::{ColumnKind, ColumnView, TableSummary, TableView};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

mod search;

/// The tables of an archive at one moment.
#[derive(Debug, Default)]
pub struct TableSet {
    tables: Vec<Arc<Table>>,
    /// Places in `tables` by folded name.
    by_name: HashMap<Box<str>, u32>,
    /// Where the data comes from and under which licence, where known.
    pub credit: Option<String>,
    catalogue: OnceLock<Arc<adql::Catalogue>>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name as ADQL wants it, with schema and quotes: `sky.stars`, `"I/239/hip_main"`.
    pub name: Box<str>,
    /// What it holds.
    pub description: Option<Box<str>>,
    /// Rows, where known.
    pub rows: Option<u64>,
    /// Its columns; none while they are not known.
    pub columns: Option<Box<[Column]>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name as ADQL wants it, with quotes where it must have them.
    pub name: Box<str>,
    /// How it is compared and shown.
    pub kind: ColumnKind,
    /// Data type in the archive's words: `double`, `char(*)`.
    pub datatype: Arc<str>,
    /// Its unit (`VOUnits`).
    pub unit: Option<Arc<str>>,
    /// UCD1+.
    pub ucd: Option<Arc<str>>,
    /// What it means.
    pub description: Option<Box<str>>,
    /// One of those that the archive recommends.
    pub principal: bool,
    /// Whether a condition on it is quick.
    pub indexed: bool,
}

impl TableSet {
    /// A set of these tables, in this order.
    pub fn new(tables: Vec<Table>, credit: Option<String>) -> Self {
        let tables: Vec<Arc<Table>> = tables.into_iter().map(Arc::new).collect();
        let by_name =
            tables.iter().zip(0..).map(|(table, place)| (fold(&table.name).into(), place)).collect();
        Self { tables, by_name, credit, catalogue: OnceLock::new() }
    }

    /// The tables, in the archive's order.
    pub fn tables(&self) -> &[Arc<Table>] {
        &self.tables
    }

    /// The table of this name, case and quotes aside.
    pub fn table(&self, name: &str) -> Option<&Arc<Table>> {
        self.by_name.get(fold(name).as_str()).and_then(|place| self.tables.get(*place as usize))
    }

    /// The same set with the columns of one table.
    #[must_use]
    pub fn with_table(&self, table: Table) -> Self {
        let place = self.by_name.get(fold(&table.name).as_str()).map(|place| *place as usize);
        let mut tables = self.tables.clone();
        let mut by_name = self.by_name.clone();
        if let Some(old) = place.and_then(|place| tables.get_mut(place)) {
            *old = Arc::new(table);
        } else {
            by_name.insert(fold(&table.name).into(), tables.len() as u32);
            tables.push(Arc::new(table));
        }
        Self { tables, by_name, credit: self.credit.clone(), catalogue: OnceLock::new() }
    }

    /// The tables that match every word of a search in their name or description, or in a column's name, description
    /// or UCD: at most `most`, those whose name matches first, and how many match in all.
    pub fn search(&self, words: &str, most: usize) -> (Vec<&Arc<Table>>, u64) {
        search::search(&self.tables, words, most)
    }

    /// The same for the ADQL parser; made when first wanted.
    pub fn catalogue(&self) -> Arc<adql::Catalogue> {
        self.catalogue.get_or_init(|| Arc::new(self.tables.iter().map(|t| t.to_adql()).collect())).clone()
    }
}

impl Table {
    /// For a list.
    pub fn summary(&self) -> TableSummary {
        TableSummary {
            name: self.name.to_string(),
            description: self.description.as_deref().map(str::to_owned),
            rows: self.rows,
            columns: self.columns.as_ref().map(|c| c.len() as u64),
        }
    }

    /// For its page.
    pub fn view(&self) -> TableView {
        let columns = self.columns.as_deref().unwrap_or_default();
        TableView { table: self.summary(), columns: columns.iter().map(Column::view).collect() }
    }

    fn to_adql(&self) -> adql::Table {
        let (schema, name) = split(&self.name);
        let columns = self.columns.as_deref().unwrap_or_default().iter().map(Column::to_adql).collect();
        let table = match schema {
            Some(schema) => adql::Table::new(schema, name, columns),
            None => adql::Table::without_schema(name, columns),
        };
        match &self.description {
            Some(text) => table.description(text.to_string()),
            None => table,
        }
    }
}

impl Column {
    fn view(&self) -> ColumnView {
        ColumnView {
            name: self.name.to_string(),
            kind: self.kind,
            datatype: self.datatype.to_string(),
            unit: self.unit.as_deref().map(str::to_owned),
            ucd: self.ucd.as_deref().map(str::to_owned),
            description: self.description.as_deref().map(str::to_owned),
            principal: self.principal,
            indexed: self.indexed,
        }
    }

    fn to_adql(&self) -> adql::Column {
        let kind = match self.kind {
            ColumnKind::Number => adql::Kind::Number,
            ColumnKind::Integer => adql::Kind::Integer,
            ColumnKind::Text => adql::Kind::Text,
            ColumnKind::Boolean => adql::Kind::Boolean,
            ColumnKind::Other => adql::Kind::Other,
        };
        let mut column = adql::Column::new(unquoted(&self.name), kind);
        column.unit = self.unit.as_deref().map(str::to_owned);
        column.ucd = self.ucd.as_deref().map(str::to_owned);
        column.description = self.description.as_deref().map(str::to_owned);
        column
    }
}

/// A name without quotes, in small letters: what two spellings of one table have in common.
fn fold(name: &str) -> String {
    name.replace('"', "").to_lowercase()
}

/// A qualified name's schema (the last but one part; catalogues before it are dropped) and table, without quotes.
fn split(name: &str) -> (Option<String>, String) {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in name.chars() {
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            c => {
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
        }
    }
    let table = parts.pop().unwrap_or_default();
    (parts.pop().filter(|schema| !schema.is_empty()), table)
}

fn unquoted(name: &str) -> String {
    match name.strip_prefix('"').and_then(|n| n.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests;
