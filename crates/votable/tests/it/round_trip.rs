//! What is written is read again: values, nulls and metadata, for random tables in both serializations.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, FixedSizeListArray, Float32Array, Float64Array, Int16Array,
    Int32Array, Int64Array, ListArray, RecordBatch, StringArray, StringViewArray, TimestampMicrosecondArray,
    UInt8Array, UInt64Array,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, Schema};
use votable::{Event, Info, Serialization, WriteError, Writer, meta};

use crate::documents::{Random, events_of, rows_of};

const FORMS: [Serialization; 2] = [Serialization::TableData, Serialization::Binary2];

fn write(form: Serialization, batches: &[RecordBatch]) -> Result<Vec<u8>, WriteError> {
    let mut writer = Writer::new(Vec::new(), form, &batches[0].schema(), &[Info::new("QUERY_STATUS", "OK")])?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.finish(&[Info::new("QUERY_STATUS", "OVERFLOW")])
}

fn read(document: &[u8]) -> Vec<Event> {
    let (events, error) = events_of(document, usize::MAX);
    assert!(error.is_none(), "{error:?} in {}", String::from_utf8_lossy(document));
    events
}

fn text(random: &mut Random) -> String {
    let parts =
        ["a", "<b>", "&amp;", " ", "é", "Ω", "\r\n", "\t", "𝒜", "\"", "'", "]]>", "</TD>", "-->", "0x1"];
    (0..=random.below(6)).map(|_| parts[random.below(parts.len())]).collect()
}

fn double(random: &mut Random) -> f64 {
    match random.below(5) {
        0 => f64::INFINITY,
        1 => f64::NEG_INFINITY,
        2 => -0.0,
        3 => random.next() as f64 / 1e9,
        _ => Some(f64::from_bits(random.next())).filter(|value| !value.is_nan()).unwrap_or(1e-320),
    }
}

