//! Measures windows of a result of a million rows and ten columns, on the server's own code: prints one line of JSON
//! with medians in milliseconds. `first` opens the file too; `sort` and `filter` read their column for the first time.

use app::features::queries::filter::Filter;
use app::features::queries::model::{Sort, WindowQuestion};
use datafusion::arrow::array::{ArrayRef, Float32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use object_store::memory::InMemory;
use skyport::features::queries::result_store::ResultStore;
use skyport::features::queries::result_writer::ResultWriter;
use skyport::features::queries::results::Results;
use std::sync::Arc;
use std::time::Instant;

const ROWS: usize = 1_000_000;
const KEY: &str = "bench/result.parquet";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let store: Arc<dyn object_store::ObjectStore> = match std::env::args().nth(1).as_deref() {
        Some("memory") => Arc::new(InMemory::new()),
        _ => Arc::new(object_store::local::LocalFileSystem::new_with_prefix(folder.path())?),
    };
    write(store.clone()).await?;
    let by = |column: &str| Some(Sort { column: column.to_owned(), descending: false });
    let brighter = vec![Filter { column: "mag".to_owned(), text: "< 6".to_owned() }];
    let base = WindowQuestion { count: 100, ..WindowQuestion::default() };
    let questions = [
        ("first", base.clone()),
        ("sort", WindowQuestion { sort: by("ra"), ..base.clone() }),
        ("sort_text", WindowQuestion { sort: by("name"), ..base.clone() }),
        ("filter", WindowQuestion { filters: brighter.clone(), ..base.clone() }),
        ("sort_and_filter", WindowQuestion { sort: by("ra"), filters: brighter, ..base.clone() }),
        ("middle_of_sort", WindowQuestion { sort: by("ra"), offset: 500_000, ..base }),
    ];
    let mut lines = Vec::new();
    for (name, question) in questions {
        let (mut cold, mut warm) = (Vec::new(), Vec::new());
        for _ in 0..7 {
            let results = Results::new(ResultStore::of(store.clone()));
            for times in [&mut cold, &mut warm] {
                let start = Instant::now();
                let view = results.window(KEY, question.clone()).await?;
                times.push(start.elapsed().as_secs_f64() * 1000.0);
                assert_eq!(view.window.len(), 100);
            }
        }
        lines.push(format!("\"{name}\":{{\"cold_ms\":{:.1},\"warm_ms\":{:.1}}}", median(cold), median(warm)));
    }
    println!("{{{}}}", lines.join(","));
    Ok(())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

async fn write(store: Arc<dyn object_store::ObjectStore>) -> Result<(), Box<dyn std::error::Error>> {
    let number = |name: &str| Field::new(name, DataType::Float64, true);
    let schema = Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        number("ra"),
        number("dec"),
        number("pm_ra"),
        number("pm_dec"),
        number("parallax"),
        Field::new("mag", DataType::Float32, true),
        Field::new("bv", DataType::Float32, true),
        Field::new("name", DataType::Utf8, true),
        Field::new("kind", DataType::Utf8, true),
    ]));
    let mut writer = ResultWriter::begin(store, KEY, schema.clone())?;
    let mut seed = 42_u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1_u64 << 53) as f64
    };
    for start in (0..ROWS).step_by(8000) {
        let rows = start..(start + 8000).min(ROWS);
        let mut floats = |low: f64, high: f64| -> ArrayRef {
            Arc::new(
                rows.clone()
                    .map(|_| Some(low + random() * (high - low)).filter(|v| v.fract() > 0.01))
                    .collect::<Float64Array>(),
            )
        };
        let (ra, dec, pm_ra, pm_dec, parallax) = (
            floats(0.0, 360.0),
            floats(-90.0, 90.0),
            floats(-50.0, 50.0),
            floats(-50.0, 50.0),
            floats(0.0, 20.0),
        );
        let mut singles = |low: f64, high: f64| -> ArrayRef {
            Arc::new(
                rows.clone().map(|_| Some((low + random() * (high - low)) as f32)).collect::<Float32Array>(),
            )
        };
        let (mag, bv) = (singles(2.0, 21.0), singles(-0.4, 2.0));
        let id: ArrayRef = Arc::new(rows.clone().map(|r| r as i64).collect::<Int64Array>());
        let name: ArrayRef = Arc::new(
            rows.clone().map(|r| Some(format!("Star {:07}", r * 7919 % ROWS))).collect::<StringArray>(),
        );
        let kind: ArrayRef = Arc::new(
            rows.clone().map(|r| Some(["star", "galaxy", "nebula"][r % 3])).collect::<StringArray>(),
        );
        let columns = vec![id, ra, dec, pm_ra, pm_dec, parallax, mag, bv, name, kind];
        writer.write(&RecordBatch::try_new(schema.clone(), columns)?).await?;
    }
    writer.finish().await?;
    Ok(())
}
