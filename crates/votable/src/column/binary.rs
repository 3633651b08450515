//! Columns from BINARY rows, column by column: where the rows lie is found first, then each column runs over
//! them in one loop of its own.

use std::sync::Arc;

use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{DataType, Field as ArrowField};

use super::{ArrayColumn, BooleanColumn, Column, NumberColumn, TextColumn};
use crate::field::{Datatype, Shape};
use crate::scalar::{Number, boolean_from_byte};

/// How a column's values lie in a cell and in Arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) datatype: Datatype,
    /// Of the values; for text, of the strings.
    pub(crate) shape: Shape,
    /// For text, of the characters of one string.
    pub(crate) characters: Shape,
    /// Single values of an array can be "no value".
    pub(crate) nullable_items: bool,
}

impl Layout {
    pub(crate) fn is_complex(&self) -> bool {
        matches!(self.datatype, Datatype::FloatComplex | Datatype::DoubleComplex)
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self.datatype, Datatype::Char | Datatype::UnicodeChar)
    }

    /// Characters of one string in an array of strings.
    pub(crate) fn text_width(&self) -> Option<usize> {
        match (self.is_text(), self.shape, self.characters) {
            (true, Shape::Fixed(_) | Shape::Variable(_), Shape::Fixed(width)) => Some(width.max(1)),
            _ => None,
        }
    }

    /// Elements that each cell has in Arrow even when it is "no value".
    pub(crate) fn fixed_count(&self) -> Option<usize> {
        match self.shape {
            Shape::Scalar => Some(1),
            Shape::Fixed(count) => Some(count),
            Shape::Variable(_) => None,
        }
    }

    /// Bits of one primitive in BINARY.
    pub(crate) fn bits(&self) -> usize {
        match self.datatype {
            Datatype::Bit => 1,
            Datatype::Boolean | Datatype::UnsignedByte | Datatype::Char => 8,
            Datatype::Short | Datatype::UnicodeChar => 16,
            Datatype::Int | Datatype::Float => 32,
            Datatype::Long | Datatype::Double | Datatype::FloatComplex => 64,
            Datatype::DoubleComplex => 128,
        }
    }

    /// Bytes of a cell in BINARY if all cells have the same, else `None`: a count and then so many primitives.
    pub(crate) fn binary_width(&self) -> Option<usize> {
        let count = match (self.is_text(), self.shape, self.characters) {
            (_, Shape::Variable(_), _) | (true, _, Shape::Variable(_)) => return None,
            (true, shape, Shape::Fixed(width)) => shape.count() * width,
            (_, shape, _) => shape.count(),
        };
        Some((count * self.bits()).div_ceil(8))
    }

    /// Bytes of a cell in memory if it is "no value", about.
    pub(crate) fn memory_width(&self) -> usize {
        if self.is_text() {
            4 + 4 * self.fixed_count().unwrap_or(0)
        } else {
            4 + (self.fixed_count().unwrap_or(0) * self.bits()).div_ceil(8)
        }
    }

    /// The Arrow type.
    pub(crate) fn data_type(&self) -> DataType {
        let leaf = match self.datatype {
            Datatype::Boolean | Datatype::Bit => DataType::Boolean,
            Datatype::UnsignedByte => DataType::UInt8,
            Datatype::Short => DataType::Int16,
            Datatype::Int => DataType::Int32,
            Datatype::Long => DataType::Int64,
            Datatype::Float => DataType::Float32,
            Datatype::Double => DataType::Float64,
            Datatype::FloatComplex => pair(DataType::Float32),
            Datatype::DoubleComplex => pair(DataType::Float64),
            Datatype::Char | Datatype::UnicodeChar => DataType::Utf8,
        };
        let item = |leaf| Arc::new(ArrowField::new("item", leaf, self.nullable_items));
        match self.shape {
            Shape::Scalar => leaf,
            Shape::Fixed(count) => DataType::FixedSizeList(item(leaf), count as i32),
            Shape::Variable(_) => DataType::List(item(leaf)),
        }
    }
}

