//! VOSI tables (VOSI 1.1 section 4, `VODataService` 1.1 to 1.3 section 3.3), from TAP 1.0 and 1.1 services.

use std::io::Read;

use super::xml::{Doc, Tag, Trouble};

/// All schemas of a service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableSet {
    /// The schemas, in the service's order.
    pub schemas: Vec<Schema>,
    /// Whether the service cut the list, so that there are more tables than these.
    pub is_cut: bool,
}

impl TableSet {
    /// All tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.schemas.iter().flat_map(|s| &s.tables)
    }

    /// The table of this name; SQL identifiers do not mind case unless they are quoted.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables().find(|t| t.name == name).or_else(|| self.tables().find(|t| t.is_called(name)))
    }
}

/// Tables that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Its name; empty for tables that the service puts into none.
    pub name: String,
    /// A title for people.
    pub title: Option<String>,
    /// What it holds.
    pub description: Option<String>,
    /// Its role in a data model.
    pub utype: Option<String>,
    /// Its tables, in the service's order.
    pub tables: Vec<Table>,
}

/// One table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The name to write in a query, as the service gives it: with schema and quotes where they are needed.
    pub name: String,
    /// A title for people.
    pub title: Option<String>,
    /// What it holds.
    pub description: Option<String>,
    /// Its role in a data model.
    pub utype: Option<String>,
    /// `table`, `view`, `base_table`, `output`.
    pub kind: Option<String>,
    /// Number of rows as the service estimates it.
    pub nrows: Option<u64>,
    /// The columns, in order; empty when the service lists tables alone
    /// (then ask [`Client::columns`](crate::Client::columns)).
    pub columns: Vec<Column>,
    /// Where it refers to.
    pub foreign_keys: Vec<ForeignKey>,
}

impl Table {
    /// Whether this is the table of that name, case and quotes aside.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let plain = |s: &str| s.replace('"', "").to_lowercase();
        plain(&self.name) == plain(name)
    }
}

/// One column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// The name to write in a query, as the service gives it.
    pub name: String,
    /// What it means.
    pub description: Option<String>,
    /// Unit (`VOUnits`).
    pub unit: Option<String>,
    /// Unified content descriptor.
    pub ucd: Option<String>,
    /// Its role in a data model.
    pub utype: Option<String>,
    /// Its type.
    pub datatype: Option<DataType>,
    /// What is said of it.
    pub flags: Flags,
}

/// A column's type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataType {
    /// In which words `name` is.
    pub system: TypeSystem,
    /// The type's name, as written: `double`, `char`, `VARCHAR`, `BIGINT`, ...
    pub name: String,
    /// Shape as in `VOTable` (`*`, `10`, `2x3*`), or the size of a TAP 1.0 type.
    pub arraysize: Option<String>,
    /// The meaning of the value's text, such as `timestamp`, `adql:POINT`.
    pub xtype: Option<String>,
}

/// The words of a type's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TypeSystem {
    /// `VOTable` types (`vs:VOTableType`).
    VOTable,
    /// SQL types of TAP 1.0 (`vs:TAPType`).
    Tap,
    /// Not said, or another.
    #[default]
    Other,
}

/// What a service says of a column beyond its type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    const INDEXED: u8 = 1;
    const PRINCIPAL: u8 = 2;
    const STD: u8 = 4;
    const PRIMARY: u8 = 8;
    const NULLABLE: u8 = 16;

    /// Conditions on it are quick.
    pub fn is_indexed(self) -> bool {
        self.0 & Self::INDEXED != 0
    }

    /// It belongs to the core of the table.
    pub fn is_principal(self) -> bool {
        self.0 & Self::PRINCIPAL != 0
    }

    /// A standard defines it.
    pub fn is_std(self) -> bool {
        self.0 & Self::STD != 0
    }

    /// It belongs to the primary key.
    pub fn is_primary(self) -> bool {
        self.0 & Self::PRIMARY != 0
    }

    /// It may be null.
    pub fn is_nullable(self) -> bool {
        self.0 & Self::NULLABLE != 0
    }

    /// Sets the flag of this name (`indexed`, `principal`, `std`, `primary`, `nullable`); others are ignored.
    pub(crate) fn set(&mut self, name: &str) {
        self.0 |= match name {
            "indexed" => Self::INDEXED,
            "principal" => Self::PRINCIPAL,
            "std" => Self::STD,
            "primary" => Self::PRIMARY,
            "nullable" => Self::NULLABLE,
            _ => 0,
        };
    }
}

/// A reference from one table to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignKey {
    /// The table referred to.
    pub target_table: String,
    /// Pairs of columns: here, there.
    pub columns: Vec<(String, String)>,
    /// What it means.
    pub description: Option<String>,
    /// Its role in a data model.
    pub utype: Option<String>,
}

/// Reads documents with limits on what they may list.
pub(crate) struct TablesReader {
    pub(crate) max_tables: usize,
    pub(crate) max_columns: usize,
    tables: usize,
    columns: usize,
}

impl TablesReader {
    pub(crate) fn new(max_tables: usize, max_columns: usize) -> Self {
        Self { max_tables, max_columns, tables: 0, columns: 0 }
    }

