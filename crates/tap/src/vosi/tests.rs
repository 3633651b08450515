//! XML as services really write it, and as an attacker would.

use std::io::Read;

use super::tables::{TableSet, TablesReader};
use super::xml::{Doc, Trouble};

fn read(document: impl Read) -> Result<TableSet, Trouble> {
    TablesReader::new(100, 100).read(&mut Doc::new(document))
}

fn description(document: &[u8]) -> String {
    read(document).unwrap().tables().next().unwrap().description.clone().unwrap()
}

#[test]
fn references_sections_and_comments_make_one_text() {
    let document = "<table><description>a &lt; b &#233;<!-- no --> <![CDATA[<c> & d]]> <b>not</b> &unknown; e</description></table>";
    assert_eq!(description(document.as_bytes()), "a < b é <c> & d &unknown; e");
}

#[test]
fn latin_1_is_read_although_it_should_not_be_there() {
    let mut document = b"<?xml version='1.0' encoding='ISO-8859-1'?><table><description>V\xe9ron ".to_vec();
    document.extend_from_slice("– UTF-8 too</description></table>".as_bytes());
    assert_eq!(description(&document), "Véron – UTF-8 too");
}

/// Hands out one byte at a time.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.len().min(out.len()).min(1);
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

#[test]
fn characters_may_be_split_between_reads() {
    let document = "\u{feff}<table><description>é–😀</description></table>";
    let set = read(Drops(document.as_bytes())).unwrap();
    assert_eq!(set.tables().next().unwrap().description.as_deref(), Some("é–😀"));
}

#[test]
fn an_entity_bomb_stays_small() {
    let document = "<!DOCTYPE t [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><table><name>x</name><description>&b;</description></table>";
    assert_eq!(description(document.as_bytes()), "&b;");
}

#[test]
fn an_endless_tag_or_text_is_refused() {
    for start in ["<table><description>", "<table name='", "<!--", "<table><description><![CDATA["] {
        let endless = start.as_bytes().chain(std::io::repeat(b'x'));
        assert!(matches!(read(endless), Err(Trouble::TooMany { .. })), "{start}");
    }
}

#[test]
fn endless_nesting_is_no_recursion() {
    let deep = "<a>".repeat(200_000);
    assert!(matches!(read(format!("<tableset>{deep}").as_bytes()), Err(Trouble::Truncated { .. })));
}

#[test]
fn every_cut_of_a_document_is_an_error() {
    let document = "<?xml version='1.0'?><tableset><schema><name>s</name><table type='table'><name>t</name>\
        <column std='true'><name>c</name><dataType>int</dataType></column></table></schema></tableset>";
    for n in 0..document.len() {
        assert!(read(&document.as_bytes()[..n]).is_err(), "{n}");
    }
    assert_eq!(read(document.as_bytes()).unwrap().schemas[0].tables[0].columns.len(), 1);
}

#[test]
fn mismatched_tags_are_refused_with_a_place() {
    let error = read("<tableset><schema></tableset>".as_bytes()).unwrap_err();
    assert!(matches!(error, Trouble::Xml { at, .. } if at > 0), "{error}");
}

#[test]
fn tables_outside_schemas_and_single_schemas_are_kept() {
    let set = read("<tableset><table><name>a</name></table></tableset>".as_bytes()).unwrap();
    assert_eq!((set.schemas[0].name.as_str(), set.schemas[0].tables[0].name.as_str()), ("", "a"));
    let set = read("<schema><name>s</name><table><name>a</name></table></schema>".as_bytes()).unwrap();
    assert_eq!(set.schemas[0].name, "s");
}
