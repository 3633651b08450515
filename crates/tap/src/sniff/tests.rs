//! First bytes of real and odd answers.

use super::*;

fn whole(text: &str) -> Kind {
    sniff(text.as_bytes(), true).unwrap()
}

#[test]
fn roots_are_found_behind_what_may_precede_them() {
    let votable = Kind::Xml("VOTABLE".into());
    assert_eq!(whole("<VOTABLE>"), votable);
    assert_eq!(whole("\u{feff}\n<?xml version='1.0'?><!-- <html> --><vot:VOTABLE version='1.4'>"), votable);
    assert_eq!(whole("<!DOCTYPE VOTABLE SYSTEM 'x' [<!ENTITY a 'b'>]><VOTABLE/>"), votable);
}

#[test]
fn what_is_no_table_is_told_apart() {
    assert_eq!(whole("  \n"), Kind::Empty);
    assert_eq!(whole("<!DocType HTML PUBLIC>"), Kind::Html);
    assert_eq!(whole("<?xml version='1.0'?><html xmlns='x'>"), Kind::Html);
    assert_eq!(whole("{\"a\":1}"), Kind::Json);
    assert_eq!(whole("a,b\n1,2"), Kind::Text);
    assert_eq!(whole("\u{0}\u{1}"), Kind::Text);
}

#[test]
fn every_split_of_the_head_gives_the_same_verdict_or_none() {
    let text = b"<?xml version='1.0'?><!-- c --><!DOCTYPE VOTABLE><vot:VOTABLE x='1'>";
    for n in 0..text.len() {
        let verdict = sniff(&text[..n], false);
        assert!(verdict.is_none() || verdict == Some(Kind::Xml("VOTABLE".into())), "{n}: {verdict:?}");
    }
}

#[test]
fn a_head_that_never_ends_is_decided_all_the_same() {
    let endless = format!("<!--{}", "x".repeat(ENOUGH));
    assert_eq!(sniff(endless.as_bytes(), false), Some(Kind::Xml(String::new())));
}
