//! Documents that mean harm are refused before they cost much.

use std::io::{self, Read};

use votable::{Error, ErrorKind, Event, Limits, Reader};

use crate::documents::{assert_same, events_of, events_within, rows_of, table};

fn error_of(document: &str) -> Error {
    events_of(document.as_bytes(), usize::MAX).1.expect("an error")
}

/// Endless: a beginning, then the same bytes for ever. Counts what was taken.
struct Endless {
    head: Vec<u8>,
    again: &'static [u8],
    taken: usize,
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        for byte in out.iter_mut() {
            *byte = match self.head.get(self.taken) {
                Some(byte) => *byte,
                None => self.again[(self.taken - self.head.len()) % self.again.len()],
            };
            self.taken += 1;
        }
        Ok(out.len())
    }
}

/// Reads an endless document until it is refused; gives the error and the bytes it took.
fn refuse(head: &str, again: &'static [u8]) -> (Error, usize) {
    let mut input = Endless { head: head.into(), again, taken: 0 };
    let limits = Limits { cell_bytes: 1 << 20, row_bytes: 2 << 20, ..Limits::default() };
    let mut reader = Reader::new(&mut input, limits);
    let error = loop {
        match reader.next_event() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("not refused"),
            Err(error) => break error,
        }
    };
    drop(reader);
    (error, input.taken)
}

