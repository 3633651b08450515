//! `archive.toml`: what the archive, its tables and columns are, for the server to show and to answer with.

use std::path::Path;

use serde::Serialize;

use crate::error::ArchiveError;
use crate::table::Table;

/// The form of the file; a reader refuses one that it does not know.
const FORMAT: u32 = 1;

/// The whole file.
#[derive(Debug, Serialize)]
struct Archive {
    format: u32,
    name: &'static str,
    title: &'static str,
    description: &'static str,
    source: &'static str,
    licence: &'static str,
    schema: Vec<SchemaDescription>,
    table: Vec<TableDescription>,
}

#[derive(Debug, Serialize)]
struct SchemaDescription {
    name: &'static str,
    title: &'static str,
    description: &'static str,
}

/// A table's entry.
#[derive(Debug, Serialize)]
pub(crate) struct TableDescription {
    schema: &'static str,
    name: &'static str,
    title: &'static str,
    description: String,
    source: &'static str,
    file: String,
    rows: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reference: Vec<Reference>,
    column: Vec<ColumnDescription>,
}

/// A column that points to another table's.
#[derive(Debug, Serialize)]
struct Reference {
    column: &'static str,
    to_table: &'static str,
    to_column: &'static str,
}

#[derive(Debug, Serialize)]
struct ColumnDescription {
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    unit: &'static str,
    ucd: &'static str,
    description: &'static str,
    nullable: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    key: bool,
    principal: bool,
}

/// The entry of a table.
pub(crate) fn table(table: &Table) -> TableDescription {
    let reference = |&(column, to_table, to_column): &(&'static str, &'static str, &'static str)| Reference {
        column,
        to_table,
        to_column,
    };
    TableDescription {
        schema: "sky",
        name: table.name,
        title: table.title,
        description: table.description.clone(),
        source: table.source,
        file: table.file_name(),
        rows: table.rows(),
        reference: table.references.iter().map(reference).collect(),
        column: table
            .columns
            .iter()
            .map(|column| ColumnDescription {
                name: column.name,
                kind: column.values.type_name(),
                unit: column.unit,
                ucd: column.ucd,
                description: column.description,
                nullable: column.values.has_nulls(),
                key: column.key,
                principal: column.principal,
            })
            .collect(),
    }
}

/// Writes the file.
pub(crate) fn write(tables: Vec<TableDescription>, path: &Path) -> Result<(), ArchiveError> {
    let archive = Archive {
        format: FORMAT,
        name: "sky",
        title: "The sky at hand",
        description: "Stars, deep-sky objects and their names: a small archive that comes with Skyport and answers \
                      without any network.",
        source: "The catalogues of d3-celestial 0.7.35 by Olaf Frohn",
        licence: "BSD-3-Clause, copyright 2015 Olaf Frohn",
        schema: vec![SchemaDescription {
            name: "sky",
            title: "Stars and deep-sky objects",
            description: "Everything that this archive holds.",
        }],
        table: tables,
    };
    let text = toml::to_string_pretty(&archive)?;
    std::fs::write(path, text).map_err(|source| ArchiveError::File {
        action: "write",
        path: path.into(),
        source,
    })
}
