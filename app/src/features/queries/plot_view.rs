//! A histogram or scatter plot beside the rows. A range dragged in it becomes a filter of the table; the numbers under
//! it say in words what it shows.

use super::api::show_plot;
use super::dom;
use super::model::{PlotMarks, PlotQuestion, PlotView, ResultColumn};
use super::pause::Latest;
use super::plot_drawing::{Drawing, Picture};
use super::plot_scale::write_statistic;
use super::result_address::ResultAddress;
use super::result_rows::Rows;
use crate::error::Result;
use crate::features::archives::model::ColumnKind;
use crate::text::count;
use crate::ui::{ErrorBox, Select, SubmitButton};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The axes that the address asks for, or good first ones: the sorted column, a magnitude, any number.
pub fn axes(address: &ResultAddress, columns: &[ResultColumn]) -> Option<(String, Option<String>)> {
    let numeric =
        |name: &str| columns.iter().find(|c| c.name == name && c.kind.is_numeric()).map(|c| c.name.clone());
    let ucd = |c: &&ResultColumn, start: &str| c.ucd.as_deref().is_some_and(|u| u.starts_with(start));
    let sorted = || address.sort.as_ref().and_then(|s| numeric(&s.column));
    let magnitude =
        || columns.iter().find(|c| c.kind.is_numeric() && ucd(c, "phot.mag")).map(|c| c.name.clone());
    let number = || {
        let real = || columns.iter().filter(|c| c.kind == ColumnKind::Number);
        let any = || columns.iter().find(|c| c.kind.is_numeric());
        real().find(|c| !ucd(c, "pos.eq")).or_else(|| real().next()).or_else(any).map(|c| c.name.clone())
    };
    let x = numeric(&address.x).or_else(sorted).or_else(magnitude).or_else(number)?;
    Some((x, numeric(&address.y)))
}

/// The card with the plot.
#[component]
pub fn Plot(
    /// The rows that it shows.
    rows: Rows,
    /// What the server drew.
    #[prop(optional_no_strip)]
    first: Option<Result<PlotView>>,
) -> impl IntoView {
    let question = Memo::new(move |_| {
        rows.query.with_value(|q| {
            let (x, y) = rows.address.with(|a| axes(a, &q.columns))?;
            Some(rows.sound.with(|a| a.plot(x, y)))
        })
    });
    let missing = first.is_none();
    // The question belongs to the answer: axes and marks change together.
    let shown = RwSignal::new(first.zip(question.get_untracked()));
    follow(rows, question, shown, missing);
    let title = move || question.with(|q| q.as_ref().map(title_of).unwrap_or_default());
    let error = Signal::derive(move || {
        shown.with(|s| s.as_ref().and_then(|(answer, _)| answer.as_ref().err().cloned()))
    });
    let picture = move || {
        let (answer, question) = shown.get()?;
        Some(view! { <Drawn rows=rows view=answer.ok()? question=question/> })
    };
    view! {
        <section class="card c4 plot" aria-labelledby="plot-title">
            <header><h2 id="plot-title">{title}</h2><div class="more"><span class="js-only">"drag to filter"</span></div></header>
            <div class="body">
                <AxesForm rows=rows question=question/>
                <ErrorBox error=error/>
                {picture}
            </div>
        </section>
    }
    .into_any()
}

fn title_of(question: &PlotQuestion) -> String {
    match &question.y {
        Some(y) => format!("{y} against {}", question.x),
        None => question.x.clone(),
    }
}

type Shown = RwSignal<Option<(Result<PlotView>, PlotQuestion)>>;

/// Asks for another picture whenever the question changes.
fn follow(rows: Rows, question: Memo<Option<PlotQuestion>>, shown: Shown, now: bool) {
    let latest = Latest::new();
    let id = rows.query.with_value(|q| q.id.clone());
    Effect::watch(
        move || question.get(),
        move |question, _, _| {
            let Some(question) = question.clone() else { return shown.set(None) };
            let (id, request) = (id.clone(), latest.next());
            spawn_local(async move {
                let answer = show_plot(id, question.clone()).await;
                if latest.is(request) {
                    shown.set(Some((answer, question)));
                }
            });
        },
        now,
    );
}

/// The choice of columns.
#[component]
fn AxesForm(rows: Rows, question: Memo<Option<PlotQuestion>>) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let (id, columns) = rows.query.with_value(|q| (q.id.clone(), q.columns.clone()));
    let numeric: Vec<_> =
        columns.into_iter().filter(|c| c.kind.is_numeric()).map(|c| (c.name.clone(), c.name)).collect();
    let mut with_none = vec![(String::new(), "row count".to_owned())];
    with_none.extend(numeric.iter().cloned());
    let take = move || {
        if let Some(form) = form.get_untracked() {
            let new = ResultAddress::read(&dom::form_pairs(&form));
            rows.go_to(|a| *a = ResultAddress { x: new.x, y: new.y, ..a.clone() });
        }
    };
    let hidden = move || {
        let pairs = rows.address.with(ResultAddress::pairs);
        pairs
            .into_iter()
            .filter(|(name, _)| !matches!(name.as_str(), "x" | "y"))
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    };
    view! {
        <form class="pair axes" method="get" action=format!("/queries/{id}") node_ref=form on:change=move |_| take()>
            {hidden}
            <Select
                name="x"
                label="Across"
                options=numeric
                value=Signal::derive(move || question.with(|q| q.as_ref().map(|q| q.x.clone()).unwrap_or_default()))
            />
            <Select
                name="y"
                label="Up"
                options=with_none
                value=Signal::derive(move || question.with(|q| q.as_ref().and_then(|q| q.y.clone()).unwrap_or_default()))
            />
            <span class="no-js"><SubmitButton small=true>"Draw"</SubmitButton></span>
        </form>
    }
}

