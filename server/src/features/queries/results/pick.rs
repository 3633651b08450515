//! Finds the rows of a window among the matching ones, without sorting them all.

use super::order::SortKeys;
use std::cmp::Ordering;
use std::sync::Arc;

/// The rows that pass the filters; none where all do.
type Matching = Option<Arc<Vec<u32>>>;

/// How many rows match.
pub(super) fn count(matching: &Matching, rows: u32) -> u32 {
    matching.as_ref().map_or(rows, |m| u32::try_from(m.len()).unwrap_or(u32::MAX))
}

/// The window in the archive's order.
pub(super) fn unsorted(matching: &Matching, rows: u32, offset: u64, window: u64) -> Vec<u32> {
    let total = u64::from(count(matching, rows));
    let (from, to) = (offset.min(total) as usize, offset.saturating_add(window).min(total) as usize);
    match matching {
        Some(matching) => matching[from..to].to_vec(),
        None => (from as u32..to as u32).collect(),
    }
}

/// The window in the order of a column: missing values last, equal ones in the archive's order.
pub(super) fn sorted(
    keys: &SortKeys,
    matching: &Matching,
    rows: u32,
    offset: u64,
    window: u64,
    descending: bool,
) -> Vec<u32> {
    let total = count(matching, rows) as usize;
    let mut present: Vec<(u64, u32)> = Vec::with_capacity(total);
    let mut missing = Vec::new();
    let mut sort_out = |row: u32| {
        if keys.is_missing(row) {
            missing.push(row);
        } else {
            present.push((if descending { !keys.key(row) } else { keys.key(row) }, row));
        }
    };
    match matching {
        Some(matching) => matching.iter().copied().for_each(&mut sort_out),
        None => (0..rows).for_each(&mut sort_out),
    }
    let from = offset.min(total as u64) as usize;
    let to = offset.saturating_add(window).min(total as u64) as usize;
    let split = present.len();
    let mut picked = Vec::with_capacity(to - from);
    if from < split {
        let part = if keys.has_texts() {
            let compare = |a: &(u64, u32), b: &(u64, u32)| {
                let order = keys.compare(a.1, b.1);
                (if descending { order.reverse() } else { order }).then(a.1.cmp(&b.1))
            };
            slice_by(&mut present, from, to.min(split), compare)
        } else {
            slice_by(&mut present, from, to.min(split), Ord::cmp)
        };
        picked.extend(part.iter().map(|(_, row)| *row));
    }
    if to > split {
        picked.extend_from_slice(&missing[from.max(split) - split..to - split]);
    }
    picked
}

/// The places `from..to` of the slice as if it were sorted: selected in linear time, then sorted alone.
fn slice_by<T>(values: &mut [T], from: usize, to: usize, compare: impl Fn(&T, &T) -> Ordering) -> &[T] {
    if to < values.len() {
        values.select_nth_unstable_by(to, &compare);
    }
    let head = &mut values[..to];
    if from > 0 && from < head.len() {
        head.select_nth_unstable_by(from, &compare);
    }
    let part = &mut head[from..];
    part.sort_unstable_by(&compare);
    part
}
