//! What a document may cost at most. Every number in a document is a claim; memory follows only the bytes
//! that have really arrived, and these limits stop those.

/// Upper bounds for one document. A bound that is passed is an [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) with the line.
///
/// The memory of a [`Reader`](crate::Reader) is bounded by some multiple of `batch_bytes` + `row_bytes` + `head_bytes`,
/// whatever the number of rows; documents of ordinary rows take some MiB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one tag, comment, processing instruction or run of text outside the data (default 1 MiB).
    pub markup_bytes: usize,
    /// Bytes of one attribute value (default 64 KiB).
    pub attribute_bytes: usize,
    /// Attributes of one element (default 256).
    pub attributes: usize,
    /// Elements inside each other (default 64).
    pub depth: usize,
    /// Bytes of one table before its data: all its FIELDs, PARAMs and texts (default 16 MiB).
    pub head_bytes: u64,
    /// FIELDs of one table, and PARAMs of one table (default 10,000).
    pub fields: usize,
    /// Elements of an array that a FIELD declares with a fixed size (default 1,048,576).
    pub array_elements: usize,
    /// Bytes of one cell, as text or decoded (default 16 MiB).
    pub cell_bytes: usize,
    /// Bytes of one row, as text or decoded (default 64 MiB, which is also the most).
    pub row_bytes: usize,
    /// Rows of one batch (default 8,192): a batch is handed out as soon as it holds so many rows ...
    pub batch_rows: usize,
    /// ... or about so many bytes (default 16 MiB).
    pub batch_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            markup_bytes: 1 << 20,
            attribute_bytes: 1 << 16,
            attributes: 256,
            depth: 64,
            head_bytes: 16 << 20,
            fields: 10_000,
            array_elements: 1 << 20,
            cell_bytes: 16 << 20,
            row_bytes: 64 << 20,
            batch_rows: 8_192,
            batch_bytes: 16 << 20,
        }
    }
}

impl Limits {
    /// The same limits within what Arrow's 32-bit offsets can hold (64 MiB of bits are half of it), and never zero.
    pub(crate) fn clamped(mut self) -> Self {
        self.cell_bytes = self.cell_bytes.clamp(1, 1 << 26);
        self.row_bytes = self.row_bytes.clamp(1, 1 << 26);
        self.batch_bytes = self.batch_bytes.clamp(1, 1 << 26);
        self.batch_rows = self.batch_rows.clamp(1, 1 << 20);
        self.array_elements = self.array_elements.clamp(1, 1 << 22);
        self
    }
}
