//! Tables and columns from `TAP_SCHEMA` (TAP 1.1 section 4), for services without VOSI tables.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int16Type, Int32Type, Int64Type, UInt8Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType as Arrow;
use tokio_util::sync::CancellationToken;

use crate::{Client, Column, Completion, DataType, Error, ForeignKey, Schema, Table, TableSet, TypeSystem};

impl Client {
    /// Schemas and tables without columns, and foreign keys where the service lists them.
    pub(crate) async fn schema_tables(&self) -> Result<TableSet, Error> {
        let tables = self.rows_of("SELECT * FROM TAP_SCHEMA.tables").await?;
        let mut set = TableSet { is_cut: tables.is_cut, ..TableSet::default() };
        // Titles and keys are worth having but not worth failing for.
        if let Ok(rows) = self.rows_of("SELECT * FROM TAP_SCHEMA.schemas").await {
            set.schemas = rows
                .iter()
                .map(|row| Schema {
                    name: row.text("schema_name").unwrap_or_default(),
                    description: row.text("description"),
                    utype: row.text("utype"),
                    ..Schema::default()
                })
                .collect();
        }
        for row in tables.iter() {
            let table = Table {
                name: row.text("table_name").unwrap_or_default(),
                description: row.text("description"),
                utype: row.text("utype"),
                kind: row.text("table_type"),
                ..Table::default()
            };
            let schema = row.text("schema_name").unwrap_or_default();
            match set.schemas.iter_mut().find(|s| s.name == schema) {
                Some(schema) => schema.tables.push(table),
                None => set.schemas.push(Schema { name: schema, tables: vec![table], ..Schema::default() }),
            }
        }
        if let Ok(keys) = self.rows_of("SELECT * FROM TAP_SCHEMA.keys").await
            && let Ok(pairs) = self.rows_of("SELECT * FROM TAP_SCHEMA.key_columns").await
        {
            add_keys(&mut set, &keys, &pairs);
        }
        Ok(set)
    }

    /// The columns of one table; none if there is no such table.
    pub(crate) async fn schema_columns(&self, table: &str) -> Result<Vec<Column>, Error> {
        let name = table.replace('\'', "''");
        let adql = format!("SELECT * FROM TAP_SCHEMA.columns WHERE table_name = '{name}'");
        let rows = self.rows_of(&adql).await?;
        let mut columns: Vec<(Option<i64>, Column)> =
            rows.iter().map(|row| (row.integer("column_index"), read_column(&row))).collect();
        // Columns without an index keep the service's order, behind the others.
        columns.sort_by_key(|(index, _)| index.unwrap_or(i64::MAX));
        Ok(columns.into_iter().map(|(_, column)| column).collect())
    }

    async fn rows_of(&self, adql: &str) -> Result<Rows, Error> {
        let limits = &self.options().limits;
        let most = limits.max_tables.max(limits.max_columns) as u64;
        let mut answer = self.query(adql, Some(most), CancellationToken::new()).await?;
        let mut rows = Rows { batches: Vec::new(), is_cut: false };
        while let Some(batch) = answer.next_batch().await? {
            rows.batches.push(batch);
        }
        rows.is_cut = answer.outcome().is_none_or(|o| o.completion != Completion::Complete);
        Ok(rows)
    }
}

fn read_column(row: &Row<'_>) -> Column {
    let mut column = Column {
        name: row.text("column_name").unwrap_or_default(),
        description: row.text("description"),
        unit: row.text("unit"),
        ucd: row.text("ucd"),
        utype: row.text("utype"),
        ..Column::default()
    };
    // TAP 1.1 has VOTable types with arraysize, TAP 1.0 SQL types with size.
    let arraysize = row.text("arraysize");
    let is_sql = arraysize.is_none() && row.has("size") && !row.has("arraysize");
    column.datatype = row.text("datatype").map(|name| DataType {
        system: if is_sql { TypeSystem::Tap } else { TypeSystem::VOTable },
        name,
        arraysize: arraysize.or_else(|| row.text("size").filter(|_| is_sql)),
        xtype: row.text("xtype"),
    });
    for flag in ["indexed", "principal", "std"] {
        if row.integer(flag).is_some_and(|n| n != 0) {
            column.flags.set(flag);
        }
    }
    column
}

fn add_keys(set: &mut TableSet, keys: &Rows, pairs: &Rows) {
    for key in keys.iter() {
        let (Some(id), Some(from), Some(target)) =
            (key.text("key_id"), key.text("from_table"), key.text("target_table"))
        else {
            continue;
        };
        let columns = pairs.iter().filter(|p| p.text("key_id").as_ref() == Some(&id));
        let columns = columns.filter_map(|p| p.text("from_column").zip(p.text("target_column"))).collect();
        let table = set.schemas.iter_mut().flat_map(|s| &mut s.tables).find(|t| t.is_called(&from));
        if let Some(table) = table {
            table.foreign_keys.push(ForeignKey {
                target_table: target,
                columns,
                description: key.text("description"),
                utype: key.text("utype"),
            });
        }
    }
}

/// A small table, read whole.
struct Rows {
    batches: Vec<RecordBatch>,
    is_cut: bool,
}

impl Rows {
    fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |index| Row { batch, index }))
    }
}

/// One row, its cells by name in any case.
struct Row<'a> {
    batch: &'a RecordBatch,
    index: usize,
}

impl Row<'_> {
    fn cell(&self, name: &str) -> Option<&ArrayRef> {
        let at = self.batch.schema_ref().fields().iter().position(|f| f.name().eq_ignore_ascii_case(name))?;
        Some(self.batch.column(at))
    }

    fn has(&self, name: &str) -> bool {
        self.cell(name).is_some()
    }

    /// Text, or a number as text; nothing for null and blank.
    fn text(&self, name: &str) -> Option<String> {
        let cell = self.cell(name)?;
        let text = match cell.data_type() {
            _ if cell.is_null(self.index) => return None,
            Arrow::Utf8 => cell.as_string::<i32>().value(self.index).trim(),
            Arrow::LargeUtf8 => cell.as_string::<i64>().value(self.index).trim(),
            Arrow::Utf8View => cell.as_string_view().value(self.index).trim(),
            _ => return self.integer(name).map(|n| n.to_string()),
        };
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn integer(&self, name: &str) -> Option<i64> {
        let cell = self.cell(name)?;
        let at = self.index;
        match cell.data_type() {
            _ if cell.is_null(at) => None,
            Arrow::Boolean => Some(i64::from(cell.as_boolean().value(at))),
            Arrow::UInt8 => Some(cell.as_primitive::<UInt8Type>().value(at).into()),
            Arrow::Int16 => Some(cell.as_primitive::<Int16Type>().value(at).into()),
            Arrow::Int32 => Some(cell.as_primitive::<Int32Type>().value(at).into()),
            Arrow::Int64 => Some(cell.as_primitive::<Int64Type>().value(at)),
            Arrow::Utf8 => cell.as_string::<i32>().value(at).trim().parse().ok(),
            _ => None,
        }
    }
}
