//! Arithmetic of a table of which only the rows in sight exist.
//!
//! Browsers cannot make an element taller than some 17 million pixels, so beyond [`MOST_PX`] the scroll bar moves in
//! larger steps than the rows do; below it, one pixel is one pixel.

use std::ops::Range;

/// Most pixels that the scrolled content may be high.
const MOST_PX: f64 = 15_000_000.0;
/// Rows kept ready above and below those in sight.
const SPARE_ROWS: u64 = 12;

/// A table, its rows and how much of it is in sight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scrolling {
    /// Rows in all.
    pub rows: u64,
    /// Height of one row.
    pub row_px: f64,
    /// Height in which rows are seen.
    pub view_px: f64,
}

/// Which rows to draw, and the space above and below them.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Rows by place, 0-based.
    pub rows: Range<u64>,
    /// Pixels above the first.
    pub above_px: f64,
    /// Pixels below the last.
    pub below_px: f64,
}

impl Scrolling {
    fn real_px(&self) -> f64 {
        self.rows as f64 * self.row_px
    }

    /// How high the rows and the space around them are together.
    pub fn total_px(&self) -> f64 {
        self.real_px().min(MOST_PX)
    }

    /// Real pixels for one pixel of the scroll bar.
    fn stretch(&self) -> f64 {
        let room = self.total_px() - self.view_px;
        if room <= 0.0 { 1.0 } else { ((self.real_px() - self.view_px) / room).max(1.0) }
    }

    /// What to draw when the content is scrolled by so many pixels.
    pub fn drawn(&self, scrolled_px: f64) -> Drawn {
        let scrolled = scrolled_px.clamp(0.0, (self.total_px() - self.view_px).max(0.0));
        let real = scrolled * self.stretch();
        let seen = (real / self.row_px).floor() as u64;
        let count = (self.view_px / self.row_px).ceil() as u64 + 1;
        let first = seen.saturating_sub(SPARE_ROWS);
        let end = (seen + count + SPARE_ROWS).min(self.rows);
        let above = (scrolled - (real - first as f64 * self.row_px)).max(0.0);
        let below = self.total_px() - above - (end - first) as f64 * self.row_px;
        Drawn { rows: first..end, above_px: above, below_px: below.max(0.0) }
    }

    /// Where to scroll so that a row is in sight, if it is not now.
    pub fn reveal(&self, scrolled_px: f64, row: u64) -> Option<f64> {
        let real = scrolled_px * self.stretch();
        let (top, bottom) = (row as f64 * self.row_px, (row + 1) as f64 * self.row_px);
        let wanted = if top < real {
            top
        } else if bottom > real + self.view_px {
            bottom - self.view_px
        } else {
            return None;
        };
        Some(wanted / self.stretch())
    }

    /// Rows that fit in sight: how far Page Down goes.
    pub fn page(&self) -> u64 {
        ((self.view_px / self.row_px).floor() as u64).max(1)
    }
}

/// The pieces of `piece` rows that `rows` touch and that are not `there` yet, as one range of rows from the first to
/// the last of them; at most 500 rows, the first ones where there are more.
pub fn missing(rows: &Range<u64>, piece: u64, there: impl Fn(u64) -> bool) -> Option<Range<u64>> {
    if rows.is_empty() {
        return None;
    }
    let mut pieces = (rows.start / piece..=(rows.end - 1) / piece).filter(|p| !there(*p));
    let first = pieces.next()?;
    let last = pieces.last().unwrap_or(first).min(first + 500 / piece - 1);
    Some(first * piece..(last + 1) * piece)
}

#[cfg(test)]
mod tests {
    use super::{Scrolling, missing};

    const ROW: f64 = 28.0;

    #[test]
    fn few_rows_scroll_pixel_by_pixel() {
        let table = Scrolling { rows: 1000, row_px: ROW, view_px: 560.0 };
        let drawn = table.drawn(2800.0);
        assert_eq!(drawn.rows, 88..133);
        assert!((drawn.above_px - 88.0 * ROW).abs() < 1e-6);
        assert!((table.drawn(2805.0).above_px - drawn.above_px).abs() < 1e-6, "between rows nothing moves");
    }

    #[test]
    fn both_ends_are_reached_and_the_height_never_changes() {
        for rows in [0, 1, 5, 1000, 1_000_000, 200_000_000] {
            let table = Scrolling { rows, row_px: ROW, view_px: 560.0 };
            let most = (table.total_px() - table.view_px).max(0.0);
            for share in [0.0, 0.1, 0.5, 0.999, 1.0, 2.0] {
                let drawn = table.drawn(most * share);
                let height =
                    drawn.above_px + drawn.below_px + (drawn.rows.end - drawn.rows.start) as f64 * ROW;
                assert!(
                    (height - table.total_px()).abs() < 1e-3 || rows > 500_000,
                    "{rows} {share}: {height}"
                );
                assert!(drawn.rows.end - drawn.rows.start < 60);
            }
            assert_eq!(table.drawn(0.0).rows.start, 0);
            assert_eq!(table.drawn(most).rows.end, rows, "the last row can be reached");
            let drawn = table.drawn(most);
            let bottom = drawn.above_px + (drawn.rows.end - drawn.rows.start) as f64 * ROW;
            assert!(bottom <= table.total_px() + 1e-3, "the last row is not below the end: {rows}");
        }
    }

    #[test]
    fn a_row_is_brought_into_sight() {
        for rows in [1000, 3_000_000] {
            let table = Scrolling { rows, row_px: ROW, view_px: 560.0 };
            for row in [0, 1, 30, 999, rows - 1, rows / 2] {
                let scrolled = table.reveal(0.0, row).unwrap_or(0.0);
                assert!(table.drawn(scrolled).rows.contains(&row), "{row} of {rows}");
                assert!(table.reveal(scrolled + 1e-6, row).is_none_or(|px| (px - scrolled).abs() < 0.1));
            }
        }
    }

    #[test]
    fn asks_for_what_is_missing_once() {
        let there = |p: u64| p == 2;
        assert_eq!(missing(&(88..133), 50, there), Some(50..100));
        assert_eq!(missing(&(88..160), 50, there), Some(50..200), "one request spans what is there");
        assert_eq!(missing(&(100..150), 50, there), None);
        assert_eq!(missing(&(0..0), 50, there), None);
        assert_eq!(missing(&(0..5000), 50, |_| false), Some(0..500), "never more than the server gives");
    }
}
