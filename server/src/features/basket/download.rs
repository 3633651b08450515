//! The basket as a file: one VOTable with a table for each query that rows came from, or JSON.

use super::service::BasketService;
use super::store::{BasketStore, KeptRow, SourceRow};
use crate::fault::report;
use crate::http::download::{Cut, Outbox, Sink, body, file};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::archives::model::ColumnKind;
use app::features::queries::model::ResultColumn;
use app::text::iso_utc;
use axum::response::Response;
use datafusion::arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use serde_json::{Value, json};
use std::io::Write as _;
use std::sync::Arc;
use votable::{Info, Serialization, Writer, meta};

/// Items read at once.
const PIECE: i64 = 2000;

/// The response with the caller's basket as `votable` or `json`.
pub(super) async fn respond(basket: &BasketService, caller: &Caller, format: &str) -> Result<Response> {
    let user = caller.user()?;
    let sources = basket.store.sources(user).await.map_err(|e| report("reading a basket", &e))?;
    let (store, user) = (basket.store.clone(), user.to_owned());
    match format {
        "votable" => {
            let body = body(|sink| write_votable(sink, store, user, sources));
            Ok(file(body, "application/x-votable+xml", "skyport-basket.vot"))
        }
        "json" => {
            let body = body(|sink| write_json(sink, store, user, sources));
            Ok(file(body, "application/json", "skyport-basket.json"))
        }
        _ => Err(Error::field("format", "Choose votable or json.")),
    }
}

async fn write_json(
    sink: Sink,
    store: BasketStore,
    user: String,
    sources: Vec<SourceRow>,
) -> std::result::Result<(), Cut> {
    let mut outbox = Outbox::default();
    write!(outbox, "{{\"items\":[")?;
    let mut first = true;
    for source in &sources {
        let columns: Vec<ResultColumn> = serde_json::from_str(&source.source_columns)?;
        let mut after = i64::MIN;
        loop {
            let rows = store.kept_after(&user, &source.id, after, PIECE).await?;
            let Some(last) = rows.last() else { break };
            after = last.result_row;
            for row in &rows {
                let comma = if first { "" } else { "," };
                first = false;
                write!(outbox, "{comma}\n{}", item_json(source, &columns, row)?)?;
            }
            sink.send(&outbox).await?;
        }
    }
    writeln!(outbox, "\n]}}")?;
    sink.send(&outbox).await
}

fn item_json(source: &SourceRow, columns: &[ResultColumn], row: &KeptRow) -> serde_json::Result<Value> {
    let cells: Vec<Option<String>> = serde_json::from_str(&row.cells)?;
    let values: Vec<Value> = columns
        .iter()
        .zip(&cells)
        .map(|(c, cell)| json!({ "name": c.name, "unit": c.unit, "ucd": c.ucd, "value": value_json(c.kind, cell.as_deref()) }))
        .collect();
    let whole = row.row_count.is_some();
    Ok(json!({
        "kind": if whole { "result" } else { "row" },
        "label": row.label,
        "archive": source.archive,
        "table": source.table_names,
        "query": source.query_id,
        "row": if whole { Value::Null } else { row.result_row.into() },
        "rows": row.row_count,
        "note": row.note,
        "added": iso_utc(row.added_us),
        "columns": values,
    }))
}

fn value_json(kind: ColumnKind, cell: Option<&str>) -> Value {
    let Some(cell) = cell else { return Value::Null };
    let number = match kind {
        ColumnKind::Integer => cell.parse::<i64>().ok().map(Value::from),
        ColumnKind::Number => cell.parse::<f64>().ok().filter(|n| n.is_finite()).map(Value::from),
        ColumnKind::Boolean => cell.parse::<bool>().ok().map(Value::from),
        ColumnKind::Text | ColumnKind::Other => None,
    };
    number.unwrap_or_else(|| cell.into())
}