/// A column of some type with the metadata that the reader would give it.
fn column(random: &mut Random, rows: usize) -> (ArrayRef, Vec<(&'static str, String)>) {
    let none = |random: &mut Random| random.below(4) == 0;
    macro_rules! options {
        ($value:expr) => {
            (0..rows).map(|_| (!none(random)).then(|| $value(random))).collect()
        };
    }
    let size = 1 + random.below(5);
    let kind = |name: &str| (meta::DATATYPE, name.to_owned());
    let array = |size: &str| (meta::ARRAYSIZE, size.to_owned());
    match random.below(13) {
        0 => (
            Arc::<BooleanArray>::new(options!(|random: &mut Random| random.below(2) == 0)),
            vec![kind("boolean")],
        ),
        1 => (
            Arc::<BooleanArray>::new(options!(|random: &mut Random| random.below(2) == 0)),
            vec![kind("bit")],
        ),
        2 => (
            Arc::<UInt8Array>::new(options!(|random: &mut Random| random.next() as u8)),
            vec![kind("unsignedByte")],
        ),
        3 => (
            Arc::<Int16Array>::new(options!(|random: &mut Random| random.next() as i16)),
            vec![kind("short")],
        ),
        4 => {
            (Arc::<Int32Array>::new(options!(|random: &mut Random| random.next() as i32)), vec![kind("int")])
        }
        5 => {
            (Arc::<Int64Array>::new(options!(|random: &mut Random| random.next() as i64)), vec![kind("long")])
        }
        6 => {
            let values: Float32Array = options!(|random: &mut Random| double(random) as f32);
            (Arc::new(values), vec![kind("float")])
        }
        7 => (Arc::<Float64Array>::new(options!(double)), vec![kind("double")]),
        8 => (Arc::<StringArray>::new(options!(text)), vec![kind("char"), array("*")]),
        9 => (Arc::<StringArray>::new(options!(text)), vec![kind("unicodeChar"), array("50*")]),
        10 => {
            let values: Float64Array =
                (0..rows * size).map(|_| (!none(random)).then(|| double(random))).collect();
            let nulls: NullBuffer = (0..rows).map(|_| !none(random)).collect::<Vec<bool>>().into();
            let item = Arc::new(Field::new("item", DataType::Float64, true));
            let list = FixedSizeListArray::new(item, 2 * size as i32, join(&values), Some(nulls));
            (Arc::new(list), vec![kind("double"), array(&format!("2x{size}"))])
        }
        11 => {
            let lengths: Vec<usize> = (0..rows).map(|_| size * (1 + random.below(3))).collect();
            let values: BooleanArray =
                (0..lengths.iter().sum()).map(|_| Some(random.below(2) == 0)).collect();
            let nulls: NullBuffer = (0..rows).map(|_| !none(random)).collect::<Vec<bool>>().into();
            let item = Arc::new(Field::new("item", DataType::Boolean, false));
            let list =
                ListArray::new(item, OffsetBuffer::from_lengths(lengths), Arc::new(values), Some(nulls));
            (Arc::new(list), vec![kind("bit"), array(&format!("{size}x*"))])
        }
        _ => {
            let values: Float32Array = (0..rows * 2).map(|_| Some(double(random) as f32)).collect();
            let nulls: NullBuffer = (0..rows).map(|_| !none(random)).collect::<Vec<bool>>().into();
            let item = Arc::new(Field::new("item", DataType::Float32, false));
            (
                Arc::new(FixedSizeListArray::new(item, 2, Arc::new(values), Some(nulls))),
                vec![kind("floatComplex")],
            )
        }
    }
}

/// Twice the values, so that lists of `2 x size` are full.
fn join(values: &Float64Array) -> ArrayRef {
    Arc::new(values.iter().chain(values.iter()).collect::<Float64Array>())
}

#[test]
fn random_tables_come_back_equal() {
    let mut random = Random(7);
    for case in 0..300 {
        let rows = random.below(30);
        let (mut fields, mut arrays) = (Vec::new(), Vec::new());
        for at in 0..=random.below(12) {
            let (array, mut known) = column(&mut random, rows);
            if random.below(2) == 0 {
                known.push((meta::UNIT, "m/s & \"<more>\"".into()));
                known.push((meta::DESCRIPTION, text(&mut random).trim().replace("\r\n", "\n") + "."));
                known.push((meta::ID, format!("id{at}")));
            }
            let metadata: HashMap<_, _> =
                known.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
            fields
                .push(Field::new(format!("c{at}"), array.data_type().clone(), true).with_metadata(metadata));
            arrays.push(array);
        }
        let table =
            [(meta::TABLE_NAME.to_owned(), "<t>".to_owned()), (meta::DESCRIPTION.to_owned(), "d".to_owned())];
        let schema = Arc::new(Schema::new(fields).with_metadata(table.into()));
        let batch = RecordBatch::try_new(schema, arrays).unwrap();
        // In pieces, so that arrays with an offset are written too.
        let cut = random.below(rows + 1);
        let pieces = [batch.slice(0, cut), batch.slice(cut, rows - cut)];
        for form in FORMS {
            let document = write(form, &pieces).unwrap();
            let events = read(&document);
            match rows_of(&events).as_slice() {
                [] => assert_eq!(rows, 0),
                [found] => assert_eq!(found, &batch, "case {case}, {form:?}"),
                more => panic!("{} batches", more.len()),
            }
            let infos: Vec<&str> = events
                .iter()
                .filter_map(
                    |event| if let Event::Info(info) = event { Some(info.value.as_str()) } else { None },
                )
                .collect();
            assert_eq!(infos, ["OK", "OVERFLOW"]);
        }
    }
}

fn one_column(array: ArrayRef) -> RecordBatch {
    let field = Field::new("c", array.data_type().clone(), true);
    RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![array]).unwrap()
}

#[test]
fn other_arrow_types_find_a_form() {
    let cases: Vec<(ArrayRef, &str)> = vec![
        (Arc::new(StringViewArray::from(vec![Some("é"), None])), "unicodeChar"),
        (Arc::new(UInt64Array::from(vec![Some(7), None])), "long"),
        (Arc::new(TimestampMicrosecondArray::from(vec![Some(0), None])), "char"),
        (Arc::new(BinaryArray::from_opt_vec(vec![Some(b"ab".as_slice()), None])), "unsignedByte"),
    ];
    for (array, datatype) in cases {
        for form in FORMS {
            let events = read(&write(form, &[one_column(Arc::clone(&array))]).unwrap());
            let rows = rows_of(&events).remove(0);
            assert_eq!(rows.schema().field(0).metadata()[meta::DATATYPE], datatype);
            assert!(rows.column(0).is_valid(0) && rows.column(0).is_null(1), "{rows:?}");
        }
    }
    let instant = one_column(Arc::new(TimestampMicrosecondArray::from(vec![1_500_000])));
    let rows = rows_of(&read(&write(Serialization::TableData, &[instant]).unwrap())).remove(0);
    assert_eq!(rows.column(0).as_string::<i32>().value(0), "1970-01-01T00:00:01.500");
    assert_eq!(rows.schema().field(0).metadata()[meta::XTYPE], "timestamp");
}

