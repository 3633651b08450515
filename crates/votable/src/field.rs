//! FIELD: its attributes, its type and shape.

use std::collections::HashMap;
use std::fmt;

use crate::column::Layout;
use crate::limits::Limits;
use crate::{ErrorKind, meta};

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

impl Datatype {
    /// The type of that name, exactly as the standard writes it.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [
            Self::Boolean,
            Self::Bit,
            Self::UnsignedByte,
            Self::Short,
            Self::Int,
            Self::Long,
            Self::Char,
            Self::UnicodeChar,
            Self::Float,
            Self::Double,
            Self::FloatComplex,
            Self::DoubleComplex,
        ];
        all.into_iter().find(|datatype| datatype.name() == name)
    }
}

impl Shape {
    /// Values in a cell, or in one step of it.
    pub(crate) fn count(self) -> usize {
        match self {
            Self::Scalar => 1,
            Self::Fixed(count) | Self::Variable(count) => count,
        }
    }

    /// The dimensions of an `arraysize`, the last of them open or not.
    fn dimensions(arraysize: &str) -> Option<(Vec<usize>, bool)> {
        let text = arraysize.trim();
        if text.is_empty() {
            return Some((Vec::new(), false));
        }
        let mut sizes = Vec::new();
        let mut parts = text.split('x').peekable();
        while let Some(part) = parts.next() {
            match part.trim().strip_suffix('*') {
                // What stands before the star is the most there may be: a hint.
                Some(most) if parts.peek().is_none() => {
                    let known = most.is_empty() || most.bytes().all(|byte| byte.is_ascii_digit());
                    return known.then_some((sizes, true));
                }
                Some(_) => return None,
                None => sizes.push(part.trim().parse().ok()?),
            }
        }
        Some((sizes, false))
    }

    fn from_dimensions(sizes: &[usize], open: bool, limits: &Limits) -> Result<Self, ErrorKind> {
        let too_large = ErrorKind::TooLarge { what: "an arraysize", limit: limits.array_elements };
        let count = sizes.iter().try_fold(1_usize, |count, &size| count.checked_mul(size));
        match count {
            Some(count) if count > limits.array_elements => Err(too_large),
            None => Err(too_large),
            Some(count) if open => Ok(Self::Variable(count)),
            Some(_) if sizes.is_empty() => Ok(Self::Scalar),
            Some(count) => Ok(Self::Fixed(count)),
        }
    }
}

impl Field {
    /// How the column's cells lie in documents and in Arrow.
    pub(crate) fn layout(&self, limits: &Limits) -> Result<Layout, ErrorKind> {
        let arraysize = self.arraysize.as_deref().unwrap_or_default();
        let (sizes, open) = Shape::dimensions(arraysize)
            .ok_or_else(|| self.fault(format!("arraysize {:?} is not understood", excerpt(arraysize))))?;
        let text = matches!(self.datatype, Datatype::Char | Datatype::UnicodeChar);
        let (characters, shape) = if text {
            match sizes.split_first() {
                Some((&width, rest)) if !rest.is_empty() || open => (
                    Shape::from_dimensions(&[width], false, limits)?,
                    Shape::from_dimensions(rest, open, limits)?,
                ),
                _ => (Shape::from_dimensions(&sizes, open, limits)?, Shape::Scalar),
            }
        } else if sizes == [1] && !open {
            (Shape::Scalar, Shape::Scalar)
        } else {
            (Shape::Scalar, Shape::from_dimensions(&sizes, open, limits)?)
        };
        // All dimensions together have to stay in the limit as well.
        Shape::from_dimensions(&sizes, open, limits)?;
        let empty = |shape: Shape| shape.count() == 0;
        if empty(shape) || (shape != Shape::Scalar && empty(characters)) {
            return Err(self.fault(format!("arraysize {:?} holds no values", excerpt(arraysize))));
        }
        let nullable_items = match self.datatype {
            Datatype::Bit | Datatype::Char | Datatype::UnicodeChar => false,
            Datatype::UnsignedByte | Datatype::Short | Datatype::Int | Datatype::Long => {
                self.null.as_deref().is_some_and(|null| !null.trim().is_empty())
            }
            _ => true,
        };
        Ok(Layout { datatype: self.datatype, shape, characters, nullable_items })
    }

    fn fault(&self, reason: String) -> ErrorKind {
        ErrorKind::Field { name: excerpt(&self.name).to_owned(), reason }
    }

    /// The column as Arrow has it.
    pub(crate) fn to_arrow(&self, layout: &Layout) -> arrow_schema::Field {
        arrow_schema::Field::new(&self.name, layout.data_type(), true).with_metadata(self.metadata())
    }

    fn metadata(&self) -> HashMap<String, String> {
        let optional = [
            (meta::ID, &self.id),
            (meta::ARRAYSIZE, &self.arraysize),
            (meta::UNIT, &self.unit),
            (meta::UCD, &self.ucd),
            (meta::UTYPE, &self.utype),
            (meta::XTYPE, &self.xtype),
            (meta::REF, &self.reference),
            (meta::WIDTH, &self.width),
            (meta::PRECISION, &self.precision),
            (meta::DESCRIPTION, &self.description),
            (meta::NULL, &self.null),
            (meta::MIN, &self.min),
            (meta::MAX, &self.max),
        ];
        let mut metadata: HashMap<String, String> =
            optional.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?))).collect();
        metadata.insert(meta::DATATYPE.to_owned(), self.datatype.name().to_owned());
        metadata
    }
}

/// The first 60 characters.
fn excerpt(text: &str) -> &str {
    text.char_indices().nth(60).map_or(text, |(at, _)| &text[..at])
}

impl fmt::Display for Datatype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
