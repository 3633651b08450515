//! The picture itself: inline SVG, few elements however many rows, colours from the style sheet.

use super::dom;
use super::filter::{Comparison, Condition};
use super::model::{PlotMarks, PlotQuestion, PlotView};
use super::plot_scale::Axis;
use super::result_rows::Rows;
use leptos::prelude::*;
use leptos::svg;
use std::fmt::Write as _;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 236.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 350.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 196.0;
/// Steps of density in a grid.
const STEPS: usize = 6;

/// Marks with their axes.
#[derive(Debug, Clone)]
pub struct Drawing {
    marks: PlotMarks,
    x: Axis,
    y: Axis,
    labels: (String, Option<String>),
}

impl Drawing {
    /// Lays the marks out on axes.
    pub fn new(view: PlotView, x_range: (f64, f64), labels: (String, Option<String>)) -> Self {
        let y_range = match &view.marks {
            PlotMarks::Histogram(bins) => (0.0, bins.iter().max().copied().unwrap_or(1).max(1) as f64),
            PlotMarks::Points(_) | PlotMarks::Grid { .. } => view.y_range.unwrap_or((0.0, 1.0)),
        };
        let (x, y) = (Axis::new(x_range, LEFT, RIGHT), Axis::new(y_range, BOTTOM, TOP));
        Self { marks: view.marks, x, y, labels }
    }

    /// Class and path of each kind of mark; what the filters on the axes cut off is set apart.
    fn paths(&self, cut: &Cut) -> Vec<(String, String)> {
        match &self.marks {
            PlotMarks::Histogram(bins) => {
                let (mut of, mut out) = (String::new(), String::new());
                let wide = (self.x.high - self.x.low) / bins.len().max(1) as f64;
                let gap = if bins.len() > 60 { 0.0 } else { 1.0 };
                for (i, n) in bins.iter().enumerate().filter(|(_, n)| **n > 0) {
                    let low = self.x.low + i as f64 * wide;
                    let (left, right) = (self.x.pixel(low), self.x.pixel(low + wide));
                    // Even a single row is seen.
                    let top = self.y.pixel(*n as f64).min(BOTTOM - 1.0);
                    let path = if cut.keeps_x(low + wide / 2.0) { &mut of } else { &mut out };
                    let _ = write!(
                        path,
                        "M{left:.1} {BOTTOM}V{top:.1}H{:.1}V{BOTTOM}z",
                        (right - gap).max(left + 0.5)
                    );
                }
                vec![("bars out".to_owned(), out), ("bars".to_owned(), of)]
            }
            PlotMarks::Points(points) => {
                let (mut of, mut out) = (String::new(), String::new());
                for (x, y) in points {
                    let path = if cut.keeps(*x, *y) { &mut of } else { &mut out };
                    let _ = write!(path, "M{:.1} {:.1}h0", self.x.pixel(*x), self.y.pixel(*y));
                }
                vec![("points out".to_owned(), out), ("points".to_owned(), of)]
            }
            PlotMarks::Grid { across, up, counts } => self.density(*across, *up, counts, cut),
        }
    }

    /// A path for each step of density, logarithmic, since the sky is; what is cut off has paths of its own.
    fn density(&self, across: u32, up: u32, counts: &[u32], cut: &Cut) -> Vec<(String, String)> {
        let most = f64::from(counts.iter().max().copied().unwrap_or(1).max(1)).ln_1p();
        let mut paths = vec![String::new(); 2 * STEPS];
        let (wide, high) = ((RIGHT - LEFT) / f64::from(across.max(1)), (BOTTOM - TOP) / f64::from(up.max(1)));
        for (i, n) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let (column, row) = (i as u32 % across.max(1), i as u32 / across.max(1));
            let step = (f64::from(*n).ln_1p() / most * STEPS as f64).ceil().clamp(1.0, STEPS as f64) as usize;
            let (left, top) = (LEFT + f64::from(column) * wide, BOTTOM - f64::from(row + 1) * high);
            let (x, y) = (self.x.value(left + wide / 2.0), self.y.value(top + high / 2.0));
            let path = if cut.keeps(x, y) { step - 1 } else { STEPS + step - 1 };
            let _ = write!(paths[path], "M{left:.1} {top:.1}h{wide:.2}v{high:.2}h-{wide:.2}z");
        }
        let class = |i: usize| match i.checked_sub(STEPS) {
            None => format!("cells d{}", i + 1),
            Some(i) => format!("cells out d{}", i + 1),
        };
        paths.into_iter().enumerate().map(|(i, path)| (class(i), path)).collect()
    }
}

/// The conditions on the columns of the two axes. The picture shows what they cut off, only fainter.
#[derive(Debug, Default)]
struct Cut {
    x: Option<Condition>,
    y: Option<Condition>,
}

