//! `archive.toml`: what the tables and columns of the local archive mean. `tools/archive` writes it.

use crate::features::archives::fault::Cause;
use crate::features::archives::tables::{Column, Table, TableSet};
use app::features::archives::model::ColumnKind;
use serde::Deserialize;

/// The form of the file that this version reads.
const FORMAT: u32 = 1;

/// The whole file.
#[derive(Debug, Deserialize)]
pub(super) struct Description {
    format: u32,
    /// A few words.
    pub(super) title: String,
    /// One sentence.
    #[serde(rename = "description")]
    pub(super) sentence: String,
    source: String,
    licence: String,
    table: Vec<TableDescription>,
}

/// A table.
#[derive(Debug, Deserialize)]
pub(super) struct TableDescription {
    /// The schema's name.
    pub(super) schema: String,
    /// The name in the schema.
    pub(super) name: String,
    description: String,
    source: String,
    /// The Parquet file beside the description.
    pub(super) file: String,
    rows: u64,
    column: Vec<ColumnDescription>,
}

#[derive(Debug, Deserialize)]
struct ColumnDescription {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    unit: Option<String>,
    ucd: Option<String>,
    description: Option<String>,
    #[serde(default)]
    key: bool,
    #[serde(default)]
    principal: bool,
}

impl Description {
    /// Reads the file.
    pub(super) fn read(text: &str) -> Result<Self, Cause> {
        let read: Self = toml::from_str(text)?;
        if read.format != FORMAT {
            return Err(format!("archive.toml has form {}, wanted {FORMAT}", read.format).into());
        }
        Ok(read)
    }

    /// The tables in the file's order.
    pub(super) fn files(&self) -> &[TableDescription] {
        &self.table
    }

    /// For people and for the parser.
    pub(super) fn tables(&self) -> TableSet {
        let credit = format!("{}. {}.", self.source, self.licence);
        TableSet::new(self.table.iter().map(TableDescription::table).collect(), Some(credit))
    }
}

impl TableDescription {
    fn table(&self) -> Table {
        let name = format!("{}.{}", adql::quote_identifier(&self.schema), adql::quote_identifier(&self.name));
        Table {
            name: name.into(),
            description: Some(format!("{} Source: {}.", self.description, self.source).into()),
            rows: Some(self.rows),
            columns: Some(self.column.iter().map(ColumnDescription::column).collect()),
        }
    }
}

impl ColumnDescription {
    fn column(&self) -> Column {
        let kind = match self.kind.as_str() {
            "INTEGER" | "SMALLINT" | "BIGINT" => ColumnKind::Integer,
            "REAL" | "DOUBLE" => ColumnKind::Number,
            "VARCHAR" | "CHAR" => ColumnKind::Text,
            "BOOLEAN" => ColumnKind::Boolean,
            _ => ColumnKind::Other,
        };
        Column {
            name: adql::quote_identifier(&self.name).into(),
            kind,
            datatype: self.kind.as_str().into(),
            unit: self.unit.as_deref().map(Into::into),
            ucd: self.ucd.as_deref().map(Into::into),
            description: self.description.as_deref().map(Into::into),
            principal: self.principal,
            indexed: self.key,
        }
    }
}
