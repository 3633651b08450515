//! Where rows and their cells lie in decoded BINARY bytes.
//!
//! Columns come in runs: any number of fixed width, then at most one of variable length, which ends the run. Only
//! the beginnings of runs differ from row to row.

use crate::ErrorKind;
use crate::batch::Batch;
use crate::column::Layout;

/// A column's place: its run, and where in the run its cell begins.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) run: usize,
    pub(super) within: usize,
}

struct Run {
    /// Bytes of the fixed columns.
    fixed: usize,
    /// Bits of one primitive of the variable column at the end.
    variable: Option<usize>,
    starts: Vec<u32>,
}

/// Why no more rows were found.
pub(super) enum Stop {
    /// The bytes end, or the batch is full.
    Enough,
    /// The next row is wrong.
    Fault(ErrorKind),
}

/// Finds rows.
pub(super) struct Locator {
    places: Vec<Place>,
    runs: Vec<Run>,
    flagged: bool,
    flag_bytes: usize,
    /// Where rows begin, and at last where the next one would.
    rows: Vec<u32>,
}

impl Locator {
    pub(super) fn new(layouts: &[Layout], flagged: bool) -> Self {
        let mut runs = vec![Run { fixed: 0, variable: None, starts: Vec::new() }];
        let mut places = Vec::with_capacity(layouts.len());
        for layout in layouts {
            let index = runs.len() - 1;
            let run = &mut runs[index];
            places.push(Place { run: index, within: run.fixed });
            if let Some(width) = layout.binary_width() {
                run.fixed += width;
            } else {
                run.variable = Some(layout.bits());
                runs.push(Run { fixed: 0, variable: None, starts: Vec::new() });
            }
        }
        let flag_bytes = if flagged { layouts.len().div_ceil(8) } else { 0 };
        Self { places, runs, flagged, flag_bytes, rows: vec![0] }
    }

    pub(super) fn place(&self, column: usize) -> Place {
        self.places[column]
    }

    pub(super) fn starts(&self, run: usize) -> &[u32] {
        &self.runs[run].starts
    }

    /// Rows found by the last [`Locator::locate`].
    pub(super) fn rows(&self) -> usize {
        self.rows.len() - 1
    }

    /// Where the rows begin, if there null flags are.
    pub(super) fn flags(&self) -> Option<&[u32]> {
        self.flagged.then(|| &self.rows[..self.rows()])
    }

    /// The null flags of all rows found, one over the other.
    pub(super) fn flagged_columns(&self, data: &[u8]) -> Vec<u8> {
        let mut all = vec![0; self.flag_bytes];
        for &row in &self.rows[..self.rows()] {
            for (all, one) in all.iter_mut().zip(&data[row as usize..]) {
                *all |= one;
            }
        }
        all
    }

    pub(super) fn row_start(&self, row: usize) -> usize {
        self.rows[row] as usize
    }

    pub(super) fn row_len(&self, row: usize) -> usize {
        (self.rows[row + 1] - self.rows[row]) as usize
    }

    /// Bytes of the rows found.
    pub(super) fn used(&self) -> usize {
        self.row_start(self.rows())
    }

    /// Finds the whole rows in `data` that `batch` has room for.
    pub(super) fn locate(&mut self, data: &[u8], batch: &Batch) -> Stop {
        self.rows.clear();
        self.rows.push(0);
        for run in &mut self.runs {
            run.starts.clear();
        }
        let mut room = batch.room();
        let mut start = 0;
        while room.has_rows() {
            match self.locate_row(data, start, batch) {
                Ok(Some(end)) => {
                    room.take_row(end - start);
                    start = end;
                    self.rows.push(end as u32);
                }
                Ok(None) => {
                    self.drop_partial();
                    return Stop::Enough;
                }
                Err(kind) => {
                    self.drop_partial();
                    return Stop::Fault(kind);
                }
            }
        }
        Stop::Enough
    }

    /// The end of the row that begins at `start`; `None` if the bytes end first.
    #[inline]
    fn locate_row(&mut self, data: &[u8], start: usize, batch: &Batch) -> Result<Option<usize>, ErrorKind> {
        let limits = batch.limits();
        let mut at = start + self.flag_bytes;
        for run in &mut self.runs {
            run.starts.push(at as u32);
            at += run.fixed;
            if let Some(bits) = run.variable {
                let Some(&[a, b, c, d]) = data.get(at..at + 4) else {
                    return check_row(at - start, None, limits.row_bytes);
                };
                let count = i32::from_be_bytes([a, b, c, d]);
                let count = usize::try_from(count).map_err(|_| {
                    ErrorKind::Stream(format!("row {} says an array of {count} values", batch.row_number()))
                })?;
                let bytes = (count as u64 * bits as u64).div_ceil(8);
                if bytes > limits.cell_bytes as u64 {
                    return Err(ErrorKind::TooLarge { what: "a cell", limit: limits.cell_bytes });
                }
                at += 4 + bytes as usize;
            }
        }
        if at == start {
            return if data.is_empty() {
                Ok(None)
            } else {
                Err(ErrorKind::Stream("there are bytes but the columns have none".into()))
            };
        }
        check_row(at - start, Some(at).filter(|_| at <= data.len()), limits.row_bytes)
    }

    /// Forgets the runs of a row that is not whole.
    fn drop_partial(&mut self) {
        let rows = self.rows();
        for run in &mut self.runs {
            run.starts.truncate(rows);
        }
    }
}

fn check_row(length: usize, end: Option<usize>, limit: usize) -> Result<Option<usize>, ErrorKind> {
    if length > limit { Err(ErrorKind::TooLarge { what: "a row", limit }) } else { Ok(end) }
}