fn pair(part: DataType) -> DataType {
    DataType::FixedSizeList(Arc::new(ArrowField::new("item", part, false)), 2)
}

/// Where one column's cells lie in a run of decoded rows.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) data: &'a [u8],
    /// For each row, where the run of columns begins that this one belongs to.
    pub(crate) starts: &'a [u32],
    /// Where in that run the column's cell begins.
    pub(crate) within: usize,
    /// For each row where it begins, and the column's place among the null flags (BINARY2).
    pub(crate) flags: Option<(&'a [u32], usize)>,
    /// Some row flags the cell as "no value".
    pub(crate) any_flagged: bool,
}

impl<'a> Rows<'a> {
    fn cells(self) -> impl ExactSizeIterator<Item = &'a [u8]> {
        self.starts.iter().map(move |&start| &self.data[start as usize + self.within..])
    }

    /// Whether row `at` flags the cell as "no value".
    fn is_flagged(self, at: usize) -> bool {
        self.flags.is_some_and(|(rows, column)| {
            self.data[rows[at] as usize + column / 8] & (0x80 >> (column % 8)) != 0
        })
    }

    /// Whether some row does.
    fn any_flagged(self) -> bool {
        self.any_flagged
    }
}

/// A cell that is not of its column's type: the row within the run, and why.
pub(crate) type CellFault = (usize, String);

impl Column {
    /// Adds the cells of `rows`; `layout` is the column's. Rows before a fault are added.
    pub(crate) fn push_rows(&mut self, layout: &Layout, rows: Rows<'_>) -> Result<(), CellFault> {
        match self {
            Self::Byte(column) => column.push_rows(rows),
            Self::Short(column) => column.push_rows(rows),
            Self::Int(column) => column.push_rows(rows),
            Self::Long(column) => column.push_rows(rows),
            Self::Float(column) => column.push_rows(rows),
            Self::Double(column) => column.push_rows(rows),
            Self::Boolean(column) => return column.push_rows(rows),
            Self::Text(column) => column.push_rows(layout, rows),
            Self::Array(column) => return column.push_rows(rows),
        }
        Ok(())
    }
}

impl<T: Number> NumberColumn<T> {
    fn push_rows(&mut self, rows: Rows<'_>) {
        let first = self.values.len();
        let (null, nan_is_null) = (self.null, self.nan_is_null);
        let is_null = |value: T| (nan_is_null && value.is_nan()) || null == Some(value);
        let mut any = rows.any_flagged();
        self.values.extend(rows.cells().map(|cell| {
            let value = T::read_be(cell);
            any |= is_null(value);
            value
        }));
        let added = &self.values[first..];
        if any {
            let valid =
                BooleanBuffer::collect_bool(added.len(), |at| !(is_null(added[at]) || rows.is_flagged(at)));
            self.nulls.append_buffer(&NullBuffer::new(valid));
        } else {
            self.nulls.append_n_non_nulls(added.len());
        }
    }

    fn push_numbers(&mut self, bytes: &[u8]) {
        for number in bytes.chunks_exact(T::WIDTH) {
            self.push(T::read_be(number));
        }
    }
}

impl BooleanColumn {
    fn push_rows(&mut self, rows: Rows<'_>) -> Result<(), CellFault> {
        let flagged = rows.any_flagged();
        for (at, cell) in rows.cells().enumerate() {
            let value = match cell.first() {
                _ if flagged && rows.is_flagged(at) => None,
                // The first bit, but some writers set another one of the eight.
                Some(&byte) if self.bit => Some(byte != 0),
                byte => read_boolean(byte.copied().unwrap_or_default()).map_err(|why| (at, why))?,
            };
            self.push(value);
        }
        Ok(())
    }
}

fn read_boolean(byte: u8) -> Result<Option<bool>, String> {
    boolean_from_byte(byte).ok_or_else(|| format!("byte {byte:#04x} is not a boolean"))
}