impl Cut {
    fn keeps_x(&self, x: f64) -> bool {
        self.x.as_ref().is_none_or(|condition| passes(condition, x))
    }

    fn keeps(&self, x: f64, y: f64) -> bool {
        self.keeps_x(x) && self.y.as_ref().is_none_or(|condition| passes(condition, y))
    }
}

/// Whether a number passes a condition.
fn passes(condition: &Condition, value: f64) -> bool {
    match condition {
        Condition::Between(low, high) => (*low..=*high).contains(&value),
        Condition::Compare(comparison, n) => match comparison {
            Comparison::Less => value < *n,
            Comparison::AtMost => value <= *n,
            Comparison::Equal => (value - n).abs() < f64::EPSILON,
            Comparison::NotEqual => (value - n).abs() >= f64::EPSILON,
            Comparison::AtLeast => value >= *n,
            Comparison::Greater => value > *n,
        },
        Condition::Missing => false,
        Condition::Contains(_) | Condition::Is(_) | Condition::IsNot(_) | Condition::Present => true,
    }
}

/// The picture; a drag over it filters.
#[component]
pub fn Picture(
    /// The rows that are filtered.
    rows: Rows,
    /// What is drawn.
    drawing: Drawing,
    /// Which columns it shows.
    question: PlotQuestion,
    /// The picture in words.
    words: String,
) -> impl IntoView {
    let cut = {
        let (x, y) = (question.x.clone(), question.y.clone());
        move || {
            let condition =
                |column: &str| rows.sound.with(|a| Condition::parse(a.filter(column), true).ok().flatten());
            Cut { x: condition(&x), y: y.as_deref().and_then(condition) }
        }
    };
    let (x, y) = (drawing.x, drawing.y);
    let marks = {
        let drawing = drawing.clone();
        move || {
            drawing
                .paths(&cut())
                .into_iter()
                .filter(|(_, path)| !path.is_empty())
                .map(|(class, path)| view! { <path class=class d=path/> })
                .collect_view()
        }
    };
    let two = question.y.is_some();
    view! {
        <svg class="picture" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=words>
            <Axes x=x y=y labels=drawing.labels/>
            {marks}
            <Drag rows=rows x=x y=two.then_some(y) question=question/>
        </svg>
    }
    .into_any()
}

#[component]
fn Axes(x: Axis, y: Axis, labels: (String, Option<String>)) -> impl IntoView {
    let across = x.ticks(6).into_iter().map(|tick| {
        view! {
            <path class="tick" d=format!("M{:.1} {BOTTOM}v4", tick.at)/>
            <text class="label" x=format!("{:.1}", tick.at) y=BOTTOM + 16.0 text-anchor="middle">{tick.label}</text>
        }
    });
    let up = y.ticks(4).into_iter().map(|tick| {
        view! {
            <path class="grid-line" d=format!("M{LEFT} {:.1}H{RIGHT}", tick.at)/>
            <text class="label" x=LEFT - 6.0 y=format!("{:.1}", tick.at + 3.5) text-anchor="end">{tick.label}</text>
        }
    });
    let (middle, side) = (f64::midpoint(LEFT, RIGHT), f64::midpoint(TOP, BOTTOM));
    view! {
        {up.collect_view()}
        <path class="axis" d=format!("M{LEFT} {BOTTOM}H{RIGHT}")/>
        {across.collect_view()}
        <text class="label name" x=middle y=HEIGHT - 6.0 text-anchor="middle">{labels.0}</text>
        {labels.1.map(|label| {
            view! { <text class="label name" transform=format!("translate(10 {side}) rotate(-90)") text-anchor="middle">{label}</text> }
        })}
    }
    .into_any()
}

