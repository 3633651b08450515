//! The order that lets a reader skip.

use super::{band, sort_by_band};

#[test]
fn records_go_by_band_then_right_ascension_and_each_band_starts_a_group() {
    let mut records = [(200.0, 3.0), (10.0, -88.0), (100.0, 4.9), (5.0, 5.0), (150.0, 0.0)];
    let starts = sort_by_band(&mut records, |record| *record);
    assert_eq!(records, [(10.0, -88.0), (100.0, 4.9), (150.0, 0.0), (200.0, 3.0), (5.0, 5.0)]);
    assert_eq!(starts, [1, 4]);
}

#[test]
fn both_poles_have_a_band() {
    assert_eq!(band(-90.0), 0);
    assert_eq!(band(90.0), 36);
}