impl TextColumn {
    fn push_rows(&mut self, layout: &Layout, rows: Rows<'_>) {
        let flagged = rows.any_flagged();
        let has_flags = rows.flags.is_some();
        let unit = layout.bits() / 8;
        let wide = unit == 2;
        let fixed = layout.binary_width();
        for (at, cell) in rows.cells().enumerate() {
            let text = match fixed {
                Some(width) => &cell[..width],
                None => &cell[4..4 + i32::read_be(cell) as usize * unit],
            };
            // Without flags an empty string is "no value", as in TABLEDATA.
            if (flagged && rows.is_flagged(at)) || (!has_flags && text.is_empty()) {
                self.push_null();
            } else {
                let empty = self.append_characters(text, wide);
                if empty && !has_flags { self.push_null() } else { self.close() }
            }
        }
    }

    /// Appends characters up to the first NUL; says whether there were none.
    fn append_characters(&mut self, text: &[u8], wide: bool) -> bool {
        let before = self.bytes.len();
        if wide {
            let units = text.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]]));
            for char in char::decode_utf16(units.take_while(|&unit| unit != 0)) {
                let char = char.unwrap_or(char::REPLACEMENT_CHARACTER);
                self.bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            }
        } else {
            let end = memchr::memchr(0, text).unwrap_or(text.len());
            let text = &text[..end];
            if text.is_ascii() || std::str::from_utf8(text).is_ok() {
                self.bytes.extend_from_slice(text);
            } else {
                // Not what the standard allows; writers that do it mean ISO-8859-1.
                for &byte in text {
                    self.bytes.extend_from_slice(char::from(byte).encode_utf8(&mut [0; 2]).as_bytes());
                }
            }
        }
        self.bytes.len() == before
    }
}

impl ArrayColumn {
    fn push_rows(&mut self, rows: Rows<'_>) -> Result<(), CellFault> {
        let flagged = rows.any_flagged();
        let fixed = self.layout.binary_width();
        for (at, cell) in rows.cells().enumerate() {
            let (count, bytes) = if let Some(width) = fixed {
                (self.layout.shape.count(), &cell[..width])
            } else {
                let count = i32::read_be(cell) as usize;
                (count, &cell[4..4 + (count * self.layout.bits()).div_ceil(8)])
            };
            if flagged && rows.is_flagged(at) {
                self.push_null();
                continue;
            }
            self.push_cell(count, bytes).map_err(|why| (at, why))?;
        }
        Ok(())
    }

    fn push_cell(&mut self, count: usize, bytes: &[u8]) -> Result<(), String> {
        match &mut self.leaf {
            Column::Byte(leaf) => leaf.push_numbers(bytes),
            Column::Short(leaf) => leaf.push_numbers(bytes),
            Column::Int(leaf) => leaf.push_numbers(bytes),
            Column::Long(leaf) => leaf.push_numbers(bytes),
            Column::Float(leaf) => leaf.push_numbers(bytes),
            Column::Double(leaf) => leaf.push_numbers(bytes),
            Column::Boolean(leaf) if leaf.bit => {
                for at in 0..count {
                    leaf.push(Some(bytes[at / 8] & (0x80 >> (at % 8)) != 0));
                }
            }
            Column::Boolean(leaf) => {
                for &byte in bytes {
                    leaf.push(read_boolean(byte)?);
                }
            }
            Column::Text(leaf) => {
                let wide = self.layout.datatype == Datatype::UnicodeChar;
                let width = self.layout.text_width().unwrap_or(1) * if wide { 2 } else { 1 };
                for string in bytes.chunks(width) {
                    leaf.append_characters(string, wide);
                    let padding = leaf.bytes.iter().rev().take_while(|&&byte| byte == b' ').count();
                    leaf.cut_padding(padding);
                    leaf.close();
                }
                self.pad_strings();
            }
            Column::Array(_) => {}
        }
        self.check_count()?;
        self.close(true);
        Ok(())
    }
}
