//! Columns whose cells hold several values: flattened, first dimension fastest, as documents write them.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, FixedSizeListArray, Float32Array, Float64Array, ListArray};
use arrow_buffer::{BooleanBuffer, NullBuffer, NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, FieldRef};

use super::{Column, Layout};
use crate::field::Shape;
use crate::scalar::{excerpt, is_space, trim};

/// Arrays of numbers, truth values, bits, strings or complex numbers; also single complex numbers.
pub(crate) struct ArrayColumn {
    pub(crate) leaf: Column,
    pub(crate) layout: Layout,
    offsets: Vec<i32>,
    pub(crate) nulls: NullBufferBuilder,
}

impl ArrayColumn {
    pub(crate) fn new(leaf: Column, layout: &Layout) -> Self {
        Self { leaf, layout: layout.clone(), offsets: vec![0], nulls: NullBufferBuilder::new(0) }
    }

    pub(crate) fn len(&self) -> usize {
        self.nulls.len()
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.nulls.truncate(len);
        self.offsets.truncate(len + 1);
        self.leaf.truncate(self.end());
    }

    fn end(&self) -> usize {
        self.offsets.last().map_or(0, |&end| end as usize)
    }

    /// Leaves of one element: a complex number has two.
    fn parts(&self) -> usize {
        if self.layout.is_complex() { 2 } else { 1 }
    }

    pub(crate) fn push_null(&mut self) {
        self.leaf.truncate(self.end());
        if let Some(count) = self.layout.fixed_count() {
            for _ in 0..count * self.parts() {
                self.leaf.push_filler();
            }
        }
        self.close(false);
    }

    pub(crate) fn push_filler(&mut self) {
        self.push_null();
    }

    /// Makes the leaves added since the last cell a cell.
    pub(crate) fn close(&mut self, valid: bool) {
        self.offsets.push(self.leaf.len() as i32);
        self.nulls.append(valid);
    }

    /// Checks how many leaves were added since the last cell.
    pub(crate) fn check_count(&self) -> Result<(), String> {
        let leaves = self.leaf.len() - self.end();
        let (count, parts) = (leaves / self.parts(), self.parts());
        if !leaves.is_multiple_of(parts) {
            return Err(format!("{leaves} numbers do not make up complex numbers of two each"));
        }
        match self.layout.shape {
            Shape::Scalar if count != 1 => Err(format!("{count} complex numbers where one belongs")),
            Shape::Fixed(wanted) if count != wanted => {
                Err(format!("{count} values where the arraysize says {wanted}"))
            }
            Shape::Variable(step) if !count.is_multiple_of(step) => {
                Err(format!("{count} values are not a multiple of {step}, as the arraysize says"))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn push_text(&mut self, cell: &[u8]) -> Result<(), String> {
        let width = self.layout.text_width();
        if cell.is_empty() || (width.is_none() && trim(cell).is_empty()) {
            self.push_null();
            return Ok(());
        }
        let result = match (&mut self.leaf, width) {
            (Column::Text(_), Some(width)) => self.push_strings(cell, width),
            (Column::Boolean(bits), _) if bits.bit => cell.iter().try_for_each(|byte| match byte {
                b'0' => {
                    bits.push(Some(false));
                    Ok(())
                }
                b'1' => {
                    bits.push(Some(true));
                    Ok(())
                }
                byte if is_space(*byte) => Ok(()),
                _ => Err(format!("{} is not a sequence of bits", excerpt(cell))),
            }),
            (leaf, _) => cell
                .split(|&byte| is_space(byte))
                .filter(|token| !token.is_empty())
                .try_for_each(|token| leaf.push_text(token)),
        };
        result.and_then(|()| self.check_count()).inspect_err(|_| self.leaf.truncate(self.end()))?;
        self.close(true);
        Ok(())
    }

    /// Cuts a text into strings of `width` characters, padding taken off. Missing last strings are empty.
    fn push_strings(&mut self, cell: &[u8], width: usize) -> Result<(), String> {
        let text = std::str::from_utf8(cell).map_err(|_| "the text is not UTF-8".to_owned())?;
        let Column::Text(strings) = &mut self.leaf else { return Ok(()) };
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.char_indices().nth(width).map_or(rest.len(), |(at, _)| at);
            strings.push(rest[..end].trim_end_matches([' ', '\0']).as_bytes());
            rest = &rest[end..];
        }
        self.pad_strings();
        Ok(())
    }

    /// Adds empty strings up to the number that the arraysize asks for.
    pub(crate) fn pad_strings(&mut self) {
        let begun = self.leaf.len() - self.end();
        let missing = match self.layout.shape {
            Shape::Scalar => 0,
            Shape::Fixed(count) => count.saturating_sub(begun),
            Shape::Variable(step) => begun.next_multiple_of(step) - begun,
        };
        for _ in 0..missing {
            self.leaf.push_filler();
        }
    }

    pub(crate) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let rows = self.nulls.len();
        let nulls = self.nulls.finish();
        let mut values = self.leaf.finish()?;
        let parts = self.parts();
        let data_type = self.layout.data_type();
        let mut offsets = std::mem::replace(&mut self.offsets, vec![0]);
        if parts == 2 {
            let missing = missing_complex(&values);
            if self.layout.shape == Shape::Scalar {
                let nulls = NullBuffer::union(nulls.as_ref(), missing.as_ref());
                return fixed(&data_type, values, nulls);
            }
            let (DataType::List(item) | DataType::FixedSizeList(item, _)) = &data_type else {
                return Err(ArrowError::SchemaError("an array column is a list".into()));
            };
            values = fixed(item.data_type(), values, missing)?;
            for offset in &mut offsets {
                *offset /= 2;
            }
        }
        match &data_type {
            DataType::List(item) => {
                let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
                Ok(Arc::new(ListArray::try_new(Arc::clone(item), offsets, values, nulls)?))
            }
            _ if rows == 0 => Ok(arrow_array::new_empty_array(&data_type)),
            _ => fixed(&data_type, values, nulls),
        }
    }
}

fn fixed(data_type: &DataType, values: ArrayRef, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    let DataType::FixedSizeList(item, count) = data_type else {
        return Err(ArrowError::SchemaError("an array column is a list".into()));
    };
    let item: FieldRef = Arc::clone(item);
    Ok(Arc::new(FixedSizeListArray::try_new(item, *count, values, nulls)?))
}

/// Which complex numbers are "no value": those of which both parts are NaN.
fn missing_complex(parts: &ArrayRef) -> Option<NullBuffer> {
    let pairs = parts.len() / 2;
    let valid = if let Some(parts) = parts.as_any().downcast_ref::<Float32Array>() {
        let values = parts.values();
        BooleanBuffer::collect_bool(pairs, |at| !(values[2 * at].is_nan() && values[2 * at + 1].is_nan()))
    } else {
        let values = parts.as_any().downcast_ref::<Float64Array>()?.values();
        BooleanBuffer::collect_bool(pairs, |at| !(values[2 * at].is_nan() && values[2 * at + 1].is_nan()))
    };
    Some(NullBuffer::new(valid)).filter(|nulls| nulls.null_count() > 0)
}