async fn write_votable(
    sink: Sink,
    store: BasketStore,
    user: String,
    sources: Vec<SourceRow>,
) -> std::result::Result<(), Cut> {
    let outbox = Outbox::default();
    let mut open: Option<Writer<Outbox>> = None;
    for source in &sources {
        let columns: Vec<ResultColumn> = serde_json::from_str(&source.source_columns)?;
        let schema = Arc::new(schema(source, &columns));
        let mut infos = vec![
            Info::new("QUERY_STATUS", "OK"),
            Info::new("archive", &source.archive),
            Info::new("table", &source.table_names),
            Info::new("query", &source.query_id),
        ];
        let mut rows = store.kept_after(&user, &source.id, i64::MIN, PIECE).await?;
        // A whole result is no row: what is known of it stands above the table.
        if let Some(count) = rows.first().and_then(|first| first.row_count) {
            let whole = rows.remove(0);
            infos.push(Info { content: whole.note, ..Info::new("whole_result_rows", count.to_string()) });
        }
        let mut writer = match open.take() {
            None => Writer::new(outbox.clone(), Serialization::TableData, &schema, &infos)?,
            Some(before) => before.next_table(&schema, &infos)?,
        };
        while let Some(last) = rows.last() {
            let after = last.result_row;
            writer.write(&batch(&schema, &columns, &rows)?)?;
            sink.send(&outbox).await?;
            rows = store.kept_after(&user, &source.id, after, PIECE).await?;
        }
        open = Some(writer);
    }
    let writer = match open {
        Some(writer) => writer,
        None => Writer::new(
            outbox.clone(),
            Serialization::TableData,
            &Schema::empty(),
            &[Info::new("QUERY_STATUS", "OK")],
        )?,
    };
    writer.finish(&[])?;
    sink.send(&outbox).await
}

/// The columns as they were in the result, and the user's note.
pub(super) fn schema(source: &SourceRow, columns: &[ResultColumn]) -> Schema {
    let field = |column: &ResultColumn| {
        let kind = match column.kind {
            ColumnKind::Integer => DataType::Int64,
            ColumnKind::Number => DataType::Float64,
            ColumnKind::Boolean => DataType::Boolean,
            ColumnKind::Text | ColumnKind::Other => DataType::Utf8,
        };
        let told =
            [(meta::UNIT, &column.unit), (meta::UCD, &column.ucd), (meta::DESCRIPTION, &column.description)];
        let told = told.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text.clone()?)));
        Field::new(&column.name, kind, true).with_metadata(told.collect())
    };
    let note = [(meta::DESCRIPTION.to_owned(), "Your note in the basket".to_owned())].into();
    let mut fields: Vec<Field> = columns.iter().map(field).collect();
    fields.push(Field::new("basket_note", DataType::Utf8, true).with_metadata(note));
    Schema::new(fields).with_metadata([(meta::TABLE_NAME.to_owned(), source.title.clone())].into())
}

pub(super) fn batch(
    schema: &Arc<Schema>,
    columns: &[ResultColumn],
    rows: &[KeptRow],
) -> std::result::Result<RecordBatch, Cut> {
    let mut cells = Vec::with_capacity(rows.len());
    for row in rows {
        cells.push(serde_json::from_str::<Vec<Option<String>>>(&row.cells)?);
    }
    let texts = |place: usize| cells.iter().map(move |row| row.get(place).and_then(|cell| cell.as_deref()));
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(columns.len() + 1);
    for (place, column) in columns.iter().enumerate() {
        let texts = texts(place);
        arrays.push(match column.kind {
            ColumnKind::Integer => Arc::new(texts.map(|t| t?.parse().ok()).collect::<Int64Array>()),
            ColumnKind::Number => Arc::new(texts.map(|t| t?.parse().ok()).collect::<Float64Array>()),
            ColumnKind::Boolean => Arc::new(texts.map(|t| t?.parse().ok()).collect::<BooleanArray>()),
            ColumnKind::Text | ColumnKind::Other => Arc::new(texts.collect::<StringArray>()),
        });
    }
    arrays.push(Arc::new(rows.iter().map(|row| Some(row.note.as_str())).collect::<StringArray>()));
    Ok(RecordBatch::try_new(schema.clone(), arrays)?)
}
