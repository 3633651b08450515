//! Faults name their line, column and reason, and the rows before them are not lost.

use std::io::{self, Read};

use votable::{Error, ErrorKind, Event, Limits, Reader};

use crate::documents::{Dribble, events_of, rows_of, table};

const FIELDS: &str = "<FIELD name='id' datatype='int'/><FIELD name='mag' datatype='float'/>";

/// Rows delivered before the fault in the third row, and the fault.
fn third_row(cells: &str) -> (usize, Error) {
    let rows = format!(
        "\n<TR><TD>1</TD><TD>1.5</TD></TR>\n<TR><TD>2</TD><TD/></TR>\n{cells}\n<TR><TD>4</TD><TD/></TR>\n"
    );
    let (events, error) = events_of(table(FIELDS, &rows).as_bytes(), usize::MAX);
    (rows_of(&events).iter().map(arrow_array::RecordBatch::num_rows).sum(), error.expect("an error"))
}

#[test]
fn a_wrong_cell_is_named() {
    let cases = [
        ("<TR><TD>3x</TD><TD/></TR>", "row 3, column \"id\": \"3x\" is not an int"),
        ("<TR><TD>3</TD><TD>1,5</TD></TR>", "row 3, column \"mag\": \"1,5\" is not a float"),
        ("<TR><TD>2147483648</TD><TD/></TR>", "\"2147483648\" is not an int"),
        ("<TR><TD>3.0</TD><TD/></TR>", "\"3.0\" is not an int"),
        ("<TR><TD>0x123456789</TD><TD/></TR>", "is not an int"),
        ("<TR><TD>3</TD></TR>", "row 3 has 1 cells but the table has 2 columns"),
        ("<TR/>", "row 3 has 0 cells"),
        ("<TR><TD>3</TD><TD/><TD/></TR>", "row 3 has 3 cells"),
        ("<TR><TD>&nbsp;</TD><TD/></TR>", "unknown entity"),
        ("<TR><TD>3 & 4</TD><TD/></TR>", "begins no entity"),
        ("<TR><TD>3<B/></TD><TD/></TR>", "element \"B\" inside a cell"),
        ("<TR>3<TD/><TD/></TR>", "text between cells"),
        ("<TR><TD>3</TD><TD/></TABLEDATA>", "end of element \"TABLEDATA\" inside a row"),
        ("<TD>3</TD>", "element \"TD\" where a row belongs"),
        ("<TR><TD a=<>3</TD><TD/></TR>", "a '<' inside a tag"),
    ];
    for (cells, reason) in cases {
        let (rows, error) = third_row(cells);
        assert!(error.to_string().contains(reason), "{cells}: {error}");
        assert_eq!((rows, error.line), (2, 4), "{cells}: {error}");
    }
}

#[test]
fn a_cut_document_says_so() {
    let document = table(FIELDS, "<TR><TD>1</TD><TD/></TR>\n<TR><TD>2</TD>");
    let (events, error) = events_of(&document.as_bytes()[..document.len() - 60], usize::MAX);
    assert_eq!(rows_of(&events)[0].num_rows(), 1);
    let error = error.unwrap();
    assert_eq!(error.to_string(), "line 2: the document ends inside TABLEDATA: it is cut off");
}

#[test]
fn a_cut_connection_says_so() {
    struct Cut<'a>(Dribble<'a>);
    impl Read for Cut<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            match self.0.read(out) {
                Ok(0) => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
                other => other,
            }
        }
    }
    let document = table(FIELDS, "<TR><TD>1</TD><TD/></TR><TR><TD>2</TD><TD/></TR>");
    for length in 0..document.len() - "</VOTABLE>".len() {
        let mut reader =
            Reader::new(Cut(Dribble { rest: &document.as_bytes()[..length], step: 100 }), Limits::default());
        let error = loop {
            match reader.next_event() {
                Ok(Some(_)) => {}
                Ok(None) => panic!("no error at {length}"),
                Err(error) => break error,
            }
        };
        assert!(
            matches!(&error.kind, ErrorKind::Io(source) if source.kind() == io::ErrorKind::ConnectionReset),
            "{length}: {error:?}"
        );
    }
}

