//! Times questions to the local archive: the first one, which starts the engine, and then the median of many, each from
//! the text to its last row. One line of JSON for each: `{"question": ..., "rows": ..., "ms": ...}`.

use futures::TryStreamExt as _;
use skyport::features::archives::archive::Archive;
use skyport::features::archives::local::{Data, LocalArchive};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// What is asked; the limit for the cones is 50 ms.
const QUESTIONS: [(&str, &str); 6] = [
    ("first", "SELECT TOP 1 hip FROM sky.stars"),
    (
        "cone 3 deg",
        "SELECT * FROM sky.stars WHERE 1 = CONTAINS(POINT(ra, dec), CIRCLE(83.8, -5.4, 3)) ORDER BY mag",
    ),
    ("cone 0.1 deg", "SELECT * FROM sky.stars WHERE 1 = CONTAINS(POINT(ra, dec), CIRCLE(83.8, -5.4, 0.1))"),
    ("cone at the pole", "SELECT * FROM sky.stars WHERE 1 = CONTAINS(POINT(ra, dec), CIRCLE(10, 89.5, 3))"),
    ("hemisphere", "SELECT COUNT(*) FROM sky.stars WHERE DISTANCE(POINT(ra, dec), POINT(83.8, -5.4)) < 90"),
    ("all rows", "SELECT * FROM sky.stars"),
];
const TIMES: usize = 31;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let local = LocalArchive::new(Data::Carried)?;
    for (name, adql) in QUESTIONS {
        let times = if name == "first" { 1 } else { TIMES };
        let (mut took, mut rows) = (Vec::new(), 0);
        for _ in 0..times {
            let start = Instant::now();
            let answer = local.run(adql, 1_000_000, CancellationToken::new()).await?;
            let batches: Vec<_> = answer.batches.try_collect().await?;
            rows = batches.iter().map(datafusion::arrow::array::RecordBatch::num_rows).sum();
            took.push(start.elapsed().as_secs_f64() * 1000.0);
        }
        took.sort_by(f64::total_cmp);
        let median = took.get(took.len() / 2).copied().unwrap_or_default();
        println!("{{\"question\":\"{name}\",\"rows\":{rows},\"ms\":{median:.2}}}");
    }
    Ok(())
}
