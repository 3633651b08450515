//! The tables that a query may name.

use std::collections::HashMap;

/// What sort of values a column or expression has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Whole numbers, of at most 64 bits.
    Integer,
    /// Other numbers.
    Number,
    /// Text.
    Text,
    /// True or false. ADQL 2.1 has no literals for it: compare with 1, 0, 'true' or 'false'.
    Boolean,
    /// A moment; compared with other moments or with text.
    Time,
    /// A point or shape on the sky. It can be selected, not computed with.
    Geometry,
    /// Anything else, such as an array. It can be selected and compared as it is.
    Other,
}

impl Kind {
    /// In words, for a sentence.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Text => "text",
            Self::Boolean => "true or false",
            Self::Time => "a time",
            Self::Geometry => "a shape on the sky",
            Self::Other => "a value of another kind",
        }
    }

    /// In a word, for a list of columns.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Text => "text",
            Self::Boolean => "boolean",
            Self::Time => "time",
            Self::Geometry => "shape",
            Self::Other => "value",
        }
    }

    /// Whether it is one of the two number kinds.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in its real spelling, without quotes.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Its unit (`VOUnits`), if it has one.
    pub unit: Option<String>,
    /// Its UCD (UCD1+), if it has one.
    pub ucd: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
}

impl Column {
    /// A column without unit, UCD and description.
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind, unit: None, ucd: None, description: None }
    }

    /// With a unit.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// With a UCD.
    #[must_use]
    pub fn ucd(mut self, ucd: impl Into<String>) -> Self {
        self.ucd = Some(ucd.into());
        self
    }

    /// With a description.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its schema, without quotes.
    pub schema: Option<String>,
    /// Its name in the schema, without quotes.
    pub name: String,
    /// A sentence about it.
    pub description: Option<String>,
    /// Its columns in the order of `SELECT *`.
    pub columns: Vec<Column>,
}

impl Table {
    /// The table `schema.name`.
    pub fn new(schema: impl Into<String>, name: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { schema: Some(schema.into()), name: name.into(), description: None, columns }
    }

    /// A table that lives in no schema.
    pub fn without_schema(name: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { schema: None, name: name.into(), description: None, columns }
    }

    /// With a description.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// `schema.name`, or `name` without a schema; not quoted.
    pub fn qualified_name(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// All tables that a query may name.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    tables: Vec<Table>,
    /// Places in `tables` by lower-case unqualified name.
    by_name: HashMap<String, Vec<usize>>,
}

impl Catalogue {
    /// A catalogue of these tables.
    pub fn new(tables: Vec<Table>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, table) in tables.iter().enumerate() {
            by_name.entry(table.name.to_ascii_lowercase()).or_default().push(place);
        }
        Self { tables, by_name }
    }

    /// The tables in the order given.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The tables of this unqualified name, in any case.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &Table> {
        let places = self.by_name.get(&name.to_ascii_lowercase()).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.tables.get(*place))
    }
}

impl FromIterator<Table> for Catalogue {
    fn from_iter<I: IntoIterator<Item = Table>>(tables: I) -> Self {
        Self::new(tables.into_iter().collect())
    }
}