#[test]
fn other_documents_are_named() {
    let cases: [(&[u8], &str); 8] = [
        (
            b"<!DOCTYPE html><html><body>502</body></html>",
            "this is not a VOTable: it begins with the element \"html\"",
        ),
        (b"<html>", "the element \"html\""),
        (b"\xEF\xBB\xBF \n ERROR: no such table", "\"ERROR: no such table\""),
        (b"{\"a\": 1}", "begins with"),
        (b"", "it is empty"),
        (b"\x1F\x8B\x08", "gzip"),
        (b"\xFF\xFE<\0", "UTF-16"),
        (b"<?xml version='1.0' encoding='EUC-JP'?><VOTABLE/>", "the encoding \"euc-jp\" is not read"),
    ];
    for (document, reason) in cases {
        let error = events_of(document, usize::MAX).1.unwrap();
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn markup_faults_have_lines() {
    let cases = [
        ("<VOTABLE>\n<RESOURCE>\n</TABLE>", 3, "malformed XML"),
        (
            "<VOTABLE>\n<RESOURCE><TABLE>\n<FIELD name='x' datatype='int4'/>",
            3,
            "column \"x\": datatype \"int4\"",
        ),
        (
            "<VOTABLE>\n<RESOURCE>\n<TABLE>\n<FIELD name='x' datatype='char' arraysize='8y'/>",
            4,
            "arraysize \"8y\"",
        ),
        ("<VOTABLE>\n\n<INFO a=b/>", 3, "malformed XML"),
        ("<VOTABLE>\n<RESOURCE>\n", 3, "the document ends inside RESOURCE"),
        ("<VOTABLE>\n<RESOURCE>\n<TAB", 3, "the document ends inside RESOURCE"),
    ];
    for (document, line, reason) in cases {
        let error = events_of(document.as_bytes(), usize::MAX).1.unwrap();
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(error.line, line, "{error}");
    }
}

#[test]
fn bytes_of_another_encoding_are_refused() {
    let text = table(
        "<FIELD name='t' datatype='char' arraysize='*'/>",
        "<TR><TD>ok</TD></TR>\n<TR><TD>caf@</TD></TR>",
    );
    let document: Vec<u8> = text.bytes().map(|byte| if byte == b'@' { 0xE9 } else { byte }).collect();
    let (events, error) = events_of(&document, usize::MAX);
    assert_eq!(rows_of(&events)[0].num_rows(), 1);
    let error = error.unwrap();
    assert!(error.line == 2 && error.to_string().contains("not UTF-8"), "{error}");
}

#[test]
fn binary_faults_are_named() {
    let document = |fields: &str, text: &str| {
        format!(
            "<VOTABLE><RESOURCE><TABLE>{fields}<DATA><BINARY>\n<STREAM encoding='base64'>\n{text}\n</STREAM></BINARY></DATA></TABLE></RESOURCE></VOTABLE>"
        )
    };
    let int = "<FIELD name='i' datatype='int'/>";
    let cases = [
        (int, "AAAA\nAQAA\nAAAA", 2, 5, "it ends inside row 3"),
        (int, "AAAAAQAA\n!AAA", 1, 4, "\"!AAA\" is not base64"),
        (
            "<FIELD name='b' datatype='boolean'/>",
            "VEZY",
            2,
            3,
            "row 3, column \"b\": byte 0x58 is not a boolean",
        ),
        (
            "<FIELD name='t' datatype='char' arraysize='*'/>",
            "AAAAAWH/////",
            1,
            3,
            "row 2 says an array of -1 values",
        ),
        ("<FIELD name='t' datatype='char' arraysize='*'/>", "f///\n/w==", 0, 3, "a cell is larger"),
        (
            "<FIELD name='a' datatype='int' arraysize='2x*'/>",
            "AAAAAQAAAAE=",
            0,
            3,
            "1 values are not a multiple of 2",
        ),
        ("", "AAAA", 0, 3, "there are bytes but the columns have none"),
    ];
    for (fields, text, rows, line, reason) in cases {
        let (events, error) = events_of(document(fields, text).as_bytes(), usize::MAX);
        let error = error.expect(text);
        let found: usize = rows_of(&events).iter().map(arrow_array::RecordBatch::num_rows).sum();
        assert!(error.to_string().contains(reason), "{text}: {error}");
        assert_eq!((found, error.line), (rows, line), "{text}: {error}");
    }
    let (events, error) = events_of(document(int, "").as_bytes(), usize::MAX);
    assert!(error.is_none() && matches!(events[events.len() - 2], Event::TableEnd { rows: 0 }));
}
