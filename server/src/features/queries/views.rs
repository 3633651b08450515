//! From rows of the database and schemas of results to what pages show.

use super::store::QueryRow;
use app::features::archives::model::ColumnKind;
use app::features::queries::model::{QueryState, QueryView, ResultColumn};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use votable::meta;

/// The view of a query. `before_it` is asked for apart, since it needs the others.
pub(crate) fn query_view(row: QueryRow, archive_title: &str) -> QueryView {
    QueryView {
        state: state(&row.state),
        has_result: row.result_key.is_some(),
        columns: serde_json::from_str(&row.result_columns).unwrap_or_default(),
        fault: row.fault.as_deref().and_then(|fault| serde_json::from_str(fault).ok()),
        id: row.id,
        archive_title: archive_title.to_owned(),
        archive: row.archive,
        title: row.title,
        adql: row.adql,
        rows: row.row_count.unsigned_abs(),
        bytes: row.byte_count.unsigned_abs(),
        overflow: row.overflow,
        reason: row.reason,
        before_it: None,
        asked_us: row.asked_us,
        started_us: row.started_us,
        ended_us: row.ended_us,
        kept_until_us: row.kept_until_us,
    }
}

fn state(word: &str) -> QueryState {
    match word {
        "queued" => QueryState::Queued,
        "running" => QueryState::Running,
        "completed" => QueryState::Completed,
        "failed" => QueryState::Failed,
        "cancelled" => QueryState::Cancelled,
        "expired" => QueryState::Expired,
        _ => QueryState::Interrupted,
    }
}

/// The columns of a result, with what the archive says of them.
pub(crate) fn result_columns(schema: &SchemaRef) -> Vec<ResultColumn> {
    let told = |field: &datafusion::arrow::datatypes::Field, key: &str| {
        field.metadata().get(key).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
    };
    let column = |field: &std::sync::Arc<datafusion::arrow::datatypes::Field>| ResultColumn {
        name: field.name().clone(),
        kind: column_kind(field.data_type()),
        unit: told(field, meta::UNIT),
        ucd: told(field, meta::UCD),
        description: told(field, meta::DESCRIPTION),
    };
    schema.fields().iter().map(column).collect()
}

/// How values of an Arrow type are compared and shown.
pub(crate) fn column_kind(kind: &DataType) -> ColumnKind {
    match kind {
        DataType::Boolean => ColumnKind::Boolean,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => ColumnKind::Text,
        other if other.is_integer() => ColumnKind::Integer,
        other if other.is_floating() => ColumnKind::Number,
        _ => ColumnKind::Other,
    }
}

/// A name for a query that got none: its text on one line, cut to a length that a list can show.
pub(crate) fn title_of(adql: &str) -> String {
    let line = adql.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 90 { line } else { line.chars().take(89).chain(['…']).collect() }
}

/// The tables that a text asks, with commas between; empty where we cannot read it.
pub(crate) fn tables_of(adql: &str) -> String {
    let mut names = Vec::new();
    if let Ok(query) = adql::parse(adql) {
        let mut open: Vec<&adql::ast::TableReference> = query.select.from.iter().rev().collect();
        while let Some(reference) = open.pop() {
            match reference {
                adql::ast::TableReference::Table { name, .. } => {
                    names.push(name.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("."));
                }
                adql::ast::TableReference::Derived { select, .. } => open.extend(select.from.iter().rev()),
                adql::ast::TableReference::Join(join) => open.extend([&join.right, &join.left]),
            }
        }
    }
    names.dedup();
    names.join(", ")
}