    /// A table set, or the document of a single table as a set of one.
    pub(crate) fn read<R: Read>(mut self, doc: &mut Doc<R>) -> Result<TableSet, Trouble> {
        let root = doc.root(&["tableset", "tables", "schema", "table"])?;
        let mut loose = Schema::default();
        let mut schemas = Vec::new();
        match root.name.to_ascii_lowercase().as_str() {
            "schema" => schemas.push(self.schema(doc)?),
            "table" => loose.tables.push(self.table(doc, &root)?),
            _ => {
                while let Some(tag) = doc.child()? {
                    match tag.name.as_str() {
                        "schema" => schemas.push(self.schema(doc)?),
                        "table" => loose.tables.push(self.table(doc, &tag)?),
                        _ => doc.skip()?,
                    }
                }
            }
        }
        if !loose.tables.is_empty() {
            schemas.push(loose);
        }
        Ok(TableSet { schemas, is_cut: false })
    }

    fn schema<R: Read>(&mut self, doc: &mut Doc<R>) -> Result<Schema, Trouble> {
        // A schema counts as a table: a million empty ones are no better.
        self.count_table()?;
        let mut out = Schema::default();
        while let Some(tag) = doc.child()? {
            match tag.name.as_str() {
                "name" => out.name = doc.text()?.unwrap_or_default(),
                "title" => out.title = doc.text()?,
                "description" => out.description = doc.text()?,
                "utype" => out.utype = doc.text()?,
                "table" => {
                    let table = self.table(doc, &tag)?;
                    out.tables.push(table);
                }
                _ => doc.skip()?,
            }
        }
        Ok(out)
    }

    fn count_table(&mut self) -> Result<(), Trouble> {
        self.tables += 1;
        if self.tables > self.max_tables {
            return Err(Trouble::TooMany { what: "tables", limit: self.max_tables });
        }
        Ok(())
    }

    fn count_column(&mut self) -> Result<(), Trouble> {
        self.columns += 1;
        if self.columns > self.max_columns {
            return Err(Trouble::TooMany { what: "columns", limit: self.max_columns });
        }
        Ok(())
    }

    fn table<R: Read>(&mut self, doc: &mut Doc<R>, tag: &Tag) -> Result<Table, Trouble> {
        self.count_table()?;
        let mut out = Table { kind: tag.attribute("type"), ..Table::default() };
        while let Some(tag) = doc.child()? {
            match tag.name.as_str() {
                "name" => out.name = doc.text()?.unwrap_or_default(),
                "title" => out.title = doc.text()?,
                "description" => out.description = doc.text()?,
                "utype" => out.utype = doc.text()?,
                "nrows" => out.nrows = doc.text()?.and_then(|t| t.parse().ok()),
                "column" => {
                    self.count_column()?;
                    out.columns.push(read_column(doc, &tag)?);
                }
                "foreignKey" => {
                    self.count_column()?;
                    let key = self.foreign_key(doc)?;
                    out.foreign_keys.push(key);
                }
                _ => doc.skip()?,
            }
        }
        Ok(out)
    }

    fn foreign_key<R: Read>(&mut self, doc: &mut Doc<R>) -> Result<ForeignKey, Trouble> {
        let mut out = ForeignKey::default();
        while let Some(tag) = doc.child()? {
            match tag.name.as_str() {
                "targetTable" => out.target_table = doc.text()?.unwrap_or_default(),
                "description" => out.description = doc.text()?,
                "utype" => out.utype = doc.text()?,
                "fkColumn" => {
                    self.count_column()?;
                    let (mut from, mut target) = (None, None);
                    while let Some(tag) = doc.child()? {
                        match tag.name.as_str() {
                            "fromColumn" => from = doc.text()?,
                            "targetColumn" => target = doc.text()?,
                            _ => doc.skip()?,
                        }
                    }
                    out.columns.extend(from.zip(target));
                }
                _ => doc.skip()?,
            }
        }
        Ok(out)
    }
}

fn read_column<R: Read>(doc: &mut Doc<R>, tag: &Tag) -> Result<Column, Trouble> {
    let mut out = Column::default();
    if matches!(tag.attribute("std").as_deref(), Some("true" | "1")) {
        out.flags.set("std");
    }
    while let Some(tag) = doc.child()? {
        match tag.name.as_str() {
            "name" => out.name = doc.text()?.unwrap_or_default(),
            "description" => out.description = doc.text()?,
            "unit" => out.unit = doc.text()?,
            "ucd" => out.ucd = doc.text()?,
            "utype" => out.utype = doc.text()?,
            "dataType" => {
                let system = match tag.xsi_type().as_deref() {
                    Some("VOTableType" | "VOTable") => TypeSystem::VOTable,
                    Some("TAPType" | "TAP") => TypeSystem::Tap,
                    _ => TypeSystem::Other,
                };
                out.datatype = doc.text()?.map(|name| DataType {
                    system,
                    name,
                    arraysize: tag.attribute("arraysize").or_else(|| tag.attribute("size")),
                    xtype: tag.attribute("extendedType").or_else(|| tag.attribute("xtype")),
                });
            }
            "flag" => {
                if let Some(flag) = doc.text()? {
                    out.flags.set(&flag.to_ascii_lowercase());
                }
            }
            _ => doc.skip()?,
        }
    }
    Ok(out)
}
