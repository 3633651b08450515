//! Any bytes give events or an error, the same ones however they arrive.

use std::io::Read;

use votable::{Event, Limits, Reader};

struct Steps<'a>(&'a [u8], usize);

impl Read for Steps<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.len().min(out.len()).min(self.1);
        out[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn read(document: &[u8], step: usize) -> (Vec<Event>, Option<String>) {
    let limits =
        Limits { batch_rows: 3, cell_bytes: 256, row_bytes: 1024, array_elements: 64, ..Limits::default() };
    let mut reader = Reader::new(Steps(document, step), limits);
    let mut events = Vec::new();
    loop {
        match reader.next_event() {
            Ok(Some(event)) => events.push(event),
            Ok(None) => return (events, None),
            Err(error) => return (events, Some(error.to_string())),
        }
    }
}

/// Panics where it does not hold.
pub(crate) fn check(document: &[u8]) {
    let whole = read(document, usize::MAX);
    assert_eq!(whole, read(document, 5));
}