#[test]
fn missing_integers_in_arrays_get_a_null_value() {
    let lists =
        ListArray::from_iter_primitive::<arrow_array::types::Int32Type, _, _>([Some(vec![Some(1), None])]);
    for form in FORMS {
        let rows = rows_of(&read(&write(form, &[one_column(Arc::new(lists.clone()))]).unwrap())).remove(0);
        assert_eq!(rows.schema().field(0).metadata()[meta::NULL], "-2147483648");
        assert_eq!(rows.column(0).as_list::<i32>().value(0).null_count(), 1);
    }
    let taken =
        ListArray::from_iter_primitive::<arrow_array::types::Int32Type, _, _>([Some(vec![Some(i32::MIN)])]);
    let error = write(Serialization::TableData, &[one_column(Arc::new(taken))]).unwrap_err();
    assert!(error.to_string().starts_with("row 1, column \"c\": -2147483648 is declared"), "{error}");
}

#[test]
fn arrays_of_text_need_a_length() {
    let mut lists = ListBuilder::new(StringBuilder::new());
    lists.values().append_value("abc");
    lists.values().append_value("défgh");
    lists.append(true);
    let array: ArrayRef = Arc::new(lists.finish());
    let error = write(Serialization::TableData, &[one_column(Arc::clone(&array))]).unwrap_err();
    assert!(error.to_string().contains("votable:arraysize"), "{error}");
    for (size, fits) in [("5x*", true), ("4x*", false)] {
        let known = [(meta::DATATYPE, "unicodeChar"), (meta::ARRAYSIZE, size)];
        let metadata = known.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let field = Field::new("c", array.data_type().clone(), true).with_metadata(metadata);
        let batch =
            RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![Arc::clone(&array)]).unwrap();
        for form in FORMS {
            let result = write(form, std::slice::from_ref(&batch));
            assert_eq!(result.is_ok(), fits, "{size}: {result:?}");
            if let Ok(document) = result {
                let rows = rows_of(&read(&document)).remove(0);
                let value = rows.column(0).as_list::<i32>().value(0);
                assert_eq!(value.as_string::<i32>().iter().flatten().collect::<Vec<_>>(), ["abc", "défgh"]);
            }
        }
    }
}

#[test]
fn what_has_no_form_is_refused_by_name() {
    let mut nested = ListBuilder::new(ListBuilder::new(Float64Builder::new()));
    nested.append(true);
    let error = write(Serialization::TableData, &[one_column(Arc::new(nested.finish()))]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "column \"c\" cannot be written as VOTable: lists of lists have no form there"
    );
    let error = write(Serialization::TableData, &[one_column(Arc::new(UInt64Array::from(vec![u64::MAX])))])
        .unwrap_err();
    assert!(matches!(error, WriteError::Arrow(_)), "{error:?}");
    let batch = one_column(Arc::new(Int32Array::from(vec![1])));
    let mut writer = Writer::new(Vec::new(), Serialization::TableData, &batch.schema(), &[]).unwrap();
    let other =
        one_column(Arc::new(ListArray::new_null(Arc::new(Field::new_list_field(DataType::Int32, true)), 1)));
    assert!(matches!(writer.write(&other), Err(WriteError::Schema)));
}

#[test]
fn characters_without_a_form_are_replaced() {
    let array: ArrayRef = Arc::new(StringArray::from(vec!["a\u{1}b\0c\u{FFFF}d"]));
    let texts = FORMS.map(|form| {
        let rows = rows_of(&read(&write(form, &[one_column(Arc::clone(&array))]).unwrap())).remove(0);
        rows.column(0).as_string::<i32>().value(0).to_owned()
    });
    assert_eq!(texts, ["a\u{FFFD}b\u{FFFD}c\u{FFFD}d", "a\u{1}b\u{FFFD}c\u{FFFF}d"]);
}
