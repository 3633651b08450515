//! Parquet out of columns: one row group for each band of declination, pages of a few hundred rows with statistics,
//! so that a reader finds a cone without reading the sky.

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use crate::error::ArchiveError;
use crate::table::{Column, Table, Values};

/// Rows of a page: the smallest piece that a reader can skip.
const PAGE_ROWS: usize = 512;

/// Writes the table to a file and answers with its size in bytes.
pub(crate) fn write(table: &Table, path: &Path) -> Result<u64, ArchiveError> {
    let file_error = |action| {
        let path = path.to_path_buf();
        move |source| ArchiveError::File { action, path, source }
    };
    let file = File::create(path).map_err(file_error("create"))?;
    write_rows(table, file).map_err(|source| ArchiveError::Parquet { table: table.name, source })?;
    Ok(std::fs::metadata(path).map_err(file_error("read"))?.len())
}

fn write_rows(table: &Table, file: File) -> Result<(), ParquetError> {
    let mut writer = SerializedFileWriter::new(file, schema(table)?, properties(table))?;
    let mut starts = vec![0];
    starts.extend(&table.group_starts);
    let ends = starts[1..].iter().copied().chain([table.rows()]);
    for rows in starts.iter().zip(ends).map(|(&start, end)| start..end) {
        let mut group = writer.next_row_group()?;
        for column in &table.columns {
            write_column(&mut group, column, rows.clone())?;
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn schema(table: &Table) -> Result<TypePtr, ParquetError> {
    let mut fields = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let (physical, logical) = match column.values {
            Values::Integer(_) => (Physical::INT32, None),
            Values::Real(_) => (Physical::FLOAT, None),
            Values::Double(_) => (Physical::DOUBLE, None),
            Values::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let field = Type::primitive_type_builder(column.name, physical)
            .with_repetition(if column.values.has_nulls() {
                Repetition::OPTIONAL
            } else {
                Repetition::REQUIRED
            })
            .with_logical_type(logical)
            .build()?;
        fields.push(Arc::new(field));
    }
    Ok(Arc::new(Type::group_type_builder(table.name).with_fields(fields).build()?))
}

fn properties(table: &Table) -> WriterPropertiesPtr {
    let mut properties = WriterProperties::builder()
        .set_created_by("skyport-archive-data".to_owned())
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS);
    for column in table.columns.iter().filter(|column| is_nearly_unique(column)) {
        let path = ColumnPath::from(column.name);
        properties = properties.set_column_dictionary_enabled(path.clone(), false);
        if matches!(column.values, Values::Double(_)) {
            // Positions share their leading bytes with their neighbours: split by byte, they compress.
            properties = properties.set_column_encoding(path, Encoding::BYTE_STREAM_SPLIT);
        }
    }
    Arc::new(properties.build())
}

/// A dictionary would only repeat such a column.
fn is_nearly_unique(column: &Column) -> bool {
    column.key || matches!(column.values, Values::Double(_))
}

fn write_column(
    group: &mut SerializedRowGroupWriter<'_, File>,
    column: &Column,
    rows: Range<usize>,
) -> Result<(), ParquetError> {
    let Some(mut writer) = group.next_column()? else {
        return Err(ParquetError::General(format!("no place for the column {}", column.name)));
    };
    let nullable = column.values.has_nulls();
    match &column.values {
        Values::Integer(values) => put::<Int32Type>(writer.typed(), &values[rows], nullable)?,
        Values::Real(values) => put::<FloatType>(writer.typed(), &values[rows], nullable)?,
        Values::Double(values) => put::<DoubleType>(writer.typed(), &values[rows], nullable)?,
        Values::Text(values) => {
            let values: Vec<_> =
                values[rows].iter().map(|value| value.as_deref().map(ByteArray::from)).collect();
            put::<ByteArrayType>(writer.typed(), &values, nullable)?;
        }
    }
    writer.close()
}

/// Writes values with their definition levels: 1 for a value, 0 for a null; none where the column has no nulls.
fn put<T: DataType>(
    writer: &mut ColumnWriterImpl<'_, T>,
    values: &[Option<T::T>],
    nullable: bool,
) -> Result<(), ParquetError> {
    let present: Vec<T::T> = values.iter().flatten().cloned().collect();
    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    writer.write_batch(&present, nullable.then_some(levels.as_slice()), None)?;
    Ok(())
}
