//! A table in memory, column by column, with what its readers must know about it.

/// A table of the archive.
#[derive(Debug)]
pub(crate) struct Table {
    /// The name below the schema `sky`.
    pub(crate) name: &'static str,
    /// A few words.
    pub(crate) title: &'static str,
    /// What it holds, where it comes from, what is missing.
    pub(crate) description: String,
    /// Where the rows come from, to be cited.
    pub(crate) source: &'static str,
    /// In the order they are shown.
    pub(crate) columns: Vec<Column>,
    /// Index of the first row of each group after the first: the reader skips whole groups by their statistics.
    pub(crate) group_starts: Vec<usize>,
    /// Columns of this table that point to another's key: (column, table, column).
    pub(crate) references: Vec<(&'static str, &'static str, &'static str)>,
}

impl Table {
    /// `sky.<name>`.
    pub(crate) fn qualified_name(&self) -> String {
        format!("sky.{}", self.name)
    }

    /// The name of its file beside `archive.toml`.
    pub(crate) fn file_name(&self) -> String {
        format!("{}.parquet", self.name)
    }

    /// How many rows.
    pub(crate) fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }
}

/// A column with its meaning.
#[derive(Debug)]
pub(crate) struct Column {
    /// The name in queries.
    pub(crate) name: &'static str,
    /// What it means, in a sentence.
    pub(crate) description: &'static str,
    /// The unit (`VOUnits` 1.1), empty where there is none.
    pub(crate) unit: &'static str,
    /// The meaning for machines (UCD1+, IVOA recommendation 1.5).
    pub(crate) ucd: &'static str,
    /// Shown by default in forms and answers.
    pub(crate) principal: bool,
    /// The table's key.
    pub(crate) key: bool,
    /// One value for each row.
    pub(crate) values: Values,
}

impl Column {
    /// A column that is neither key nor principal.
    pub(crate) fn new(
        name: &'static str,
        ucd: &'static str,
        unit: &'static str,
        values: Values,
        description: &'static str,
    ) -> Self {
        Self { name, description, unit, ucd, principal: false, key: false, values }
    }

    /// Marks the column as one to show first.
    pub(crate) fn principal(mut self) -> Self {
        self.principal = true;
        self
    }

    /// Marks the column as the table's key, which is principal too.
    pub(crate) fn key(mut self) -> Self {
        self.key = true;
        self.principal()
    }
}

/// The values of a column; a missing one is null.
#[derive(Debug)]
pub(crate) enum Values {
    /// 32-bit integers.
    Integer(Vec<Option<i32>>),
    /// 32-bit floating point: quantities with a few digits.
    Real(Vec<Option<f32>>),
    /// 64-bit floating point: positions.
    Double(Vec<Option<f64>>),
    /// Unicode text.
    Text(Vec<Option<String>>),
}

impl Values {
    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Integer(values) => values.len(),
            Self::Real(values) => values.len(),
            Self::Double(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// Whether any row has none.
    pub(crate) fn has_nulls(&self) -> bool {
        match self {
            Self::Integer(values) => values.iter().any(Option::is_none),
            Self::Real(values) => values.iter().any(Option::is_none),
            Self::Double(values) => values.iter().any(Option::is_none),
            Self::Text(values) => values.iter().any(Option::is_none),
        }
    }

    /// The type's name in ADQL and `TAP_SCHEMA` (TAP 1.1, section 4.3).
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Integer(_) => "INTEGER",
            Self::Real(_) => "REAL",
            Self::Double(_) => "DOUBLE",
            Self::Text(_) => "VARCHAR",
        }
    }
}
