//! Results and baskets as files, read back by readers of their formats and compared with what the portal shows.

use crate::asking_world::{add, ask, asked, basket, items, over, remove, window};
use crate::place::Place;
use crate::slow_tap::SlowTap;
use crate::support::browser::Browser;
use bytes::Bytes;
use datafusion::arrow::array::{Array as _, RecordBatch};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};
use skyport::features::queries::results::Cells;
use votable::{Event, Info, Limits, Reader, meta};

async fn file(browser: &Browser, path: &str, kind: &str) -> (String, Bytes) {
    let (status, headers, bytes) = browser.file(path).await.unwrap();
    assert_eq!(status, 200, "{path}");
    assert!(headers["content-type"].to_str().unwrap().starts_with(kind), "{headers:?}");
    assert_eq!(headers["cache-control"], "private, no-store");
    (headers["content-disposition"].to_str().unwrap().to_owned(), bytes)
}

/// The tables of a VOTable with the INFOs that came with each, and those after the last.
fn tables(bytes: &[u8]) -> Vec<(SchemaRef, Vec<RecordBatch>, Vec<Info>)> {
    let mut reader = Reader::new(bytes, Limits::default());
    let (mut tables, mut infos) = (Vec::new(), Vec::new());
    while let Some(event) = reader.next_event().unwrap() {
        match event {
            Event::Info(info) => infos.push(info),
            Event::TableStart(table) => tables.push((table.schema, Vec::new(), std::mem::take(&mut infos))),
            Event::Batch(batch) => tables.last_mut().unwrap().1.push(batch),
            _ => {}
        }
    }
    if let Some(last) = tables.last_mut() {
        last.2.append(&mut infos);
    }
    tables
}

fn cells(batches: &[RecordBatch]) -> Vec<Vec<Option<String>>> {
    let rows = |batch: &RecordBatch| {
        let cells = Cells::of(batch);
        (0..batch.num_rows()).map(|row| cells.row(row)).collect::<Vec<_>>()
    };
    batches.iter().flat_map(rows).collect()
}

