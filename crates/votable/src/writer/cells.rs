//! Cells of one column, as text and as bytes.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int16Type, Int32Type, Int64Type, UInt8Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, FixedSizeListArray, ListArray, PrimitiveArray, StringArray,
};

use super::plan::ColumnPlan;
use super::xml::{REPLACEMENT, write_text};
use crate::column::Layout;
use crate::scalar::Number;
use crate::{Datatype, Shape};

/// The values of a column in one batch.
pub(super) struct Cells<'a> {
    values: Values<'a>,
    /// Cells with several values.
    lists: Option<Lists<'a>>,
    /// Complex numbers: `values` has two for each of these.
    pairs: Option<&'a FixedSizeListArray>,
    layout: &'a Layout,
    null: Option<i64>,
}

enum Lists<'a> {
    Any(&'a ListArray),
    Fixed(&'a FixedSizeListArray),
}

enum Values<'a> {
    Boolean(&'a BooleanArray),
    Byte(&'a PrimitiveArray<UInt8Type>),
    Short(&'a PrimitiveArray<Int16Type>),
    Int(&'a PrimitiveArray<Int32Type>),
    Long(&'a PrimitiveArray<Int64Type>),
    Float(&'a PrimitiveArray<Float32Type>),
    Double(&'a PrimitiveArray<Float64Type>),
    Text(&'a StringArray),
}

type Fault = String;

impl<'a> Cells<'a> {
    /// Of `array`, which [`ColumnPlan::prepare`] made; `None` if it did not.
    pub(super) fn new(array: &'a ArrayRef, column: &'a ColumnPlan) -> Option<Self> {
        let layout = &column.layout;
        let (lists, inner): (_, &ArrayRef) = match layout.shape {
            Shape::Scalar => (None, array),
            Shape::Fixed(_) => {
                let lists = array.as_fixed_size_list_opt()?;
                (Some(Lists::Fixed(lists)), lists.values())
            }
            Shape::Variable(_) => {
                let lists = array.as_list_opt::<i32>()?;
                (Some(Lists::Any(lists)), lists.values())
            }
        };
        let pairs = if layout.is_complex() { Some(inner.as_fixed_size_list_opt()?) } else { None };
        let leaf = pairs.map_or(inner, FixedSizeListArray::values);
        let values = match layout.datatype {
            Datatype::Boolean | Datatype::Bit => Values::Boolean(leaf.as_boolean_opt()?),
            Datatype::UnsignedByte => Values::Byte(leaf.as_primitive_opt()?),
            Datatype::Short => Values::Short(leaf.as_primitive_opt()?),
            Datatype::Int => Values::Int(leaf.as_primitive_opt()?),
            Datatype::Long => Values::Long(leaf.as_primitive_opt()?),
            Datatype::Float | Datatype::FloatComplex => Values::Float(leaf.as_primitive_opt()?),
            Datatype::Double | Datatype::DoubleComplex => Values::Double(leaf.as_primitive_opt()?),
            Datatype::Char | Datatype::UnicodeChar => Values::Text(leaf.as_string_opt::<i32>()?),
        };
        let null = column.field.null.as_deref().and_then(|null| i64::parse(null.trim().as_bytes()));
        Some(Self { values, lists, pairs, layout, null })
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        match (&self.lists, self.pairs) {
            (Some(Lists::Any(lists)), _) => lists.is_null(row),
            (Some(Lists::Fixed(lists)), _) => lists.is_null(row),
            (None, Some(pairs)) => pairs.is_null(row),
            (None, None) => self.is_value_null(row),
        }
    }

    fn is_value_null(&self, at: usize) -> bool {
        match &self.values {
            Values::Boolean(values) => values.is_null(at),
            Values::Byte(values) => values.is_null(at),
            Values::Short(values) => values.is_null(at),
            Values::Int(values) => values.is_null(at),
            Values::Long(values) => values.is_null(at),
            Values::Float(values) => values.is_null(at),
            Values::Double(values) => values.is_null(at),
            Values::Text(values) => values.is_null(at),
        }
    }

    /// The elements of a cell: places in the pairs of a complex column, else in the values.
    fn elements(&self, row: usize) -> (usize, usize) {
        match &self.lists {
            None => (row, row + 1),
            Some(Lists::Any(lists)) => {
                let offsets = lists.value_offsets();
                (offsets[row] as usize, offsets[row + 1] as usize)
            }
            Some(Lists::Fixed(lists)) => {
                let start = lists.value_offset(row) as usize;
                (start, start + lists.value_length() as usize)
            }
        }
    }

    fn check_count(&self, count: usize) -> Result<(), Fault> {
        match self.layout.shape {
            Shape::Variable(step) if !count.is_multiple_of(step) => {
                Err(format!("{count} values are not a multiple of {step}, as the arraysize says"))
            }
            _ => Ok(()),
        }
    }

    /// Appends the text of a cell that is not null, ready for XML.
    pub(super) fn write_text(&self, out: &mut Vec<u8>, row: usize) -> Result<(), Fault> {
        let (start, end) = self.elements(row);
        self.check_count(end - start)?;
        let separated =
            self.lists.is_some() && !self.layout.is_text() && self.layout.datatype != Datatype::Bit;
        for at in start..end {
            if separated && at > start {
                out.push(b' ');
            }
            match self.pairs {
                Some(pairs) => {
                    let missing = pairs.is_null(at);
                    let first = pairs.value_offset(at) as usize;
                    self.write_text_value(out, first, missing)?;
                    out.push(b' ');
                    self.write_text_value(out, first + 1, missing)?;
                }
                None => self.write_text_value(out, at, self.is_value_null(at))?,
            }
        }
        Ok(())
    }

    fn write_text_value(&self, out: &mut Vec<u8>, at: usize, missing: bool) -> Result<(), Fault> {
        match &self.values {
            Values::Boolean(values) => out.push(match (self.layout.datatype, missing, values.value(at)) {
                (Datatype::Bit, true, _) => return Err("a bit cannot be \"no value\"".into()),
                (Datatype::Bit, _, value) => b'0' + u8::from(value),
                (_, true, _) => b'?',
                (_, _, true) => b'T',
                (_, _, false) => b'F',
            }),
            Values::Byte(values) => write_integer(out, self.integer(values.value(at).into(), missing)?),
            Values::Short(values) => write_integer(out, self.integer(values.value(at).into(), missing)?),
            Values::Int(values) => write_integer(out, self.integer(values.value(at).into(), missing)?),
            Values::Long(values) => write_integer(out, self.integer(values.value(at), missing)?),
            Values::Float(values) => {
                let value = if missing { f32::NAN } else { values.value(at) };
                write_float(out, value, f64::from(value));
            }
            Values::Double(values) => {
                let value = if missing { f64::NAN } else { values.value(at) };
                write_float(out, value, value);
            }
            Values::Text(values) => {
                let text = if missing { "" } else { values.value(at) };
                if let Some(width) = self.layout.text_width() {
                    let padding = check_width(text, text.chars().count(), width)?;
                    write_text(out, text);
                    out.resize(out.len() + padding, b' ');
                } else {
                    write_text(out, text);
                }
            }
        }
        Ok(())
    }

    /// An element of an array, or what stands for "no value" there.
    fn integer(&self, value: i64, missing: bool) -> Result<i64, Fault> {
        match (missing, self.null) {
            (true, Some(null)) => Ok(null),
            (true, None) => {
                Err("an integer inside an array cannot be \"no value\" unless votable:null is given".into())
            }
            (false, Some(null)) if null == value => {
                Err(format!("{value} is declared to stand for \"no value\" in this column"))
            }
            (false, _) => Ok(value),
        }
    }

    /// Appends the bytes of a cell that is not null (VOTable 1.4, section 5.4).
    pub(super) fn write_binary(&self, out: &mut Vec<u8>, row: usize) -> Result<(), Fault> {
        let (start, end) = self.elements(row);
        self.check_count(end - start)?;
        let count = end - start;
        let text = self.layout.is_text();
        if self.layout.binary_width().is_none() && !text {
            write_count(out, count)?;
        }
        if self.layout.datatype == Datatype::Bit {
            return self.write_bits(out, start, end);
        }
        let counted = out.len();
        if text && self.layout.binary_width().is_none() {
            out.extend_from_slice(&[0; 4]);
        }
        for at in start..end {
            match self.pairs {
                Some(pairs) => {
                    let missing = pairs.is_null(at);
                    let first = pairs.value_offset(at) as usize;
                    self.write_binary_value(out, first, missing)?;
                    self.write_binary_value(out, first + 1, missing)?;
                }
                None => self.write_binary_value(out, at, self.is_value_null(at))?,
            }
        }
        if text && self.layout.binary_width().is_none() {
            let characters = (out.len() - counted - 4) / (self.layout.bits() / 8);
            let characters = i32::try_from(characters).map_err(|_| "the text is too long".to_owned())?;
            out[counted..counted + 4].copy_from_slice(&characters.to_be_bytes());
        }
        Ok(())
    }

    fn write_bits(&self, out: &mut Vec<u8>, start: usize, end: usize) -> Result<(), Fault> {
        let Values::Boolean(values) = &self.values else { return Ok(()) };
        let first = out.len();
        out.resize(first + (end - start).div_ceil(8), 0);
        for at in start..end {
            if values.is_null(at) {
                return Err("a bit inside an array cannot be \"no value\"".into());
            }
            let place = at - start;
            out[first + place / 8] |= u8::from(values.value(at)) << (7 - place % 8);
        }
        Ok(())
    }

    fn write_binary_value(&self, out: &mut Vec<u8>, at: usize, missing: bool) -> Result<(), Fault> {
        match &self.values {
            Values::Boolean(values) => out.push(match (missing, values.value(at)) {
                (true, _) => b'?',
                (_, true) => b'T',
                (_, false) => b'F',
            }),
            Values::Byte(values) => out.push(self.integer(values.value(at).into(), missing)? as u8),
            Values::Short(values) => {
                let value = self.integer(values.value(at).into(), missing)? as i16;
                out.extend_from_slice(&value.to_be_bytes());
            }
            Values::Int(values) => {
                let value = self.integer(values.value(at).into(), missing)? as i32;
                out.extend_from_slice(&value.to_be_bytes());
            }
            Values::Long(values) => {
                let value = self.integer(values.value(at), missing)?;
                out.extend_from_slice(&value.to_be_bytes());
            }
            Values::Float(values) => {
                let value = if missing { f32::NAN } else { values.value(at) };
                out.extend_from_slice(&value.to_be_bytes());
            }
            Values::Double(values) => {
                let value = if missing { f64::NAN } else { values.value(at) };
                out.extend_from_slice(&value.to_be_bytes());
            }
            Values::Text(values) => {
                let text = if missing { "" } else { values.value(at) };
                self.write_characters(out, text)?;
            }
        }
        Ok(())
    }

    /// Appends text in the units of the column; NUL would end it, so it is replaced.
    fn write_characters(&self, out: &mut Vec<u8>, text: &str) -> Result<(), Fault> {
        let wide = self.layout.datatype == Datatype::UnicodeChar;
        let start = out.len();
        for (at, part) in text.split('\0').enumerate() {
            let parts = [if at > 0 { REPLACEMENT } else { "" }, part];
            for part in parts {
                if wide {
                    out.extend(part.encode_utf16().flat_map(u16::to_be_bytes));
                } else {
                    out.extend_from_slice(part.as_bytes());
                }
            }
        }
        if let Some(width) = self.layout.text_width() {
            let unit = if wide { 2 } else { 1 };
            let padding = check_width(text, (out.len() - start) / unit, width)?;
            for _ in 0..padding {
                out.extend_from_slice(if wide { &[0, b' '] } else { b" " });
            }
        }
        Ok(())
    }

    /// Appends the bytes that stand where a null is flagged.
    pub(super) fn write_binary_null(&self, out: &mut Vec<u8>) {
        let Some(width) = self.layout.binary_width() else {
            out.extend_from_slice(&[0; 4]);
            return;
        };
        let end = out.len() + width;
        let filler: &[u8] = match self.layout.datatype {
            Datatype::Float | Datatype::FloatComplex => &f32::NAN.to_be_bytes(),
            Datatype::Double | Datatype::DoubleComplex => &f64::NAN.to_be_bytes(),
            _ => &[0],
        };
        while out.len() < end {
            out.extend_from_slice(filler);
        }
    }
}

fn check_width(text: &str, length: usize, width: usize) -> Result<usize, Fault> {
    width.checked_sub(length).ok_or_else(|| {
        let shown = crate::scalar::excerpt(text.as_bytes());
        format!("{shown} is longer than the {width} characters that the arraysize gives each text")
    })
}

fn write_count(out: &mut Vec<u8>, count: usize) -> Result<(), Fault> {
    let count = i32::try_from(count).map_err(|_| "the array is too long".to_owned())?;
    out.extend_from_slice(&count.to_be_bytes());
    Ok(())
}

fn write_integer(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

fn write_float<F: zmij::Float>(out: &mut Vec<u8>, value: F, wide: f64) {
    let text: &[u8] = if wide.is_nan() {
        b"NaN"
    } else if wide == f64::INFINITY {
        b"+Inf"
    } else if wide == f64::NEG_INFINITY {
        b"-Inf"
    } else {
        out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
        return;
    };
    out.extend_from_slice(text);
}
