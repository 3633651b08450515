//! What a TAP service tells of its tables, in the portal's words and small.

use crate::features::archives::tables::{Column, Table, TableSet};
use app::features::archives::model::ColumnKind;
use std::collections::HashSet;
use std::sync::Arc;

/// Most columns of one archive that are kept before anybody looks at their tables.
const MOST_COLUMNS: usize = 40_000;

/// How many tables and columns there are.
pub(super) fn count(told: &tap::TableSet) -> (usize, usize) {
    told.tables().fold((0, 0), |(tables, columns), table| (tables + 1, columns + table.columns.len()))
}

/// The tables; those that come without columns keep the columns that were known before.
pub(super) fn table_set(told: tap::TableSet, before: Option<&TableSet>) -> TableSet {
    let keep_columns = count(&told).1 <= MOST_COLUMNS;
    let mut words = Words::default();
    let mut tables = Vec::new();
    for schema in told.schemas {
        for table in schema.tables {
            let name = table_name(&schema.name, &table.name);
            if table.name.trim().is_empty() {
                continue;
            }
            let columns = if keep_columns && !table.columns.is_empty() {
                Some(words.columns(table.columns))
            } else {
                before.and_then(|set| set.table(&name)).and_then(|table| table.columns.clone())
            };
            tables.push(Table {
                name: name.into(),
                description: table.description.or(table.title).map(Into::into),
                rows: table.nrows,
                columns,
            });
        }
    }
    TableSet::new(tables, None)
}

/// The columns of one table.
pub(super) fn columns(told: Vec<tap::Column>) -> Box<[Column]> {
    Words::default().columns(told)
}

/// The words that columns share, each kept once.
#[derive(Default)]
struct Words(HashSet<Arc<str>>);

impl Words {
    fn one(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.0.get(word) {
            return known.clone();
        }
        let word: Arc<str> = word.into();
        self.0.insert(word.clone());
        word
    }

    fn columns(&mut self, told: Vec<tap::Column>) -> Box<[Column]> {
        told.into_iter()
            .map(|column| {
                let datatype = column.datatype.unwrap_or_default();
                Column {
                    name: column_name(&column.name).into(),
                    kind: kind(&datatype),
                    datatype: self.one(&words_of(&datatype)),
                    unit: column.unit.map(|unit| self.one(&unit)),
                    ucd: column.ucd.map(|ucd| self.one(&ucd)),
                    description: column.description.map(Into::into),
                    principal: column.flags.is_principal(),
                    indexed: column.flags.is_indexed() || column.flags.is_primary(),
                }
            })
            .collect()
    }
}

/// `char(*)`, `VARCHAR(20)`, `double`.
fn words_of(datatype: &tap::DataType) -> String {
    match &datatype.arraysize {
        Some(size) => format!("{}({size})", datatype.name),
        None => datatype.name.clone(),
    }
}

/// How values of a type are compared and shown. Types of `VOTable` and of TAP 1.0 have few names in common, so both are
/// looked up in one list.
fn kind(datatype: &tap::DataType) -> ColumnKind {
    let xtype = datatype.xtype.as_deref().unwrap_or_default().to_ascii_lowercase();
    let shape = ["point", "circle", "polygon", "region", "moc", "interval", "multishape", "shape", "range"];
    if shape.iter().any(|word| xtype.contains(word)) {
        return ColumnKind::Other;
    }
    let array = datatype.arraysize.as_deref().is_some_and(|size| size.trim() != "1");
    match datatype.name.to_ascii_lowercase().trim_start_matches("adql:") {
        "char" | "unicodechar" | "varchar" | "clob" | "timestamp" | "text" => {
            // Text of more than one dimension is a list of texts.
            let list = datatype.arraysize.as_deref().is_some_and(|size| size.contains('x'));
            if list { ColumnKind::Other } else { ColumnKind::Text }
        }
        "boolean" if !array => ColumnKind::Boolean,
        "unsignedbyte" | "short" | "int" | "long" if !array => ColumnKind::Integer,
        "float" | "double" if !array => ColumnKind::Number,
        "smallint" | "integer" | "bigint" => ColumnKind::Integer,
        "real" | "numeric" | "decimal" => ColumnKind::Number,
        _ => ColumnKind::Other,
    }
}

fn column_name(told: &str) -> String {
    let told = told.trim();
    if told.starts_with('"') { told.to_owned() } else { adql::quote_identifier(told).into() }
}

/// Services should write names as queries must; some leave out the quotes.
fn table_name(schema: &str, told: &str) -> String {
    let (schema, told) = (schema.trim().trim_matches('"'), told.trim());
    if told.contains('"') || told.split('.').all(is_plain) {
        return told.to_owned();
    }
    match told.strip_prefix(schema).and_then(|rest| rest.strip_prefix('.')) {
        Some(name) if !schema.is_empty() => {
            format!("{}.{}", adql::quote_identifier(schema), adql::quote_identifier(name))
        }
        _ => adql::quote_identifier(told).into(),
    }
}

/// Whether a name needs no quotes but for being a reserved word: services with a schema `public` mean just that.
fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests;
