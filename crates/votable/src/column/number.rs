//! Columns of numbers.

use std::any::type_name;
use std::sync::Arc;

use arrow_array::{ArrayRef, PrimitiveArray};
use arrow_buffer::{NullBufferBuilder, ScalarBuffer};

use crate::scalar::{Number, excerpt, trim};

/// Numbers of one type, with the value that stands for "no value".
pub(crate) struct NumberColumn<T> {
    pub(crate) values: Vec<T>,
    pub(crate) nulls: NullBufferBuilder,
    pub(crate) null: Option<T>,
    /// The null value's spelling, for columns that declare one which is not of their type.
    null_text: Option<Vec<u8>>,
    /// NaN stands for "no value" too. Not so in the parts of complex numbers.
    pub(crate) nan_is_null: bool,
}

impl<T: Number> NumberColumn<T> {
    pub(crate) fn new(null: Option<&str>, nan_is_null: bool) -> Self {
        let null_text = null.map(|text| trim(text.as_bytes()).to_vec()).filter(|text| !text.is_empty());
        let null = null_text.as_deref().and_then(T::parse);
        Self { values: Vec::new(), nulls: NullBufferBuilder::new(0), null, null_text, nan_is_null }
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.values.truncate(len);
        self.nulls.truncate(len);
    }

    /// The value stands for "no value".
    #[inline]
    pub(crate) fn is_null(&self, value: T) -> bool {
        (self.nan_is_null && value.is_nan()) || self.null == Some(value)
    }

    #[inline]
    pub(crate) fn push(&mut self, value: T) {
        self.values.push(value);
        if self.is_null(value) {
            self.nulls.append_null();
        } else {
            self.nulls.append_non_null();
        }
    }

    pub(crate) fn push_null(&mut self) {
        self.values.push(T::default());
        self.nulls.append_null();
    }

    pub(crate) fn push_filler(&mut self) {
        self.values.push(T::default());
        self.nulls.append_non_null();
    }

    #[inline]
    pub(crate) fn push_plain(&mut self, rest: &[u8]) -> Option<usize> {
        let (value, length) = T::prefix(rest)?;
        if !rest[length..].starts_with(b"</TD>") {
            return None;
        }
        self.push(value);
        Some(length + 5)
    }

    pub(crate) fn push_text(&mut self, cell: &[u8]) -> Result<(), String> {
        let token = trim(cell);
        if token.is_empty() {
            self.push_null();
            return Ok(());
        }
        match T::parse(token) {
            Some(value) => self.push(value),
            None if self.null_text.as_deref() == Some(token) => self.push_null(),
            None => {
                let wanted = match type_name::<T>() {
                    "u8" => "an unsignedByte (0 to 255)",
                    "i16" => "a short (-32768 to 32767)",
                    "i32" => "an int (-2147483648 to 2147483647)",
                    "i64" => "a long (64 bits)",
                    "f32" => "a float",
                    _ => "a double",
                };
                return Err(format!("{} is not {wanted}", excerpt(cell)));
            }
        }
        Ok(())
    }

    pub(crate) fn finish(&mut self) -> ArrayRef {
        // The next batch is likely to be as long: its memory is taken at once, from what really came.
        let next = Vec::with_capacity(self.values.len());
        let values = ScalarBuffer::from(std::mem::replace(&mut self.values, next));
        Arc::new(PrimitiveArray::<T::Arrow>::new(values, self.nulls.finish()))
    }
}
