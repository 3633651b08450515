//! Pictures of columns: every matching row with finite values is counted, exactly.

use super::matching::as_numbers;
use app::features::queries::model::{PlotMarks, PlotView};
use datafusion::arrow::array::{Array, ArrayRef};

const BINS: usize = 48;
const MOST_POINTS: usize = 2000;
const ACROSS: u32 = 80;
const UP: u32 = 50;

/// A histogram of `xs`, or a scatter plot of `ys` over `xs`, of the matching rows.
pub(super) fn draw(xs: &[ArrayRef], ys: Option<&[ArrayRef]>, matching: Option<&[u32]>) -> PlotView {
    let x = values(xs);
    let y = ys.map(values);
    let mut missing = 0;
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut take = |row: usize| {
        let point = (x[row], y.as_ref().map_or(0.0, |y| y[row]));
        if point.0.is_finite() && point.1.is_finite() { points.push(point) } else { missing += 1 }
    };
    match matching {
        Some(rows) => rows.iter().for_each(|&row| take(row as usize)),
        None => (0..x.len()).for_each(&mut take),
    }
    let x_range = range(points.iter().map(|p| p.0));
    let y_range = if y.is_some() { range(points.iter().map(|p| p.1)) } else { None };
    let marks = match (y.is_some(), x_range, y_range) {
        (false, Some(x_range), _) => PlotMarks::Histogram(histogram(&points, x_range)),
        (true, Some(x_range), Some(y_range)) if points.len() > MOST_POINTS => grid(&points, x_range, y_range),
        (true, ..) => PlotMarks::Points(points.clone()),
        (false, None, _) => PlotMarks::Histogram(Vec::new()),
    };
    PlotView { counted: points.len() as u64, missing, x_range, y_range, x_median: median(points), marks }
}

fn values(arrays: &[ArrayRef]) -> Vec<f64> {
    let mut values = Vec::with_capacity(arrays.iter().map(Array::len).sum());
    for numbers in arrays.iter().filter_map(as_numbers) {
        values.extend(numbers.iter().map(|v| v.unwrap_or(f64::NAN)));
    }
    values
}

fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((low.min(v), high.max(v))),
    })
}

/// The cell of a value among `cells` equal ones; the largest value belongs to the last.
fn cell(value: f64, (low, high): (f64, f64), cells: usize) -> usize {
    if high <= low {
        return 0;
    }
    let place = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0) * cells as f64;
    (place as usize).min(cells - 1)
}

fn histogram(points: &[(f64, f64)], range: (f64, f64)) -> Vec<u64> {
    let bins = if range.0 < range.1 { BINS } else { 1 };
    let mut counts = vec![0; bins];
    for (x, _) in points {
        counts[cell(*x, range, bins)] += 1;
    }
    counts
}

fn grid(points: &[(f64, f64)], x_range: (f64, f64), y_range: (f64, f64)) -> PlotMarks {
    let mut counts = vec![0; (ACROSS * UP) as usize];
    for (x, y) in points {
        let (column, row) = (cell(*x, x_range, ACROSS as usize), cell(*y, y_range, UP as usize));
        counts[row * ACROSS as usize + column] += 1;
    }
    PlotMarks::Grid { across: ACROSS, up: UP, counts }
}

/// The lower of the two middle values where their number is even.
fn median(mut points: Vec<(f64, f64)>) -> Option<f64> {
    if points.is_empty() {
        return None;
    }
    let middle = (points.len() - 1) / 2;
    let (_, median, _) = points.select_nth_unstable_by(middle, |a, b| a.0.total_cmp(&b.0));
    Some(median.0)
}
