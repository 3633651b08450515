//! Places in texts, and which faults are certain.

use super::{byte_of, certain, named_place, placed};
use crate::features::archives::fault::ArchiveFault;
use crate::features::archives::tables::{Table, TableSet};

fn refusal(message: &str) -> ArchiveFault {
    ArchiveFault::SaidNo { archive: "Alpha".into(), message: message.into(), rows: 0 }
}

#[test]
fn reads_the_places_that_services_name() {
    for (message, place) in [
        ("Encountered \"FORM\" at line 1, column 10.", Some((1, 10))),
        ("Expected end of text, found 'FORM'  (at char 9), (line:1, col:10)", Some((1, 10))),
        ("Syntax error [l.1 c.8]", None),
        ("The line is busy", None),
        ("line 0, column 3", None),
    ] {
        assert_eq!(named_place(message), place, "{message}");
    }
}

#[test]
fn finds_the_word_at_a_place() {
    let text = "SELECT é, b\nFORM t";
    let word = |line, column| byte_of(text, line, column).map(|(a, b)| &text[a..b]);
    assert_eq!(word(1, 8), Some("é"));
    assert_eq!(word(1, 9), Some(","));
    assert_eq!(word(2, 1), Some("FORM"));
    assert_eq!(word(2, 7), Some(""));
    assert_eq!(word(2, 9), None);
    assert_eq!(word(9, 1), None);
}

#[test]
fn only_broken_syntax_is_certain() {
    for text in ["SELECT FROM t", "SELECT 'a FROM t", "SELECT a FROM t WHERE", "SELECT a FROM \"t"] {
        assert!(certain(text).is_some(), "{text}");
    }
    for text in [
        "SELECT a FROM t WHERE 1 = INTERSECTS(BOX('ICRS', 1, 2, 3, 4), p)",
        "SELECT gaia_healpix_index(4, source_id) FROM gaiadr3.gaia_source",
        "SELECT TOP 5 * FROM \"J/A+A/608/A2/udf10\"",
    ] {
        assert!(certain(text).is_none(), "{text}: {:?}", certain(text));
    }
}

#[test]
fn a_refusal_gets_its_place() {
    let table = |name: &str| Table { name: name.into(), description: None, rows: None, columns: None };
    let tables = TableSet::new(vec![table("public.basic"), table("public.ident")], None);
    let text = "SELECT ra FROM public.basik";
    let ArchiveFault::Adql(fault) = placed(text, refusal("No such table."), Some(&tables)) else {
        panic!("no place")
    };
    assert_eq!(&text[fault.start..fault.end], "public.basik");
    assert_eq!(fault.nearest, ["public.basic"]);
    assert!(fault.sentence.contains("“No such table.”") && fault.sentence.contains("Did you mean"));

    let text = "SELECT b.year, b.oid FROM public.ident AS i, public.basi AS b";
    let ArchiveFault::Adql(fault) = placed(text, refusal("No."), Some(&tables)) else { panic!("no place") };
    assert_eq!(
        &text[fault.start..fault.end],
        "public.basi",
        "reserved words before it do not move the place"
    );

    let text = "SELECT ra FROM public.basic WHERE";
    let said = refusal("Encountered \"<EOF>\" at line 1, column 34");
    let ArchiveFault::Adql(fault) = placed(text, said, Some(&tables)) else { panic!("no place") };
    assert_eq!((fault.start, fault.end, fault.column), (33, 33, 34));

    assert!(matches!(placed(text, refusal("Out of luck"), None), ArchiveFault::SaidNo { .. }));
    let late =
        ArchiveFault::SaidNo { archive: "Alpha".into(), message: "at line 1, column 1".into(), rows: 7 };
    assert!(matches!(placed(text, late, None), ArchiveFault::SaidNo { rows: 7, .. }));
}