/// The picture, and its numbers in words.
#[component]
fn Drawn(rows: Rows, view: PlotView, question: PlotQuestion) -> impl IntoView {
    let column = |name: &str| rows.query.with_value(|q| q.columns.iter().find(|c| c.name == name).cloned());
    let unit = |name: &str| column(name).and_then(|c| c.unit).filter(|u| !u.is_empty());
    let label = |name: &str| unit(name).map_or_else(|| name.to_owned(), |unit| format!("{name} ({unit})"));
    let labels = (label(&question.x), question.y.as_deref().map(label));
    let Some(range) = view.x_range else {
        return view! { <p class="hint">"No row has a number to draw."</p> }.into_any();
    };
    let statistic = |value: f64| write_statistic(value, range);
    let median = view.x_median.map(statistic);
    let three = match &median {
        Some(median) => format!("{} · {median} · {}", statistic(range.0), statistic(range.1)),
        None => format!("{} · {}", statistic(range.0), statistic(range.1)),
    };
    let what = if median.is_some() { "smallest, median, largest" } else { "smallest, largest" };
    let up = question.y.as_ref().zip(view.y_range).map(|(name, y)| {
        let numbers = format!("{} · {}", write_statistic(y.0, y), write_statistic(y.1, y));
        view! { <dt>{format!("{name}: smallest, largest")}</dt><dd>{numbers}</dd> }
    });
    let words = in_words(&view, &question, &three);
    let (counted, missing) = (count(view.counted), count(view.missing));
    let name = question.x.clone();
    view! {
        <Picture rows=rows drawing=Drawing::new(view, range, labels) question=question words=words/>
        <dl class="kv numbers">
            <dt>{format!("{name}: {what}")}</dt><dd>{three}</dd>
            {up}
            <dt>"rows drawn"</dt><dd>{counted}</dd>
            <dt>"missing"</dt><dd>{missing}</dd>
        </dl>
    }
    .into_any()
}

/// The picture for people who do not see it.
fn in_words(view: &PlotView, question: &PlotQuestion, three: &str) -> String {
    let rows = count(view.counted);
    match (&view.marks, &question.y, view.x_range) {
        (PlotMarks::Histogram(bins), _, Some((low, high))) if !bins.is_empty() => {
            let peak =
                bins.iter().enumerate().max_by_key(|(i, n)| (**n, usize::MAX - i)).map_or(0, |(i, _)| i);
            let at =
                |i: usize| write_statistic(low + (high - low) * i as f64 / bins.len() as f64, (low, high));
            format!(
                "Histogram of {} over {rows} rows. Smallest, median, largest: {three}. Most rows lie between {} and {}.",
                question.x,
                at(peak),
                at(peak + 1)
            )
        }
        (_, Some(y), _) => format!("Scatter plot of {y} against {} for {rows} rows.", question.x),
        _ => format!("Plot of {} for {rows} rows.", question.x),
    }
}

#[cfg(test)]
mod tests {
    use super::{axes, in_words};
    use crate::features::archives::model::ColumnKind;
    use crate::features::queries::model::{PlotMarks, PlotQuestion, PlotView, ResultColumn};
    use crate::features::queries::result_address::ResultAddress;

    fn column(name: &str, kind: ColumnKind, ucd: &str) -> ResultColumn {
        ResultColumn { name: name.into(), kind, unit: None, ucd: Some(ucd.into()), description: None }
    }

    #[test]
    fn first_axes_tell_something() {
        let columns = [
            column("id", ColumnKind::Integer, "meta.id"),
            column("ra", ColumnKind::Number, "pos.eq.ra"),
            column("mag", ColumnKind::Number, "phot.mag;em.opt.V"),
            column("bv", ColumnKind::Number, "phot.color"),
            column("name", ColumnKind::Text, "meta.id"),
        ];
        let axes = |search: &str, n: usize| axes(&ResultAddress::read(search), &columns[..n]);
        assert_eq!(axes("", 5), Some(("mag".into(), None)));
        assert_eq!(axes("sort=-bv", 5), Some(("bv".into(), None)));
        assert_eq!(axes("x=ra&y=bv", 5), Some(("ra".into(), Some("bv".into()))));
        assert_eq!(axes("x=name&y=name", 5), Some(("mag".into(), None)), "text has no axis");
        assert_eq!(axes("", 2), Some(("ra".into(), None)));
        assert_eq!(axes("", 0), None);
    }

    #[test]
    fn says_where_most_rows_are() {
        let view = PlotView {
            counted: 10,
            missing: 0,
            x_range: Some((0.0, 4.0)),
            y_range: None,
            x_median: Some(1.5),
            marks: PlotMarks::Histogram(vec![1, 7, 1, 1]),
        };
        let question = PlotQuestion { x: "mag".into(), y: None, filters: vec![] };
        let words = in_words(&view, &question, "0 · 1.5 · 4");
        assert!(words.ends_with("Most rows lie between 1 and 2."), "{words}");
    }
}