async fn shown(browser: &mut Browser, id: &str, rows: usize) -> Vec<Vec<Option<String>>> {
    let mut cells = Vec::new();
    while cells.len() < rows {
        let part = window(browser, id, json!({"offset": cells.len(), "count": 500})).await;
        let part = part["window"].as_array().unwrap().iter();
        cells.extend(
            part.map(|row| serde_json::from_value::<Vec<Option<String>>>(row["cells"].clone()).unwrap()),
        );
    }
    cells
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_read_back_equal() {
    let portal = Place::sqlite().portal(|_| {}).await;
    let mut browser = portal.browser();
    // Whole numbers, 32- and 64-bit floating point with nulls, and text with nulls.
    let adql = "SELECT s.*, n.name FROM sky.stars AS s LEFT JOIN sky.star_names AS n ON s.hip = n.hip WHERE s.mag < 5";
    let (id, view) = asked(&mut browser, "local", adql).await;
    let rows = usize::try_from(view["rows"].as_u64().unwrap()).unwrap();
    assert!(rows > 1000, "{view:#}");
    let shown = shown(&mut browser, &id, rows).await;
    assert_eq!(shown.len(), rows);
    assert!(shown.iter().any(|row| row[4].is_none()), "some values are missing");

    let at = |format: &str| format!("/queries/{id}/download?format={format}");
    let (name, parquet) = file(&browser, &at("parquet"), "application/vnd.apache.parquet").await;
    assert!(name.starts_with("attachment;") && name.contains(&format!("local-{id}.parquet")), "{name}");
    assert_eq!(Some(parquet.len() as u64), view["bytes"].as_u64(), "the bytes that the list shows");
    let reader = ParquetRecordBatchReaderBuilder::try_new(parquet).unwrap().build().unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    assert_eq!(cells(&batches), shown);
    let kept = concat_batches(&batches[0].schema(), &batches).unwrap();

    let (name, csv_text) = file(&browser, &at("csv"), "text/csv").await;
    assert!(name.contains(".csv"));
    let mut csv = csv::Reader::from_reader(csv_text.as_ref());
    assert_eq!(csv.headers().unwrap().iter().collect::<Vec<_>>(), ["hip", "ra", "dec", "mag", "bv", "name"]);
    let records: Vec<Vec<String>> =
        csv.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
    let as_csv =
        |row: &Vec<Option<String>>| row.iter().map(|cell| cell.clone().unwrap_or_default()).collect();
    assert_eq!(records, shown.iter().map(as_csv).collect::<Vec<Vec<String>>>());

    for serialization in ["tabledata", "binary2"] {
        let path = format!("{}&serialization={serialization}", at("votable"));
        let (_, votable) = file(&browser, &path, "application/x-votable+xml").await;
        let tables = tables(&votable);
        assert_eq!(tables.len(), 1);
        let (schema, batches, infos) = &tables[0];
        assert_eq!(cells(batches), shown, "{serialization}");
        let read = concat_batches(schema, batches).unwrap();
        for (column, (told, was)) in schema.fields().iter().zip(kept.schema().fields()).enumerate() {
            assert_eq!(told.name(), was.name());
            for key in [meta::UNIT, meta::UCD, meta::DESCRIPTION] {
                assert_eq!(told.metadata().get(key), was.metadata().get(key), "{key} of {}", was.name());
            }
            assert_eq!(read.column(column).len(), rows);
        }
        assert_eq!((infos[0].name.as_str(), infos[0].value.as_str()), ("QUERY_STATUS", "OK"));
        assert!(infos.iter().any(|info| info.name == "query" && info.value == adql), "{infos:?}");
        assert_eq!(infos.iter().filter(|info| info.name == "QUERY_STATUS").count(), 1);
    }
    for wrong in ["/download", "/download?format=exe", "/download?format=votable&serialization=fits"] {
        assert_eq!(browser.get(&format!("/queries/{id}{wrong}")).await.status, 422, "{wrong}");
    }
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_cut_says_so_in_the_file() {
    let tap = SlowTap::start().await;
    let portal = Place::sqlite().portal(|config| tap.configure(config)).await;
    let mut browser = portal.browser();
    for (table, status) in [("limited", "OVERFLOW"), ("breaks", "ERROR")] {
        let id = ask(&mut browser, "slow", &format!("SELECT * FROM {table}")).await;
        over(&mut browser, &id).await;
        let path = format!("/queries/{id}/download?format=votable");
        let (_, bytes) = file(&browser, &path, "application/x-votable+xml").await;
        let tables = tables(&bytes);
        let last = tables[0].2.last().unwrap();
        assert_eq!((last.name.as_str(), last.value.as_str()), ("QUERY_STATUS", status));
        assert!(!last.content.is_empty());
        assert_eq!(cells(&tables[0].1).len(), 10);
    }
    portal.stop().await;
}

pub async fn baskets_read_back_equal(place: &Place) {
    let tap = SlowTap::start().await;
    let portal = place.portal(|config| tap.configure(config)).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let (_, empty) = file(&browser, "/basket/download?format=json", "application/json").await;
    assert_eq!(serde_json::from_slice::<Value>(&empty).unwrap(), json!({"items": []}));
    let (_, empty) = file(&browser, "/basket/download?format=votable", "application/x-votable+xml").await;
    assert!(tables(&empty).iter().all(|(_, batches, _)| batches.is_empty()));

    let (local, _) = asked(&mut browser, "local", "SELECT hip, mag, bv FROM sky.stars WHERE mag < 1").await;
    let (slow, _) = asked(&mut browser, "slow", "SELECT * FROM quick").await;
    let stars = shown(&mut browser, &local, 5).await;
    assert_eq!(add(&mut browser, &local, json!({"Rows": "0,2-4"})).await.json()["added"], 4);
    assert_eq!(add(&mut browser, &slow, json!({"Rows": "1"})).await.json()["added"], 1);
    assert_eq!(add(&mut browser, &slow, json!("WholeResult")).await.json()["count"], 6);
    let view = basket(&mut browser, "slow", 0).await;
    let note = "‏نجمة جميلة‏ 🌟 <b>&amp;</b>\n\"second\" line";
    for item in items(&view) {
        assert_eq!(browser.call("basket/note", &[("item", &item), ("note", note)]).await.status, 200);
    }

    let (name, bytes) = file(&browser, "/basket/download?format=json", "application/json").await;
    assert!(name.contains("skyport-basket.json"));
    let read: Value = serde_json::from_slice(&bytes).unwrap();
    let read = read["items"].as_array().unwrap();
    assert_eq!(read.len(), 6);
    let of_local: Vec<&Value> = read.iter().filter(|item| item["archive"] == "local").collect();
    assert_eq!(
        of_local.iter().map(|item| &item["row"]).collect::<Vec<_>>(),
        [&json!(0), &json!(2), &json!(3), &json!(4)]
    );
    for (item, row) in of_local.iter().zip([0, 2, 3, 4]) {
        let values = item["columns"].as_array().unwrap();
        assert_eq!(values[1]["unit"], "mag");
        for (value, cell) in values.iter().zip(&stars[row]) {
            let number = cell.as_ref().map_or(Value::Null, |cell| cell.parse::<f64>().unwrap().into());
            assert_eq!(value["value"].as_f64(), number.as_f64(), "{item:#}");
        }
    }
    let whole: Vec<&Value> = read.iter().filter(|item| item["kind"] == "result").collect();
    assert_eq!((whole.len(), &whole[0]["rows"], &whole[0]["note"]), (1, &json!(3), &json!(note)));

    let (_, bytes) = file(&browser, "/basket/download?format=votable", "application/x-votable+xml").await;
    let tables = tables(&bytes);
    assert_eq!(tables.len(), 2, "one for each query");
    let of = |id: &str| {
        tables.iter().find(|table| table.2.iter().any(|i| i.name == "query" && i.value == id)).unwrap()
    };
    let read = cells(&of(&local).1);
    assert_eq!(read.len(), 4);
    for (read, row) in read.iter().zip([0, 2, 3, 4]) {
        assert_eq!(read[..3], stars[row][..], "the row as the result has it");
    }
    assert_eq!(of(&local).0.field(1).metadata().get(meta::UNIT).unwrap(), "mag");
    let (_, batches, infos) = of(&slow);
    assert_eq!(cells(batches).len(), 1, "a whole result is no row");
    assert_eq!(cells(batches)[0].last().unwrap().as_deref(), Some(note));
    let told = infos.iter().find(|info| info.name == "whole_result_rows").unwrap();
    assert_eq!((told.value.as_str(), told.content.as_str()), ("3", note));
    assert_eq!(browser.get("/basket/download?format=exe").await.status, 422);

    let all = items(&basket(&mut browser, "", 0).await);
    assert_eq!(remove(&mut browser, &all).await.json()["count"], 0);
    let (_, empty) = file(&browser, "/basket/download?format=json", "application/json").await;
    assert_eq!(serde_json::from_slice::<Value>(&empty).unwrap(), json!({"items": []}));
    portal.stop().await;
}
