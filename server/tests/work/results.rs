//! Windows, pictures and selections of random results against the plainest possible answers.

use crate::result_model::{Dice, KINDS, Kind, Model};
use app::error::Error;
use app::features::queries::filter::{Condition, Filter};
use app::features::queries::model::{PlotMarks, PlotQuestion, Sort, WindowQuestion};
use app::selection::Selection;
use datafusion::arrow::array::RecordBatch;
use datafusion::parquet::arrow::AsyncArrowWriter;
use datafusion::parquet::file::properties::WriterProperties;
use futures::TryStreamExt as _;
use object_store::ObjectStore;
use object_store::buffered::BufWriter;
use object_store::memory::InMemory;
use object_store::path::Path;
use skyport::features::queries::result_store::ResultStore;
use skyport::features::queries::result_writer::ResultWriter;
use skyport::features::queries::results::{Cells, Results};
use std::sync::Arc;

const KEY: &str = "somebody/result.parquet";

/// The table as a result: written as the portal writes, or in small groups and pages of odd sizes.
async fn results(model: &Model, dice: &mut Dice) -> Results {
    let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let batch = model.batch();
    let step = dice.below(700) + 1;
    let parts = (0..model.rows).step_by(step).map(|from| batch.slice(from, step.min(model.rows - from)));
    if dice.one_in(2) {
        let mut writer = ResultWriter::begin(store.clone(), KEY, batch.schema()).unwrap();
        for part in parts {
            writer.write(&part).await.unwrap();
        }
        assert_eq!(writer.rows(), model.rows as u64);
        writer.finish().await.unwrap();
    } else {
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(dice.below(400) + 50))
            .set_data_page_row_count_limit(dice.below(60) + 1)
            .set_write_batch_size(dice.below(30) + 1)
            .build();
        let sink = BufWriter::new(store.clone(), Path::from(KEY));
        let mut writer = AsyncArrowWriter::try_new(sink, batch.schema(), Some(properties)).unwrap();
        for part in parts {
            writer.write(&part).await.unwrap();
        }
        writer.finish().await.unwrap();
    }
    Results::new(ResultStore::of(store))
}

/// A condition as somebody types it, near the values that there are.
fn typed(model: &Model, column: usize, dice: &mut Dice) -> String {
    if dice.one_in(6) {
        return (*dice.pick(&["missing", "present", "", "NULL", " Not Null "])).to_owned();
    }
    let row = dice.below(model.rows);
    if model.kinds[column].is_numeric() {
        let near = if model.rows > 0 { model.number(row, column) } else { None };
        let near = near.filter(|n| n.is_finite()).unwrap_or(1.5);
        let operator = *dice.pick(&["<", "<=", ">", ">=", "=", "<>", "!=", "", "< ", ".."]);
        return match operator {
            ".." => format!("{}..{}", near - 2.0, near + dice.below(5) as f64),
            operator => format!("{operator}{near}"),
        };
    }
    let near = if model.rows > 0 { model.text(row, column) } else { None }.unwrap_or_default();
    match dice.below(4) {
        0 => format!("={near}"),
        1 => format!("<>{near}"),
        2 => near.chars().skip(dice.below(3)).take(3).collect(),
        _ => near.to_uppercase(),
    }
}

fn filters(model: &Model, dice: &mut Dice) -> Vec<Filter> {
    (0..dice.below(3))
        .map(|_| {
            let column = dice.below(model.names.len());
            Filter { column: model.names[column].clone(), text: typed(model, column, dice) }
        })
        .collect()
}

/// The rows that pass, in their order.
fn matching(model: &Model, filters: &[Filter]) -> Vec<usize> {
    let conditions: Vec<(usize, Condition)> = filters
        .iter()
        .filter_map(|filter| {
            let column = model.names.iter().position(|name| *name == filter.column).unwrap();
            Some((column, Condition::parse(&filter.text, model.kinds[column].is_numeric()).unwrap()?))
        })
        .collect();
    (0..model.rows)
        .filter(|row| conditions.iter().all(|(column, c)| model.passes(*row, *column, c)))
        .collect()
}

