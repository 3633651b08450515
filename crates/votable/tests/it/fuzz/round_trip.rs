//! Whatever is read and can be written reads the same from both serializations.

use arrow_array::RecordBatch;
use votable::{Event, Limits, Reader, Serialization, Table, Writer};

/// The rows of the first table, with its fields.
fn read(document: &[u8]) -> Option<(Table, Vec<RecordBatch>)> {
    let mut reader = Reader::new(document, Limits::default());
    let (mut table, mut rows) = (None, Vec::new());
    while let Ok(Some(event)) = reader.next_event() {
        match event {
            Event::TableStart(start) => table = Some(start),
            Event::Batch(batch) => rows.push(batch),
            Event::TableEnd { .. } => break,
            _ => {}
        }
    }
    Some((table?, rows))
}

fn write(table: &Table, rows: &[RecordBatch], form: Serialization) -> Option<Vec<u8>> {
    let mut writer = Writer::new(Vec::new(), form, &table.schema, &[]).ok()?;
    for batch in rows {
        writer.write(batch).ok()?;
    }
    writer.finish(&[]).ok()
}

/// Panics where it does not hold.
pub(crate) fn check(document: &[u8]) {
    let Some((table, rows)) = read(document) else { return };
    for form in [Serialization::TableData, Serialization::Binary2] {
        // The first writing may change what has no form (control characters); the second may not.
        let Some(first) = write(&table, &rows, form) else { continue };
        let (table, rows) = read(&first).expect("what was written is a VOTable");
        let second = write(&table, &rows, form).expect("what was written can be written again");
        assert_eq!(first, second);
    }
}
