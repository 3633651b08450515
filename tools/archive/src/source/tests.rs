//! The odd values of the catalogues.

use super::{Point, axes, number, text};

fn point(longitude: f64, dec: f64) -> Option<(f64, f64)> {
    Point { coordinates: (longitude, dec) }.equatorial()
}

#[test]
fn longitudes_become_right_ascensions_without_made_up_digits() {
    assert_eq!(point(-36.9499, 48.4333), Some((323.0501, 48.4333)));
    assert_eq!(point(83.8583, -5.91), Some((83.8583, -5.91)));
    assert_eq!(point(360.0, 0.0), Some((0.0, 0.0)));
}

#[test]
fn a_place_that_is_not_on_the_sphere_is_none() {
    // The source's record of SNR G 263.9-03.0 has its size where the declination belongs.
    assert_eq!(point(-45.83, 255.0), None);
    assert_eq!(point(-181.0, 0.0), None);
}

#[test]
fn extents_have_the_longer_axis_first_and_one_number_counts_twice() {
    assert_eq!(axes("x", "29x27").ok(), Some((Some(29.0), Some(27.0))));
    assert_eq!(axes("x", "27x29").ok(), Some((Some(29.0), Some(27.0))));
    assert_eq!(axes("x", "13").ok(), Some((Some(13.0), Some(13.0))));
    assert_eq!(axes("x", "").ok(), Some((None, None)));
    assert!(axes("x", "13by4").is_err());
}

#[test]
fn numbers_in_texts_are_read_or_refused_never_guessed() {
    assert_eq!(number("x", "bv", "0.482").ok(), Some(Some(0.482)));
    assert_eq!(number("x", "bv", " ").ok(), Some(None));
    assert!(number("x", "bv", "red").is_err());
    assert!(number("x", "bv", "NaN").is_err());
}

#[test]
fn names_lose_their_thin_spaces() {
    assert_eq!(text("HD\u{2009}224930"), Some("HD 224930".to_owned()));
    assert_eq!(text(""), None);
}