async fn windows_agree(model: &Model, results: &Results, dice: &mut Dice) {
    let filters = filters(model, dice);
    let sort = (!dice.one_in(4)).then(|| dice.below(model.names.len()));
    let descending = dice.one_in(2);
    let shown: Vec<usize> = if dice.one_in(3) {
        Vec::new()
    } else {
        (0..=dice.below(6).min(model.names.len() - 1)).map(|_| dice.below(model.names.len())).collect()
    };
    let mut expected = matching(model, &filters);
    let total = expected.len();
    if let Some(column) = sort {
        expected.sort_by(|a, b| model.order(*a, *b, column, descending));
    }
    let offset = dice.below(total + 5);
    let count = *dice.pick(&[0, 1, 2, 50, 499, 500, 5000]);
    let question = WindowQuestion {
        offset: offset as u64,
        count: count as u64,
        sort: sort.map(|column| Sort { column: model.names[column].clone(), descending }),
        filters,
        columns: shown.iter().map(|column| model.names[*column].clone()).collect(),
    };
    let view = results.window(KEY, question.clone()).await.unwrap_or_else(|e| panic!("{e} for {question:?}"));
    assert_eq!(
        (view.rows, view.matching, view.offset),
        (model.rows as u64, total as u64, offset as u64),
        "{question:?}"
    );
    let expected: Vec<usize> = expected.into_iter().skip(offset).take(count.clamp(1, 500)).collect();
    let numbers: Vec<usize> = view.window.iter().map(|row| row.number as usize).collect();
    assert_eq!(numbers, expected, "{question:?}");
    let shown = if shown.is_empty() { (0..model.names.len()).collect() } else { shown };
    for row in &view.window {
        assert_eq!(row.cells.len(), shown.len());
        for (cell, column) in row.cells.iter().zip(&shown) {
            assert!(
                model.shows(row.number as usize, *column, cell.as_deref()),
                "{cell:?} in {} of row {}: {:?}",
                model.names[*column],
                row.number,
                model.value(row.number as usize, *column)
            );
        }
    }
}

async fn plots_agree(model: &Model, results: &Results, dice: &mut Dice) {
    let numeric: Vec<usize> = (0..model.kinds.len()).filter(|c| model.kinds[*c].is_numeric()).collect();
    let (x, y) = (*dice.pick(&numeric), dice.one_in(2).then(|| *dice.pick(&numeric)));
    let filters = filters(model, dice);
    let question = PlotQuestion {
        x: model.names[x].clone(),
        y: y.map(|y| model.names[y].clone()),
        filters: filters.clone(),
    };
    let matching = matching(model, &filters);
    let finite = |row: usize, column: usize| model.number(row, column).filter(|n| n.is_finite());
    let mut points: Vec<(f64, f64)> = matching
        .iter()
        .filter_map(|row| Some((finite(*row, x)?, y.map_or(Some(0.0), |y| finite(*row, y))?)))
        .collect();
    let view = results.plot(KEY, question.clone()).await.unwrap();
    let missing = matching.len() - points.len();
    assert_eq!((view.counted, view.missing), (points.len() as u64, missing as u64), "{question:?}");
    let range = |values: Vec<f64>| {
        let low = values.iter().copied().reduce(f64::min)?;
        Some((low, values.iter().copied().reduce(f64::max)?))
    };
    assert_eq!(view.x_range, range(points.iter().map(|p| p.0).collect()));
    assert_eq!(view.y_range, y.and_then(|_| range(points.iter().map(|p| p.1).collect())));
    let counted = match &view.marks {
        PlotMarks::Histogram(bins) => {
            assert!(y.is_none());
            bins.iter().sum::<u64>()
        }
        PlotMarks::Points(drawn) => {
            assert!(y.is_some());
            let by_value = |a: &(f64, f64), b: &(f64, f64)| a.partial_cmp(b).unwrap();
            let mut drawn = drawn.clone();
            drawn.sort_by(by_value);
            let mut all = points.clone();
            all.sort_by(by_value);
            assert_eq!(drawn, all);
            drawn.len() as u64
        }
        PlotMarks::Grid { across, up, counts } => {
            assert_eq!(counts.len() as u32, across * up);
            counts.iter().map(|n| u64::from(*n)).sum()
        }
    };
    assert_eq!(counted, points.len() as u64, "every point is in the picture");
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let middle = points.get(points.len().saturating_sub(1) / 2).map(|p| p.0);
    assert_eq!(view.x_median, middle);
}

