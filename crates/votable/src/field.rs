//! FIELD: its attributes, its type and shape.

use std::fmt;

/// FIELD or PARAM: what a column is and means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// `ID`.
    pub id: Option<String>,
    /// `name`; the ID, or `colN` from 1, where a document forgot it.
    pub name: String,
    /// `datatype`.
    pub datatype: Datatype,
    /// `arraysize` as written; `None` for a single value.
    pub arraysize: Option<String>,
    /// `unit`.
    pub unit: Option<String>,
    /// `ucd`.
    pub ucd: Option<String>,
    /// `utype`.
    pub utype: Option<String>,
    /// `xtype`.
    pub xtype: Option<String>,
    /// `ref`.
    pub reference: Option<String>,
    /// `width` as written.
    pub width: Option<String>,
    /// `precision` as written.
    pub precision: Option<String>,
    /// DESCRIPTION.
    pub description: Option<String>,
    /// VALUES `null`.
    pub null: Option<String>,
    /// VALUES' MIN.
    pub min: Option<String>,
    /// VALUES' MAX.
    pub max: Option<String>,
}

/// The primitive types (VOTable 1.5, section 2.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Datatype {
    /// `boolean`.
    Boolean,
    /// `bit`.
    Bit,
    /// `unsignedByte`, 8 bits.
    UnsignedByte,
    /// `short`, 16 bits.
    Short,
    /// `int`, 32 bits.
    Int,
    /// `long`, 64 bits.
    Long,
    /// `char`: text.
    #[default]
    Char,
    /// `unicodeChar`: text, UTF-16 in BINARY.
    UnicodeChar,
    /// `float`, 32 bits.
    Float,
    /// `double`, 64 bits.
    Double,
    /// `floatComplex`, two floats.
    FloatComplex,
    /// `doubleComplex`, two doubles.
    DoubleComplex,
}

/// How many values a cell holds: `arraysize` understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// One.
    Scalar,
    /// Always so many, all dimensions together.
    Fixed(usize),
    /// Any number, in steps of so many: 1 for `*` and `10*`, 6 for `3x2x*`.
    Variable(usize),
}

impl Datatype {
    /// The type's name in a document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Bit => "bit",
            Self::UnsignedByte => "unsignedByte",
            Self::Short => "short",
            Self::Int => "int",
            Self::Long => "long",
            Self::Char => "char",
            Self::UnicodeChar => "unicodeChar",
            Self::Float => "float",
            Self::Double => "double",
            Self::FloatComplex => "floatComplex",
            Self::DoubleComplex => "doubleComplex",
        }
    }
}

impl fmt::Display for Datatype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
