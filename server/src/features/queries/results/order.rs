//! The order of a column's values, as keys that compare quickly.

use super::cells::Cells;
use datafusion::arrow::array::{Array, ArrayRef, AsArray as _};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, UInt64Type};
use std::cmp::Ordering;

/// A column as something to sort by. Numbers become 64-bit keys that order as they do; texts a key of their first
/// eight bytes and the text for ties.
#[derive(Debug)]
pub(super) struct SortKeys {
    keys: Vec<u64>,
    missing: Vec<bool>,
    texts: Option<Vec<Box<str>>>,
}

impl SortKeys {
    pub(super) fn of(arrays: &[ArrayRef]) -> Self {
        let rows = arrays.iter().map(Array::len).sum();
        let mut made =
            Self { keys: Vec::with_capacity(rows), missing: Vec::with_capacity(rows), texts: None };
        for array in arrays {
            made.add(array);
        }
        made
    }

    fn add(&mut self, array: &ArrayRef) {
        let kind = array.data_type();
        if kind.is_floating()
            && let Ok(array) = cast(array, &DataType::Float64)
        {
            let values = array.as_primitive::<Float64Type>();
            self.push(array.len(), |row| {
                (!values.is_null(row) && !values.value(row).is_nan()).then(|| of_float(values.value(row)))
            });
            return;
        }
        if kind.is_unsigned_integer() || kind.is_signed_integer() || *kind == DataType::Boolean {
            if *kind == DataType::UInt64 {
                let values = array.as_primitive::<UInt64Type>();
                self.push(array.len(), |row| (!values.is_null(row)).then(|| values.value(row)));
                return;
            }
            if let Ok(array) = cast(array, &DataType::Int64) {
                let values = array.as_primitive::<Int64Type>();
                self.push(array.len(), |row| (!values.is_null(row)).then(|| of_integer(values.value(row))));
                return;
            }
        }
        let texts = self.texts.get_or_insert_default();
        for row in 0..array.len() {
            // An empty text counts as missing, as it does for filters: many archives know no other null.
            let text = Cells::text_of(array, row).filter(|text| !text.is_empty());
            self.missing.push(text.is_none());
            let text = text.unwrap_or_default();
            self.keys.push(of_text(&text));
            texts.push(text.into());
        }
    }

    fn push(&mut self, rows: usize, key: impl Fn(usize) -> Option<u64>) {
        for row in 0..rows {
            let key = key(row);
            self.missing.push(key.is_none());
            self.keys.push(key.unwrap_or_default());
        }
    }

    pub(super) fn is_missing(&self, row: u32) -> bool {
        self.missing[row as usize]
    }

    pub(super) fn key(&self, row: u32) -> u64 {
        self.keys[row as usize]
    }

    /// Whether keys alone do not tell equal from unequal.
    pub(super) fn has_texts(&self) -> bool {
        self.texts.is_some()
    }

    /// The order of two rows that both have a value.
    pub(super) fn compare(&self, a: u32, b: u32) -> Ordering {
        self.key(a).cmp(&self.key(b)).then_with(|| match &self.texts {
            Some(texts) => texts[a as usize].cmp(&texts[b as usize]),
            None => Ordering::Equal,
        })
    }

    /// About how many bytes this takes.
    pub(super) fn memory(&self) -> usize {
        let texts = self.texts.as_ref().map_or(0, |texts| texts.iter().map(|t| t.len() + 32).sum());
        self.keys.len() * 9 + texts
    }
}

/// IEEE 754 total order for finite values and infinities; the two zeros are one.
fn of_float(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn of_integer(value: i64) -> u64 {
    (value as u64) ^ (1 << 63)
}

fn of_text(text: &str) -> u64 {
    let mut first = [0; 8];
    let length = text.len().min(8);
    first[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::{of_float, of_integer, of_text};

    #[test]
    fn keys_order_as_values_do() {
        let floats = [f64::NEG_INFINITY, -1e300, -2.5, -1e-300, 0.0, 1e-300, 2.5, f64::INFINITY];
        assert!(floats.windows(2).all(|w| of_float(w[0]) < of_float(w[1])));
        assert_eq!(of_float(-0.0), of_float(0.0));
        assert!([i64::MIN, -1, 0, 1, i64::MAX].windows(2).all(|w| of_integer(w[0]) < of_integer(w[1])));
        assert!(["", "A", "Ab", "B", "a", "é"].windows(2).all(|w| of_text(w[0]) < of_text(w[1])));
    }
}
