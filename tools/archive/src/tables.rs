//! The tables of the archive, one file each.

mod dsos;
mod messier;
mod star_names;
mod stars;

use std::path::Path;

use crate::error::ArchiveError;
use crate::table::Table;

/// The height of the bands of declination by which the large tables are sorted, in degrees: a cone of a few degrees
/// touches one to three of them, so the reader skips the rest by their statistics.
const BAND_HEIGHT_DEG: f64 = 5.0;

/// Every table, in the order they are shown.
pub(crate) fn read_all(data: &Path) -> Result<Vec<Table>, ArchiveError> {
    Ok(vec![stars::read(data)?, dsos::read(data)?, messier::read(data)?, star_names::read(data)?])
}

/// The number of the band that a declination lies in, from the south.
fn band(dec: f64) -> i32 {
    ((dec + 90.0) / BAND_HEIGHT_DEG).floor() as i32
}

/// Sorts records by band, then right ascension; answers with the rows where a new band begins.
fn sort_by_band<T>(records: &mut [T], position: impl Fn(&T) -> (f64, f64)) -> Vec<usize> {
    records.sort_by(|left, right| {
        let ((ra_left, dec_left), (ra_right, dec_right)) = (position(left), position(right));
        band(dec_left)
            .cmp(&band(dec_right))
            .then(ra_left.total_cmp(&ra_right))
            .then(dec_left.total_cmp(&dec_right))
    });
    let bands: Vec<i32> = records.iter().map(|record| band(position(record).1)).collect();
    (1..bands.len()).filter(|&row| bands[row] != bands[row - 1]).collect()
}

#[cfg(test)]
mod tests;