async fn selections_agree(model: &Model, results: &Results, dice: &mut Dice) {
    let filters = filters(model, dice);
    let selected = results.rows_matching(KEY, &filters).await.unwrap();
    let expected = matching(model, &filters);
    assert_eq!(selected.len(), expected.len() as u64);
    assert!(expected.iter().all(|row| selected.contains(*row as u64)), "{filters:?}");

    let mut wanted = Selection::default();
    for _ in 0..dice.below(12) {
        let from = dice.below(model.rows + 10) as u64;
        wanted.insert(from, from + dice.below(40) as u64);
    }
    let batches: Vec<RecordBatch> =
        results.batches_of(KEY, &wanted).await.unwrap().try_collect().await.unwrap();
    let rows: Vec<usize> = (0..model.rows).filter(|row| wanted.contains(*row as u64)).collect();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), rows.len(), "{wanted}");
    let cells = batches.iter().flat_map(|batch| {
        let cells = Cells::of(batch);
        (0..batch.num_rows()).map(move |row| cells.row(row)).collect::<Vec<_>>()
    });
    for (cells, row) in cells.zip(rows) {
        assert!(cells.iter().enumerate().all(|(column, cell)| model.shows(row, column, cell.as_deref())));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_results_agree_with_the_model() {
    for (seed, rows) in [0, 1, 2, 7, 120, 1023, 1025, 2600].into_iter().enumerate() {
        for round in 0..2 {
            let mut dice = Dice::new((seed * 10 + round + 1) as u64);
            let model = Model::random(&mut dice, rows);
            let results = results(&model, &mut dice).await;
            for _ in 0..40 {
                windows_agree(&model, &results, &mut dice).await;
            }
            for _ in 0..10 {
                plots_agree(&model, &results, &mut dice).await;
                selections_agree(&model, &results, &mut dice).await;
            }
            let all: Vec<RecordBatch> = results.batches(KEY).await.unwrap().try_collect().await.unwrap();
            assert_eq!(all.iter().map(RecordBatch::num_rows).sum::<usize>(), rows);
            assert_eq!(results.schema(KEY).await.unwrap().1, rows as u64);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_of_several_row_groups_agrees() {
    let mut dice = Dice::new(77);
    let mut model = Model::random(&mut dice, 70_000);
    let few = [Kind::I64, Kind::F64, Kind::Utf8];
    let keep: Vec<usize> = few.iter().map(|kind| KINDS.iter().position(|k| k == kind).unwrap()).collect();
    model = Model {
        names: keep.iter().map(|c| model.names[*c].clone()).collect(),
        kinds: few.to_vec(),
        columns: keep.iter().map(|c| model.columns[*c].clone()).collect(),
        rows: model.rows,
    };
    let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let mut writer = ResultWriter::begin(store.clone(), KEY, model.batch().schema()).unwrap();
    writer.write(&model.batch()).await.unwrap();
    writer.finish().await.unwrap();
    let results = Results::new(ResultStore::of(store));
    for _ in 0..12 {
        windows_agree(&model, &results, &mut dice).await;
        plots_agree(&model, &results, &mut dice).await;
        selections_agree(&model, &results, &mut dice).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_asked_is_said() {
    let mut dice = Dice::new(5);
    let model = Model::random(&mut dice, 10);
    let results = results(&model, &mut dice).await;
    let field = |error: Error| match error {
        Error::Invalid(fields) => fields.into_iter().map(|f| f.field).collect::<Vec<_>>(),
        other => panic!("{other}"),
    };
    let number = model.names[10].clone();
    let filter = |column: &str, text: &str| Filter { column: column.to_owned(), text: text.to_owned() };
    let ask = |filters: Vec<Filter>, sort: Option<&str>, columns: Vec<String>| {
        let sort = sort.map(|column| Sort { column: column.to_owned(), descending: false });
        results.window(KEY, WindowQuestion { count: 5, sort, filters, columns, ..WindowQuestion::default() })
    };
    assert_eq!(field(ask(vec![], Some("no such"), vec![]).await.unwrap_err()), ["sort"]);
    assert_eq!(field(ask(vec![], None, vec!["no such".to_owned()]).await.unwrap_err()), ["columns"]);
    let both = vec![filter(&number, "< many"), filter(&number, "5..1")];
    let name = format!("f.{number}");
    assert_eq!(field(ask(both, None, vec![]).await.unwrap_err()), [name.clone(), name]);
    let plot =
        |x: &str, y: Option<&str>| PlotQuestion { x: x.to_owned(), y: y.map(str::to_owned), filters: vec![] };
    assert_eq!(field(results.plot(KEY, plot(&model.names[0], None)).await.unwrap_err()), ["x"], "no numbers");
    assert_eq!(field(results.plot(KEY, plot(&number, Some("no such"))).await.unwrap_err()), ["y"]);
    assert!(matches!(
        results.window("no/such.parquet", WindowQuestion::default()).await,
        Err(Error::NotFound)
    ));

    // Two filters, and one whose text reads like two, are not taken for the same.
    let two = vec![filter(&number, "present"), filter(&model.names[11], "zz")];
    let one = vec![filter(&model.names[11], &format!("present\n{}:zz", model.names[11]))];
    let first = results.rows_matching(KEY, &two).await.unwrap();
    assert_eq!(first.len(), matching(&model, &two).len() as u64);
    let second = results.rows_matching(KEY, &one).await.unwrap();
    assert_eq!(second.len(), matching(&model, &one).len() as u64);
}
