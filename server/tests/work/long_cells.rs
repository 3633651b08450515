//! One value may be as large as an archive likes: pages show its beginning and say how much there is, files have it whole.

use app::features::queries::model::{LONGEST_CELL, WindowQuestion};
use datafusion::arrow::array::{ArrayRef, BinaryArray, Int64Array, ListArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::Int64Type;
use futures::TryStreamExt as _;
use object_store::ObjectStore;
use object_store::memory::InMemory;
use skyport::features::queries::result_store::ResultStore;
use skyport::features::queries::result_writer::ResultWriter;
use skyport::features::queries::results::{Cells, Results};
use std::sync::Arc;

const KEY: &str = "somebody/result.parquet";

#[tokio::test]
async fn pages_show_the_beginning() {
    let long = "é".repeat(1 << 20);
    let just = "x".repeat(LONGEST_CELL);
    let texts = StringArray::from(vec![Some(long.as_str()), Some(just.as_str()), None]);
    let bytes = vec![0xab_u8; 300_000];
    let bytes = BinaryArray::from_opt_vec(vec![Some(bytes.as_slice()), Some(b"\x01\xff".as_slice()), None]);
    let many = (0..300_000).map(Some).collect::<Vec<_>>();
    let few = vec![Some(-1), None, Some(3)];
    let lists = ListArray::from_iter_primitive::<Int64Type, _, _>(vec![Some(many), Some(few), None]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("number", Arc::new(Int64Array::from(vec![1, 2, 3]))),
        ("text", Arc::new(texts)),
        ("bytes", Arc::new(bytes)),
        ("list", Arc::new(lists)),
    ];
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true))).unwrap();
    let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let mut writer = ResultWriter::begin(store.clone(), KEY, batch.schema()).unwrap();
    writer.write(&batch).await.unwrap();
    writer.finish().await.unwrap();
    let results = Results::new(ResultStore::of(store));

    let view = results.window(KEY, WindowQuestion { count: 3, ..WindowQuestion::default() }).await.unwrap();
    let cells = |row: usize| -> Vec<&str> {
        view.window[row].cells.iter().map(|cell| cell.as_deref().unwrap_or("missing")).collect()
    };
    let large = cells(0);
    assert_eq!(large[0], "1");
    let beginning = "é".repeat(LONGEST_CELL);
    assert_eq!(
        large[1],
        format!("{beginning}… (the first 1,000 characters of 1,048,576 characters; a download has it whole)")
    );
    assert!(large[2].starts_with("abab") && large[2].contains("of 300,000 bytes"), "{}", large[2]);
    assert!(large[3].starts_with("[0, 1, 2, ") && large[3].contains("of 300,000 values"), "{}", large[3]);
    assert!(large.iter().all(|cell| cell.chars().count() < LONGEST_CELL + 100));
    assert_eq!(cells(1), ["2", just.as_str(), "01ff", "[-1, –, 3]"], "what fits is whole");
    assert_eq!(cells(2), ["3", "missing", "missing", "missing"]);

    let whole: Vec<RecordBatch> = results.batches(KEY).await.unwrap().try_collect().await.unwrap();
    assert_eq!(Cells::of(&whole[0]).row(0)[1].as_deref(), Some(long.as_str()), "files have it whole");
}
