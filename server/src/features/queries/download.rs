//! A result as a file: VOTable, CSV or Parquet, made while it is sent.
//!
//! CSV follows RFC 4180: what is missing is empty, nothing else is changed. Texts that a spreadsheet might take for a
//! formula are left as they are, since a changed value is worse for a program than a formula is for a person.

use super::results::{Cells, ReadError, Results};
use super::service::QueriesService;
use crate::http::download::{Cut, Outbox, Sink, body, file};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::queries::model::QueryView;
use app::features::queries::port::QueriesPort as _;
use axum::body::Body;
use axum::response::Response;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use votable::{Info, Serialization, Writer};

type Batches = BoxStream<'static, std::result::Result<RecordBatch, ReadError>>;

/// The response with the caller's result in a format: `votable` (with `serialization` `tabledata` or `binary2`),
/// `csv` or `parquet`.
pub(super) async fn respond(
    queries: &QueriesService,
    caller: &Caller,
    id: &str,
    format: &str,
    serialization: &str,
) -> Result<Response> {
    let query = queries.show(caller, id).await?;
    let key = queries.result_key(caller, id).await?;
    let results = queries.results();
    let name = |ending: &str| format!("{}-{}.{ending}", query.archive, query.id);
    match format {
        "votable" => {
            let form = match serialization {
                "" | "tabledata" => Serialization::TableData,
                "binary2" => Serialization::Binary2,
                _ => return Err(Error::field("serialization", "Choose tabledata or binary2.")),
            };
            let (schema, batches) = read(results, &key).await?;
            let infos = infos(&query);
            let trailing = trailing(&query);
            let body = body(|sink| write_votable(sink, form, schema, batches, infos, trailing));
            Ok(file(body, "application/x-votable+xml", &name("vot")))
        }
        "csv" => {
            let (schema, batches) = read(results, &key).await?;
            Ok(file(body(|sink| write_csv(sink, schema, batches)), "text/csv; charset=utf-8", &name("csv")))
        }
        "parquet" => {
            let bytes = results.file(&key).await?;
            Ok(file(Body::from_stream(bytes), "application/vnd.apache.parquet", &name("parquet")))
        }
        _ => Err(Error::field("format", "Choose votable, csv or parquet.")),
    }
}

async fn read(results: &Results, key: &str) -> Result<(SchemaRef, Batches)> {
    let (schema, _) = results.schema(key).await?;
    Ok((schema, results.batches(key).await?))
}

/// What a VOTable says of the query before its rows.
pub(crate) fn infos(query: &QueryView) -> Vec<Info> {
    let info = |name: &str, value: &str| Info::new(name, value);
    vec![
        info("QUERY_STATUS", "OK"),
        info("query", &query.adql),
        info("archive", &query.archive_title),
        info("date", &app::text::iso_utc(query.asked_us)),
    ]
}

/// A result that was cut says so after the rows (DALI 1.1, section 4.4).
pub(crate) fn trailing(query: &QueryView) -> Vec<Info> {
    match (&query.overflow, &query.reason) {
        (Some(sentence), _) => {
            vec![Info { content: sentence.clone(), ..Info::new("QUERY_STATUS", "OVERFLOW") }]
        }
        (None, Some(reason)) => vec![Info { content: reason.clone(), ..Info::new("QUERY_STATUS", "ERROR") }],
        (None, None) => Vec::new(),
    }
}

async fn write_votable(
    sink: Sink,
    form: Serialization,
    schema: SchemaRef,
    mut batches: Batches,
    infos: Vec<Info>,
    trailing: Vec<Info>,
) -> std::result::Result<(), Cut> {
    let outbox = Outbox::default();
    let mut writer = Writer::new(outbox.clone(), form, &schema, &infos)?;
    while let Some(batch) = batches.next().await {
        writer.write(&batch?)?;
        sink.send(&outbox).await?;
    }
    writer.finish(&trailing)?;
    sink.send(&outbox).await
}

async fn write_csv(sink: Sink, schema: SchemaRef, mut batches: Batches) -> std::result::Result<(), Cut> {
    let outbox = Outbox::default();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(outbox.clone());
    writer.write_record(schema.fields().iter().map(|f| f.name()))?;
    while let Some(batch) = batches.next().await {
        let batch = batch?;
        let cells = Cells::of(&batch);
        for row in 0..batch.num_rows() {
            writer.write_record(cells.row(row).iter().map(|cell| cell.as_deref().unwrap_or_default()))?;
        }
        writer.flush()?;
        sink.send(&outbox).await?;
    }
    writer.flush()?;
    sink.send(&outbox).await
}
