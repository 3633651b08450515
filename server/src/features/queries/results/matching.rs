//! Which rows pass the filters.

use super::cells::Cells;
use app::features::queries::filter::{Comparison, Condition};
use datafusion::arrow::array::{Array as _, ArrayRef, BooleanArray, BooleanBuilder, Float64Array};
use datafusion::arrow::compute::and;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;

/// The numbers of the rows for which every condition holds, ascending.
pub(super) fn rows(conditions: &[(Vec<ArrayRef>, Condition)], rows: u32) -> Vec<u32> {
    let mut passed: Option<BooleanArray> = None;
    for (arrays, condition) in conditions {
        let mut holds = BooleanBuilder::with_capacity(rows as usize);
        for array in arrays {
            append(&mut holds, array, condition);
        }
        let holds = holds.finish();
        passed = Some(match passed {
            Some(before) => and(&before, &holds).unwrap_or(holds),
            None => holds,
        });
    }
    match passed {
        Some(passed) => passed.values().set_indices_u32().collect(),
        None => (0..rows).collect(),
    }
}

fn append(holds: &mut BooleanBuilder, array: &ArrayRef, condition: &Condition) {
    if let Some(numbers) = as_numbers(array) {
        append_numbers(holds, &numbers, condition);
    } else {
        append_texts(holds, array, condition);
    }
}

/// The values as floating point, missing ones as NaN; none for other kinds of column. Whole numbers beyond 2^53 are
/// rounded, as the typed numbers they are compared with are.
pub(super) fn as_numbers(array: &ArrayRef) -> Option<Float64Array> {
    if !(array.data_type().is_integer() || array.data_type().is_floating()) {
        return None;
    }
    let numbers = cast(array, &DataType::Float64).ok()?;
    numbers.as_any().downcast_ref::<Float64Array>().cloned()
}

fn append_numbers(holds: &mut BooleanBuilder, numbers: &Float64Array, condition: &Condition) {
    let mut each = |test: &dyn Fn(f64) -> bool| {
        for row in 0..numbers.len() {
            let value = numbers.value(row);
            holds.append_value(!numbers.is_null(row) && !value.is_nan() && test(value));
        }
    };
    match *condition {
        Condition::Compare(Comparison::Less, n) => each(&|v| v < n),
        Condition::Compare(Comparison::AtMost, n) => each(&|v| v <= n),
        #[expect(clippy::float_cmp, reason = "equal is what was asked for")]
        Condition::Compare(Comparison::Equal, n) => each(&|v| v == n),
        #[expect(clippy::float_cmp, reason = "unequal is what was asked for")]
        Condition::Compare(Comparison::NotEqual, n) => each(&|v| v != n),
        Condition::Compare(Comparison::AtLeast, n) => each(&|v| v >= n),
        Condition::Compare(Comparison::Greater, n) => each(&|v| v > n),
        Condition::Between(low, high) => each(&|v| v >= low && v <= high),
        Condition::Present => each(&|_| true),
        Condition::Missing => {
            for row in 0..numbers.len() {
                holds.append_value(numbers.is_null(row) || numbers.value(row).is_nan());
            }
        }
        Condition::Contains(_) | Condition::Is(_) | Condition::IsNot(_) => each(&|_| false),
    }
}

fn append_texts(holds: &mut BooleanBuilder, array: &ArrayRef, condition: &Condition) {
    let needle = match condition {
        Condition::Contains(text) => text.to_lowercase(),
        Condition::Is(text) | Condition::IsNot(text) => text.clone(),
        _ => String::new(),
    };
    for row in 0..array.len() {
        let text = Cells::text_of(array, row);
        holds.append_value(match (condition, text.as_deref()) {
            (Condition::Missing, text) => text.is_none_or(str::is_empty),
            (Condition::Present, text) => text.is_some_and(|t| !t.is_empty()),
            (Condition::Contains(_), Some(text)) => text.to_lowercase().contains(&needle),
            (Condition::Is(_), Some(text)) => text == needle,
            (Condition::IsNot(_), Some(text)) => text != needle,
            _ => false,
        });
    }
}