#[test]
fn endless_pieces_are_refused_early() {
    let data = "<VOTABLE><RESOURCE><TABLE><FIELD name='t' datatype='char' arraysize='*'/><DATA>";
    let binary = format!("{data}<BINARY><STREAM encoding='base64'>");
    let cases: [(&str, &'static [u8]); 14] = [
        ("<VOTABLE ", b"a='b' "),
        ("<VOTABLE a='", b"x"),
        ("<VOTABLE", b"x"),
        ("<!--", b" "),
        ("<?x", b"y"),
        ("<VOTABLE><DESCRIPTION>", b"text "),
        ("<VOTABLE><DESCRIPTION>", b"<![CDATA[text]]>"),
        ("<VOTABLE><INFO>", b"&amp;"),
        ("", b"<VOTABLE>"),
        (&format!("{data}<TABLEDATA><TR><TD>"), b"x"),
        (&format!("{data}<TABLEDATA><TR><TD>"), b"&#65;"),
        (&format!("{data}<TABLEDATA><TR><TD"), b" a='b'"),
        (&format!("{data}<TABLEDATA>"), b" "),
        // A text of 2,147,483,647 characters, and they come.
        (&format!("{binary}f///"), b"////"),
    ];
    for (head, again) in cases {
        let (error, taken) = refuse(head, again);
        assert!(matches!(error.kind, ErrorKind::TooLarge { .. }), "{head}: {error:?}");
        assert!(taken < 8 << 20, "{head}: took {taken} bytes");
    }
}

#[test]
fn prologue_of_nothing_is_refused() {
    let (error, taken) = refuse("", b" ");
    assert!(matches!(error.kind, ErrorKind::TooLarge { .. }), "{error:?}");
    assert!(taken < 4 << 20);
}

#[test]
fn entity_bombs_are_refused() {
    let error = error_of(
        "<!DOCTYPE VOTABLE [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><VOTABLE><DESCRIPTION>&b;</DESCRIPTION></VOTABLE>",
    );
    assert!(matches!(error.kind, ErrorKind::Doctype), "{error:?}");
    // A mere name of a DTD is harmless and never fetched; an entity it might have defined is unknown.
    let error = error_of(
        "<!DOCTYPE VOTABLE SYSTEM 'http://us-vo.org/xml/VOTable.dtd'><VOTABLE><INFO>&x;</INFO></VOTABLE>",
    );
    assert!(error.to_string().contains("unknown entity"), "{error}");
}

#[test]
fn declared_sizes_cost_nothing() {
    for arraysize in
        ["1000000000", "99999999999999999999", "65536x65536x65536", "1048576x2", "0", "x", "*x2", "-1", "3.5"]
    {
        let fields = format!("<FIELD name='a' datatype='double' arraysize='{arraysize}'/>");
        let error = error_of(&table(&fields, "<TR><TD/></TR>"));
        let refused = matches!(error.kind, ErrorKind::TooLarge { .. } | ErrorKind::Field { .. });
        assert!(refused, "{arraysize}: {error:?}");
    }
    // nrows is a claim and nothing else.
    let document = table("<FIELD name='a' datatype='int'/>", "<TR><TD>1</TD></TR>")
        .replace("<TABLE>", "<TABLE nrows='18446744073709551615'>");
    assert!(events_of(document.as_bytes(), usize::MAX).1.is_none());
}

#[test]
fn short_rows_of_large_arrays_stay_within_a_batch() {
    let fields = "<FIELD name='a' datatype='double' arraysize='100000'/>";
    let rows = "<TR><TD/></TR>".repeat(200);
    let (events, error) = events_of(table(fields, &rows).as_bytes(), usize::MAX);
    assert!(error.is_none());
    let batches = rows_of(&events);
    assert_eq!(batches.iter().map(arrow_array::RecordBatch::num_rows).sum::<usize>(), 200);
    for batch in batches {
        assert!(batch.get_array_memory_size() < 40 << 20, "{}", batch.get_array_memory_size());
    }
}

#[test]
fn limits_are_exact_however_the_bytes_come() {
    let limits = Limits { cell_bytes: 40, row_bytes: 100, batch_rows: 2, ..Limits::default() };
    for cell in [30, 40, 41, 60, 120] {
        let rows = format!("<TR><TD>a</TD></TR><TR><TD>{}</TD></TR>", "x".repeat(cell));
        let document = table("<FIELD name='t' datatype='char' arraysize='*'/>", &rows);
        let whole = events_within(document.as_bytes(), usize::MAX, limits.clone());
        let parts = events_within(document.as_bytes(), 3, limits.clone());
        assert_eq!(whole.1.is_some(), cell > 40, "{cell}: {:?}", whole.1);
        assert_same(&whole, &parts, &format!("a cell of {cell}"));
    }
}

#[test]
fn depth_and_numbers_are_limited() {
    let deep = format!("<VOTABLE>{}", "<RESOURCE>".repeat(100));
    assert!(matches!(error_of(&deep).kind, ErrorKind::TooLarge { .. }));
    let skipped = format!("<VOTABLE><GROUP>{}", "<GROUP>".repeat(100));
    assert!(matches!(error_of(&skipped).kind, ErrorKind::TooLarge { .. }));
    let attributes = (0..1000).map(|at| format!(" a{at}=''")).collect::<Vec<_>>().concat();
    assert!(matches!(error_of(&format!("<VOTABLE{attributes}>")).kind, ErrorKind::TooLarge { .. }));
    let described = format!("<FIELD name='a' datatype='int' ucd='{}'/>", "x".repeat(60_000)).repeat(300);
    assert!(matches!(error_of(&table(&described, "")).kind, ErrorKind::TooLarge { .. }));
    let fields = "<FIELD name='a' datatype='int'/>".repeat(10_001);
    assert!(matches!(error_of(&table(&fields, "")).kind, ErrorKind::TooLarge { .. }));
}

#[test]
fn remote_and_foreign_data_are_not_fetched() {
    let data = |data: &str| {
        format!(
            "<VOTABLE><RESOURCE><TABLE><FIELD name='a' datatype='int'/><DATA>{data}</DATA></TABLE></RESOURCE></VOTABLE>"
        )
    };
    let cases = [
        "<FITS><STREAM href='http://example.org/x.fits'/></FITS>",
        "<BINARY><STREAM href='file:///etc/passwd'/></BINARY>",
        "<BINARY2><STREAM encoding='gzip'>AAAA</STREAM></BINARY2>",
        "<TABLEDATA><TR><TD encoding='base64'>AAAA</TD></TR></TABLEDATA>",
        "<BINARY><STREAM encoding='base64'><![CDATA[AAAA]]></STREAM></BINARY>",
    ];
    for case in cases {
        let error = error_of(&data(case));
        assert!(matches!(error.kind, ErrorKind::NotSupported(_)), "{case}: {error:?}");
    }
    let error = error_of(&data("<TABLEDAT><TR><TD>1</TD></TR></TABLEDAT>"));
    assert!(matches!(error.kind, ErrorKind::Xml(_)), "{error:?}");
}

#[test]
fn no_event_is_lost_before_a_refusal() {
    let document =
        table("<FIELD name='t' datatype='char' arraysize='*'/>", &format!("<TR><TD>{}", "x".repeat(200)));
    let limits = Limits { cell_bytes: 100, ..Limits::default() };
    let (events, error) = events_within(document.as_bytes(), usize::MAX, limits);
    assert!(matches!(events.last(), Some(Event::TableStart(_))));
    assert!(matches!(error.map(|error| error.kind), Some(ErrorKind::TooLarge { .. })));
}
