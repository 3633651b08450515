//! The same table as astropy and STILTS write it in every serialization reads the same.

use arrow_array::{Array, RecordBatch};

use crate::documents::{events_of, fixtures, rows_of};

fn rows(name: &str) -> RecordBatch {
    let (_, document) = fixtures().into_iter().find(|(found, _)| found == name).unwrap();
    let (events, error) = events_of(&document, usize::MAX);
    assert!(error.is_none(), "{name}: {error:?}");
    let mut batches = rows_of(&events);
    assert_eq!(batches.len(), 1);
    batches.remove(0)
}

/// Columns that differ: names, in order.
fn differing(one: &RecordBatch, other: &RecordBatch) -> Vec<String> {
    assert_eq!(one.num_columns(), other.num_columns());
    let columns = one.columns().iter().zip(other.columns()).zip(one.schema_ref().fields());
    columns.filter(|((a, b), _)| a.to_data() != b.to_data()).map(|(_, field)| field.name().clone()).collect()
}

#[test]
fn astropys_forms_agree() {
    let text = rows("astropy_tabledata");
    assert_eq!((text.num_rows(), text.num_columns()), (3, 23));
    assert_eq!(text.schema().field(4).name(), "int");
    assert!(text.column(4).is_null(2) && text.column(0).is_null(2) && text.column(9).is_null(2));
    // BINARY2 tells an empty text or array from none; TABLEDATA does not.
    let told_apart = ["text", "bounded", "wide", "doubles", "shorts"];
    assert_eq!(differing(&text, &rows("astropy_binary2")), told_apart);
    // BINARY has no form for the missing int, and takes an empty text for none.
    assert_eq!(differing(&text, &rows("astropy_binary")), ["int", "doubles", "shorts"]);
}

#[test]
fn stilts_forms_agree() {
    let text = rows("stilts_tabledata");
    assert_eq!((text.num_rows(), text.num_columns()), (3, 23));
    assert_eq!(differing(&text, &rows("stilts_binary2")), Vec::<String>::new());
    // For BINARY it declares a null value, and here takes one that the table has.
    assert_eq!(
        differing(&text, &rows("stilts_binary")),
        ["unsignedByte", "int", "long", "doubles", "shorts"]
    );
}
