//! Columns of text.

use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use arrow_buffer::{Buffer, NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use arrow_schema::ArrowError;

/// Strings, one after the other.
pub(crate) struct TextColumn {
    offsets: Vec<i32>,
    pub(crate) bytes: Vec<u8>,
    nulls: NullBufferBuilder,
    null: Option<Vec<u8>>,
}

impl TextColumn {
    pub(crate) fn new(null: Option<&str>) -> Self {
        let null = null.map(|text| text.as_bytes().to_vec());
        Self { offsets: vec![0], bytes: Vec::new(), nulls: NullBufferBuilder::new(0), null }
    }

    pub(crate) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.offsets.truncate(len + 1);
        self.bytes.truncate(self.end());
        self.nulls.truncate(len);
    }

    fn end(&self) -> usize {
        self.offsets.last().map_or(0, |&end| end as usize)
    }

    pub(crate) fn push_null(&mut self) {
        self.bytes.truncate(self.end());
        self.offsets.push(self.bytes.len() as i32);
        self.nulls.append_null();
    }

    pub(crate) fn push_filler(&mut self) {
        self.offsets.push(self.bytes.len() as i32);
        self.nulls.append_non_null();
    }

    /// Makes the bytes appended since the last string a string.
    #[inline]
    pub(crate) fn close(&mut self) {
        if self.null.is_some() && self.null.as_deref() == Some(&self.bytes[self.end()..]) {
            self.push_null();
        } else {
            self.offsets.push(self.bytes.len() as i32);
            self.nulls.append_non_null();
        }
    }

    /// Takes off at most `count` bytes of the string being built.
    pub(crate) fn cut_padding(&mut self, count: usize) {
        self.bytes.truncate((self.bytes.len() - count).max(self.end()));
    }

    /// Adds a string; the bytes are UTF-8.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.close();
    }

    #[inline]
    pub(crate) fn push_plain(&mut self, rest: &[u8], limit: usize) -> Option<usize> {
        let length = memchr::memchr3(b'<', b'&', b'\r', rest)?;
        let text = &rest[..length];
        let plain = rest[length..].starts_with(b"</TD>")
            && length <= limit
            && (text.is_ascii() || std::str::from_utf8(text).is_ok());
        if !plain {
            return None;
        }
        if text.is_empty() {
            self.push_null();
        } else {
            self.push(text);
        }
        Some(length + 5)
    }

    /// An empty cell is "no value": TABLEDATA does not tell the two apart (VOTable 1.5, section 5.5).
    #[expect(clippy::unnecessary_wraps, reason = "as the other columns")]
    pub(crate) fn push_text(&mut self, cell: &[u8]) -> Result<(), String> {
        if cell.is_empty() {
            self.push_null();
        } else {
            self.push(cell);
        }
        Ok(())
    }

    pub(crate) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let mut next = Vec::with_capacity(self.offsets.len());
        next.push(0);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(std::mem::replace(&mut self.offsets, next)));
        let next = Vec::with_capacity(self.bytes.len());
        let bytes = Buffer::from_vec(std::mem::replace(&mut self.bytes, next));
        Ok(Arc::new(StringArray::try_new(offsets, bytes, self.nulls.finish())?))
    }
}