/// The sheet of glass over the plot on which a range is dragged.
#[component]
fn Drag(
    rows: Rows,
    x: Axis,
    #[prop(optional_no_strip)] y: Option<Axis>,
    question: PlotQuestion,
) -> impl IntoView {
    let glass = NodeRef::<svg::Rect>::new();
    let drag = RwSignal::new(None::<((f64, f64), (f64, f64))>);
    let place = move |event: &leptos::ev::PointerEvent| {
        let glass = glass.get_untracked()?;
        let (across, down) = dom::share_of(&glass, f64::from(event.client_x()), f64::from(event.client_y()));
        let share = |s: f64| s.clamp(0.0, 1.0);
        Some((LEFT + share(across) * (RIGHT - LEFT), TOP + share(down) * (BOTTOM - TOP)))
    };
    let down = move |event: leptos::ev::PointerEvent| {
        if event.button() == 0
            && let (Some(at), Some(glass)) = (place(&event), glass.get_untracked())
        {
            event.prevent_default();
            // Without capture a drag that leaves the plot ends there.
            let _ = glass.set_pointer_capture(event.pointer_id());
            drag.set(Some((at, at)));
        }
    };
    let moved = move |event: leptos::ev::PointerEvent| {
        if let (Some((from, _)), Some(at)) = (drag.get_untracked(), place(&event)) {
            drag.set(Some((from, at)));
        }
    };
    let up = move |_| {
        let Some((from, to)) = drag.get_untracked() else { return };
        drag.set(None);
        // A click is no range.
        if (from.0 - to.0).abs() < 3.0 && (from.1 - to.1).abs() < 3.0 {
            return;
        }
        rows.go_to(|address| {
            address.set_filter(&question.x, &x.condition(from.0, to.0));
            if let (Some(y), Some(name)) = (y, &question.y) {
                address.set_filter(name, &y.condition(from.1, to.1));
            }
        });
    };
    let band = move || {
        let ((x0, y0), (x1, y1)) = drag.get()?;
        let (top, bottom) = if y.is_some() { (y0.min(y1), y0.max(y1)) } else { (TOP, BOTTOM) };
        let (left, wide) = (x0.min(x1), (x0 - x1).abs());
        Some(view! { <rect class="band" x=left y=top width=wide height=bottom - top/> })
    };
    view! {
        {band}
        <rect
            node_ref=glass
            class="glass"
            x=LEFT
            y=TOP
            width=RIGHT - LEFT
            height=BOTTOM - TOP
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=move |_| drag.set(None)
        />
    }
}

#[cfg(test)]
mod tests {
    use super::{Cut, Drawing, STEPS};
    use crate::features::queries::filter::Condition;
    use crate::features::queries::model::{PlotMarks, PlotView};

    fn view(marks: PlotMarks) -> PlotView {
        PlotView { counted: 0, missing: 0, x_range: None, y_range: Some((0.0, 1.0)), x_median: None, marks }
    }

    fn paths(marks: PlotMarks, cut: &Cut) -> Vec<(String, String)> {
        Drawing::new(view(marks), (0.0, 10.0), ("x".into(), None)).paths(cut)
    }

    fn cut(x: &str, y: &str) -> Cut {
        let condition = |text: &str| Condition::parse(text, true).unwrap();
        Cut { x: condition(x), y: condition(y) }
    }

    /// How many marks there are of a class.
    fn marks_of(paths: &[(String, String)], class: &str) -> usize {
        paths.iter().filter(|(c, _)| c == class).map(|(_, path)| path.matches('M').count()).sum()
    }

    #[test]
    fn bars_outside_the_filter_are_set_apart() {
        let paths = paths(PlotMarks::Histogram(vec![3, 0, 2, 4, 1]), &cut("0..5", ""));
        let bars = |class| marks_of(&paths, class);
        assert_eq!((bars("bars out"), bars("bars")), (2, 2), "the empty bin draws nothing: {paths:?}");
    }

    #[test]
    fn either_axis_sets_points_and_cells_apart() {
        let corners = vec![(1.0, 0.2), (1.0, 0.8), (9.0, 0.2), (9.0, 0.8)];
        let grid = PlotMarks::Grid { across: 2, up: 2, counts: vec![1; 4] };
        for (x, y, kept) in
            [("", "", 4), ("< 5", "", 2), ("", "> 0.5", 2), ("< 5", "> 0.5", 1), ("", "missing", 0)]
        {
            let cut = cut(x, y);
            let points = paths(PlotMarks::Points(corners.clone()), &cut);
            let counted = (marks_of(&points, "points"), marks_of(&points, "points out"));
            assert_eq!(counted, (kept, 4 - kept), "points, x {x}, y {y}: {points:?}");
            let cells = paths(grid.clone(), &cut);
            let counted = (marks_of(&cells, "cells d6"), marks_of(&cells, "cells out d6"));
            assert_eq!(counted, (kept, 4 - kept), "cells, x {x}, y {y}: {cells:?}");
        }
    }

    #[test]
    fn a_million_rows_are_a_handful_of_paths() {
        let counts: Vec<u32> = (0..64 * 48).map(|i| i % 97).collect();
        let paths = paths(PlotMarks::Grid { across: 64, up: 48, counts }, &cut("< 5", "< 0.5"));
        assert_eq!(paths.len(), 2 * STEPS);
        assert!(paths.iter().all(|(_, path)| !path.contains("NaN") && !path.contains("inf")));
    }

    #[test]
    fn nothing_breaks_on_nothing() {
        for marks in [
            PlotMarks::Histogram(vec![]),
            PlotMarks::Histogram(vec![0, 0]),
            PlotMarks::Points(vec![]),
            PlotMarks::Grid { across: 0, up: 0, counts: vec![] },
        ] {
            assert!(paths(marks, &Cut::default()).iter().all(|(_, path)| path.is_empty()));
        }
    }
}
