//! Every fixture cut at every byte, and changed at random: an answer or an error, never a panic, and always the
//! same however the bytes come.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use votable::{Event, Limits, Serialization, Writer};

use crate::documents::{Random, assert_same, events_of, events_within, fixtures, rows_of};

fn small() -> Limits {
    Limits { batch_rows: 2, cell_bytes: 4096, row_bytes: 16_384, array_elements: 1000, ..Limits::default() }
}

#[test]
fn events_do_not_depend_on_how_bytes_come() {
    for (name, document) in fixtures() {
        let whole = events_within(&document, usize::MAX, small());
        for step in [1, 7, 4096] {
            assert_same(&events_within(&document, step, small()), &whole, &format!("{name} by {step}"));
        }
    }
}

/// Some 700 kB: several windows of the readers' buffers.
fn large(form: Serialization) -> Vec<u8> {
    let mut random = Random(3);
    let numbers: Float64Array = (0..9000).map(|_| Some(random.next() as f64 / 7.0)).collect();
    let texts: StringArray =
        (0..9000).map(|_| (random.below(5) > 0).then(|| "Ωx<".repeat(random.below(20)))).collect();
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("number", Arc::new(numbers) as ArrayRef, true),
        ("text", Arc::new(texts), true),
    ]);
    let batch = batch.unwrap();
    let mut writer = Writer::new(Vec::new(), form, &batch.schema(), &[]).unwrap();
    writer.write(&batch).unwrap();
    writer.finish(&[]).unwrap()
}

#[test]
fn large_documents_do_not_depend_on_how_bytes_come() {
    for form in [Serialization::TableData, Serialization::Binary2] {
        let document = large(form);
        assert!(document.len() > 600_000, "{}", document.len());
        let mut broken = document.clone();
        broken[550_000..550_003].copy_from_slice(b"<&!");
        for document in [&document[..], &document[..500_001], &broken[..]] {
            let whole = events_of(document, usize::MAX);
            assert_eq!(
                whole.1.is_some(),
                document.len() < 600_000 || document[550_000..].starts_with(b"<&!")
            );
            for step in [113, 4096, 65_521] {
                assert_same(&events_of(document, step), &whole, &format!("{form:?} by {step}"));
            }
        }
    }
}

#[test]
fn every_cut_is_an_error_that_loses_no_row() {
    for (name, document) in fixtures() {
        let end = document.windows(10).rposition(|window| window == b"</VOTABLE>").unwrap() + 10;
        let (whole, error) = events_of(&document, usize::MAX);
        assert!(error.is_none(), "{name}: {error:?}");
        let whole = rows_of(&whole);
        // STILTS' files are close to astropy's: every third byte does.
        let step = if name.starts_with("astropy") { 1 } else { 3 };
        for length in (0..end).step_by(step) {
            let (events, error) = events_of(&document[..length], usize::MAX);
            assert!(error.is_some(), "{name} cut at {length}");
            for (found, expected) in rows_of(&events).iter().zip(&whole) {
                assert_eq!(found, &expected.slice(0, found.num_rows()), "{name} cut at {length}");
            }
        }
    }
}

/// A document with a few changes of the kinds that break parsers.
fn change(document: &[u8], random: &mut Random) -> Vec<u8> {
    let pieces: [&[u8]; 14] = [
        b"<",
        b">",
        b"&",
        b"'",
        b"</TD>",
        b"<TD>",
        b"<TR>",
        b"<!--",
        b"]]>",
        b"<![CDATA[",
        b"x*",
        b"9999999999",
        b"NaN",
        b"=",
    ];
    let mut changed = document.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(changed.len());
        match random.below(5) {
            0 => changed[at] = random.next() as u8,
            1 => drop(changed.remove(at)),
            2 => drop(changed.splice(at..at, pieces[random.below(pieces.len())].iter().copied())),
            3 => changed[at] ^= 1 << random.below(8),
            _ => {
                let end = (at + random.below(64)).min(changed.len());
                let copied = changed[at..end].to_vec();
                let to = random.below(changed.len());
                drop(changed.splice(to..to, copied));
            }
        }
    }
    changed
}

#[test]
fn changed_documents_never_panic() {
    let mut random = Random(20_261_122);
    let mut wrong = 0;
    for (name, document) in fixtures() {
        for _ in 0..200 {
            let changed = change(&document, &mut random);
            let whole = events_within(&changed, usize::MAX, small());
            assert_same(&events_within(&changed, 1 + random.below(64), small()), &whole, &name);
            let (events, error) = whole;
            wrong += usize::from(error.is_some());
            let rows: usize = rows_of(&events).iter().map(RecordBatch::num_rows).sum();
            let told: u64 =
                events.iter().map(|event| if let Event::TableEnd { rows } = event { *rows } else { 0 }).sum();
            assert!(rows as u64 >= told, "{name}");
        }
    }
    assert!(wrong > 100, "the changes do harm: {wrong}");
}

/// The first table of a document, written; `None` if it has none or cannot be.
fn rewrite(document: &[u8], form: Serialization) -> Option<Vec<u8>> {
    let (events, _) = events_of(document, usize::MAX);
    let mut writer = None;
    for event in events {
        match event {
            Event::TableStart(table) => {
                writer = Some(Writer::new(Vec::new(), form, &table.schema, &[]).ok()?);
            }
            Event::Batch(rows) => writer.as_mut()?.write(&rows).ok()?,
            Event::TableEnd { .. } => break,
            _ => {}
        }
    }
    writer?.finish(&[]).ok()
}

#[test]
fn what_was_read_and_written_reads_the_same() {
    let mut random = Random(5);
    let mut written = 0;
    for (name, document) in fixtures() {
        for _ in 0..60 {
            let changed = change(&document, &mut random);
            for form in [Serialization::TableData, Serialization::Binary2] {
                let Some(first) = rewrite(&changed, form) else { continue };
                let second = rewrite(&first, form);
                let at = second.iter().flatten().zip(&first).position(|(a, b)| a != b).unwrap_or(first.len());
                let shown =
                    String::from_utf8_lossy(&first[at.saturating_sub(80)..(at + 80).min(first.len())]);
                assert!(second.as_ref() == Some(&first), "{name} {form:?}, byte {at}: {shown}");
                written += 1;
            }
        }
    }
    assert!(written > 100, "many can be written: {written}");
}
