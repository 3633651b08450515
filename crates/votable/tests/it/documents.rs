//! Documents and events for the other tests.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use arrow_array::RecordBatch;
use votable::{Error, Event, Limits, Reader};

/// A document of one table.
pub(crate) fn table(fields: &str, rows: &str) -> String {
    format!(
        "<VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\"><RESOURCE><TABLE>{fields}\
         <DATA><TABLEDATA>{rows}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>"
    )
}

/// All events of a document that is right.
pub(crate) fn events(document: &str) -> Vec<Event> {
    let (events, error) = events_of(document.as_bytes(), usize::MAX);
    assert!(error.is_none(), "{error:?} after {events:?}");
    events
}

/// All events, and the error that ended them, from an input that gives at most `step` bytes at a time.
pub(crate) fn events_of(document: &[u8], step: usize) -> (Vec<Event>, Option<Error>) {
    events_within(document, step, Limits::default())
}

/// The same with other limits.
pub(crate) fn events_within(document: &[u8], step: usize, limits: Limits) -> (Vec<Event>, Option<Error>) {
    let mut reader = Reader::new(Dribble { rest: document, step }, limits);
    let mut events = Vec::new();
    loop {
        match reader.next_event() {
            Ok(Some(event)) => events.push(event),
            Ok(None) => return (events, None),
            Err(error) => {
                assert!(matches!(reader.next_event(), Ok(None)), "nothing comes after an error");
                return (events, Some(error));
            }
        }
    }
}

/// Both readings gave the same events and the same error.
pub(crate) fn assert_same(
    one: &(Vec<Event>, Option<Error>),
    other: &(Vec<Event>, Option<Error>),
    what: &str,
) {
    assert!(one.0 == other.0, "{what}: other events");
    assert_eq!(format!("{:?}", one.1), format!("{:?}", other.1), "{what}");
}

/// The batches among events.
pub(crate) fn rows_of(events: &[Event]) -> Vec<RecordBatch> {
    let rows = events.iter().filter_map(|event| match event {
        Event::Batch(rows) => Some(rows.clone()),
        _ => None,
    });
    rows.collect()
}

/// The committed fixtures by name.
pub(crate) fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "vot"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    found.sort();
    assert!(found.len() >= 6, "the fixtures are there");
    found
}

/// An input that gives few bytes at a time.
pub(crate) struct Dribble<'a> {
    pub(crate) rest: &'a [u8],
    pub(crate) step: usize,
}

impl Read for Dribble<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.rest.len().min(out.len()).min(self.step);
        let (now, later) = self.rest.split_at(count);
        out[..count].copy_from_slice(now);
        self.rest = later;
        Ok(count)
    }
}

/// A small generator (splitmix64), seeded: the same cases on every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}
