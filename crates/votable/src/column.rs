//! Columns under construction: values go from bytes straight into what becomes Arrow's buffers.

mod array;
mod binary;
mod number;
mod text;

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray};
use arrow_buffer::{BooleanBufferBuilder, NullBufferBuilder};

pub(crate) use array::ArrayColumn;
pub(crate) use binary::{Layout, Rows};
pub(crate) use number::NumberColumn;
pub(crate) use text::TextColumn;

use crate::field::{Datatype, Field, Shape};
use crate::scalar::{excerpt, parse_boolean, trim};

/// One column of the batch being filled.
pub(crate) enum Column {
    Boolean(BooleanColumn),
    Byte(NumberColumn<u8>),
    Short(NumberColumn<i16>),
    Int(NumberColumn<i32>),
    Long(NumberColumn<i64>),
    Float(NumberColumn<f32>),
    Double(NumberColumn<f64>),
    Text(TextColumn),
    Array(Box<ArrayColumn>),
}

/// Truth values, and bits.
pub(crate) struct BooleanColumn {
    pub(crate) values: BooleanBufferBuilder,
    pub(crate) nulls: NullBufferBuilder,
    pub(crate) bit: bool,
}

/// Runs `$body` with `$column` bound to the variant's content.
macro_rules! each {
    ($self:expr, $column:ident => $body:expr) => {
        match $self {
            Column::Boolean($column) => $body,
            Column::Byte($column) => $body,
            Column::Short($column) => $body,
            Column::Int($column) => $body,
            Column::Long($column) => $body,
            Column::Float($column) => $body,
            Column::Double($column) => $body,
            Column::Text($column) => $body,
            Column::Array($column) => $body,
        }
    };
}

impl Column {
    /// An empty column for `field`.
    pub(crate) fn new(field: &Field, layout: &Layout) -> Self {
        let many = match layout.shape {
            Shape::Scalar => layout.is_complex(),
            _ => true,
        };
        let leaf = Self::new_leaf(field, layout);
        if many { Self::Array(Box::new(ArrayColumn::new(leaf, layout))) } else { leaf }
    }

    fn new_leaf(field: &Field, layout: &Layout) -> Self {
        let null = field.null.as_deref();
        match field.datatype {
            Datatype::Boolean | Datatype::Bit => Self::Boolean(BooleanColumn {
                values: BooleanBufferBuilder::new(0),
                nulls: NullBufferBuilder::new(0),
                bit: field.datatype == Datatype::Bit,
            }),
            Datatype::UnsignedByte => Self::Byte(NumberColumn::new(null, true)),
            Datatype::Short => Self::Short(NumberColumn::new(null, true)),
            Datatype::Int => Self::Int(NumberColumn::new(null, true)),
            Datatype::Long => Self::Long(NumberColumn::new(null, true)),
            Datatype::Float => Self::Float(NumberColumn::new(null, true)),
            Datatype::Double => Self::Double(NumberColumn::new(null, true)),
            Datatype::FloatComplex => Self::Float(NumberColumn::new(None, false)),
            Datatype::DoubleComplex => Self::Double(NumberColumn::new(None, false)),
            Datatype::Char | Datatype::UnicodeChar => {
                Self::Text(TextColumn::new(if layout.shape == Shape::Scalar { null } else { None }))
            }
        }
    }

    /// Values so far.
    pub(crate) fn len(&self) -> usize {
        each!(self, column => column.len())
    }

    /// Keeps the first `len` values.
    pub(crate) fn truncate(&mut self, len: usize) {
        each!(self, column => column.truncate(len));
    }

    /// Adds "no value".
    pub(crate) fn push_null(&mut self) {
        each!(self, column => column.push_null());
    }

    /// Adds a value that is never looked at, where an array is "no value" as a whole.
    fn push_filler(&mut self) {
        each!(self, column => column.push_filler());
    }

    /// Adds a cell from its text, entities resolved. Says what is wrong with a text that is not of the type.
    pub(crate) fn push_text(&mut self, cell: &[u8]) -> Result<(), String> {
        each!(self, column => column.push_text(cell))
    }

    /// Adds a value if `rest` begins with a plain spelling of one and `</TD>`; gives the bytes used.
    #[inline]
    pub(crate) fn push_plain(&mut self, rest: &[u8], limit: usize) -> Option<usize> {
        match self {
            Self::Byte(column) => column.push_plain(rest),
            Self::Short(column) => column.push_plain(rest),
            Self::Int(column) => column.push_plain(rest),
            Self::Long(column) => column.push_plain(rest),
            Self::Float(column) => column.push_plain(rest),
            Self::Double(column) => column.push_plain(rest),
            Self::Text(column) => column.push_plain(rest, limit),
            Self::Boolean(column) => column.push_plain(rest),
            Self::Array(_) => None,
        }
    }

    /// The values as Arrow has them; the column is empty afterwards.
    pub(crate) fn finish(&mut self) -> Result<ArrayRef, arrow_schema::ArrowError> {
        match self {
            Self::Boolean(column) => Ok(column.finish()),
            Self::Byte(column) => Ok(column.finish()),
            Self::Short(column) => Ok(column.finish()),
            Self::Int(column) => Ok(column.finish()),
            Self::Long(column) => Ok(column.finish()),
            Self::Float(column) => Ok(column.finish()),
            Self::Double(column) => Ok(column.finish()),
            Self::Text(column) => column.finish(),
            Self::Array(column) => column.finish(),
        }
    }
}

impl BooleanColumn {
    fn len(&self) -> usize {
        self.values.len()
    }

    fn truncate(&mut self, len: usize) {
        self.values.truncate(len);
        self.nulls.truncate(len);
    }

    pub(crate) fn push(&mut self, value: Option<bool>) {
        self.values.append(value.unwrap_or_default());
        self.nulls.append(value.is_some());
    }

    fn push_null(&mut self) {
        self.push(None);
    }

    fn push_filler(&mut self) {
        self.push(Some(false));
    }

    #[inline]
    fn push_plain(&mut self, rest: &[u8]) -> Option<usize> {
        if !rest.get(1..)?.starts_with(b"</TD>") {
            return None;
        }
        let value = match rest[0] {
            b'T' | b't' | b'1' if !self.bit || rest[0] == b'1' => true,
            b'F' | b'f' | b'0' if !self.bit || rest[0] == b'0' => false,
            _ => return None,
        };
        self.push(Some(value));
        Some(6)
    }

    pub(crate) fn push_text(&mut self, cell: &[u8]) -> Result<(), String> {
        let token = trim(cell);
        let value = match (self.bit, token) {
            (_, []) => Some(None),
            (true, [b'0']) => Some(Some(false)),
            (true, [b'1']) => Some(Some(true)),
            (true, _) => None,
            (false, token) => parse_boolean(token),
        };
        let value = value.ok_or_else(|| {
            let wanted = if self.bit { "a bit (0 or 1)" } else { "a boolean (T, F, true, false, 1, 0 or ?)" };
            format!("{} is not {wanted}", excerpt(cell))
        })?;
        self.push(value);
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(BooleanArray::new(self.values.finish(), self.nulls.finish()))
    }
}
