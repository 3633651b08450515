//! Values as text: the shortest that reads back as the same value, and for pages the beginning of those that are long.

use app::features::queries::model::LONGEST_CELL;
use app::text::{count, counted};

use datafusion::arrow::array::{Array, ArrayRef, AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::{
    DataType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

/// The cells of a batch.
pub struct Cells<'a> {
    batch: &'a RecordBatch,
}

impl<'a> Cells<'a> {
    /// Of this batch.
    pub fn of(batch: &'a RecordBatch) -> Self {
        Self { batch }
    }

    /// One row; none where a value is missing (null, or not a number).
    pub fn row(&self, row: usize) -> Vec<Option<String>> {
        self.batch.columns().iter().map(|column| Self::text_of(column, row)).collect()
    }

    /// One row for a page: of a value longer than [`LONGEST_CELL`] the beginning, and how much there is.
    pub fn shown(&self, row: usize) -> Vec<Option<String>> {
        self.batch.columns().iter().map(|column| Self::cut(column, row)).collect()
    }

    /// One value for a page. Never makes much more text than it shows.
    fn cut(array: &ArrayRef, row: usize) -> Option<String> {
        if array.is_null(row) {
            return None;
        }
        let values = match array.data_type() {
            DataType::Utf8 => return Some(cut_text(array.as_string::<i32>().value(row))),
            DataType::LargeUtf8 => return Some(cut_text(array.as_string::<i64>().value(row))),
            DataType::Utf8View => return Some(cut_text(array.as_string_view().value(row))),
            DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_) => {
                let bytes = bytes_of(array, row);
                let most = LONGEST_CELL / 2;
                let hex =
                    bytes.iter().take(most).fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
                return Some(if bytes.len() > most { say_cut(&hex, bytes.len(), "byte") } else { hex });
            }
            DataType::List(_) => array.as_list::<i32>().value(row),
            DataType::LargeList(_) => array.as_list::<i64>().value(row),
            DataType::FixedSizeList(_, _) => array.as_fixed_size_list().value(row),
            _ => return Self::text_of(array, row),
        };
        let mut text = "[".to_owned();
        for i in 0..values.len() {
            let comma = if i == 0 { "" } else { ", " };
            text.push_str(comma);
            text.push_str(&Self::cut(&values, i).unwrap_or_else(|| "–".to_owned()));
            // Bytes are no fewer than characters: far enough beyond what is shown.
            if text.len() > 4 * LONGEST_CELL {
                return Some(say_cut(beginning(&text), values.len(), "value"));
            }
        }
        text.push(']');
        Some(if beginning(&text).len() < text.len() {
            say_cut(beginning(&text), values.len(), "value")
        } else {
            text
        })
    }

    /// One value, whole.
    pub fn text_of(array: &ArrayRef, row: usize) -> Option<String> {
        if array.is_null(row) {
            return None;
        }
        Some(match array.data_type() {
            DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
            DataType::LargeUtf8 => array.as_string::<i64>().value(row).to_owned(),
            DataType::Utf8View => array.as_string_view().value(row).to_owned(),
            DataType::Boolean => array.as_boolean().value(row).to_string(),
            DataType::Int8 => array.as_primitive::<Int8Type>().value(row).to_string(),
            DataType::Int16 => array.as_primitive::<Int16Type>().value(row).to_string(),
            DataType::Int32 => array.as_primitive::<Int32Type>().value(row).to_string(),
            DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
            DataType::UInt8 => array.as_primitive::<UInt8Type>().value(row).to_string(),
            DataType::UInt16 => array.as_primitive::<UInt16Type>().value(row).to_string(),
            DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).to_string(),
            DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row).to_string(),
            DataType::Float32 => {
                let value = array.as_primitive::<Float32Type>().value(row);
                let scientific = is_far(value.into());
                finite(value.is_nan(), if scientific { format!("{value:e}") } else { value.to_string() })?
            }
            DataType::Float64 => {
                let value = array.as_primitive::<Float64Type>().value(row);
                finite(value.is_nan(), if is_far(value) { format!("{value:e}") } else { value.to_string() })?
            }
            DataType::List(_) | DataType::FixedSizeList(_, _) | DataType::LargeList(_) => {
                let values = match array.data_type() {
                    DataType::List(_) => array.as_list::<i32>().value(row),
                    DataType::LargeList(_) => array.as_list::<i64>().value(row),
                    _ => array.as_fixed_size_list().value(row),
                };
                let texts =
                    (0..values.len()).map(|i| Self::text_of(&values, i).unwrap_or_else(|| "–".to_owned()));
                format!("[{}]", texts.collect::<Vec<_>>().join(", "))
            }
            _ => {
                let formatter = ArrayFormatter::try_new(array.as_ref(), &FormatOptions::default()).ok()?;
                formatter.value(row).to_string()
            }
        })
    }
}

/// A text for a page: the beginning of a long one, and how much there is.
pub fn cut_text(text: &str) -> String {
    let shown = beginning(text);
    if shown.len() == text.len() {
        text.to_owned()
    } else {
        say_cut(shown, text.chars().count(), "character")
    }
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(LONGEST_CELL).map_or(text, |(end, _)| &text[..end])
}

fn say_cut(shown: &str, all: usize, noun: &str) -> String {
    let (shown_count, all) = (count(shown.chars().count() as u64), counted(all as u64, noun));
    format!("{shown}… (the first {shown_count} characters of {all}; a download has it whole)")
}

fn bytes_of(array: &ArrayRef, row: usize) -> &[u8] {
    match array.data_type() {
        DataType::Binary => array.as_binary::<i32>().value(row),
        DataType::LargeBinary => array.as_binary::<i64>().value(row),
        DataType::BinaryView => array.as_binary_view().value(row),
        _ => array.as_fixed_size_binary().value(row),
    }
}

/// Whether a number is so large or small that digits alone would hide its size.
fn is_far(value: f64) -> bool {
    let size = value.abs();
    size.is_finite() && size != 0.0 && !(1e-4..1e15).contains(&size)
}

fn finite(is_nan: bool, text: String) -> Option<String> {
    (!is_nan).then_some(text)
}
