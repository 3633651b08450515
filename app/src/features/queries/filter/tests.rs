//! Typed conditions mean what people mean by them.

use super::{Comparison, Condition, Filter};

#[test]
fn reads_conditions_on_numbers() {
    let read = |text| Condition::parse(text, true);
    assert_eq!(read("< 12"), Ok(Some(Condition::Compare(Comparison::Less, 12.0))));
    assert_eq!(read(">=-3.5e1"), Ok(Some(Condition::Compare(Comparison::AtLeast, -35.0))));
    assert_eq!(read("7"), Ok(Some(Condition::Compare(Comparison::Equal, 7.0))));
    assert_eq!(read("-5..-3"), Ok(Some(Condition::Between(-5.0, -3.0))));
    assert_eq!(read("missing"), Ok(Some(Condition::Missing)));
    assert_eq!(read("  "), Ok(None));
    for wrong in ["<", "abc", "1..", "< nan", "5..3", "inf"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn reads_conditions_on_text() {
    let read = |text| Condition::parse(text, false);
    assert_eq!(read("Ori"), Ok(Some(Condition::Contains("Ori".into()))));
    assert_eq!(read("= M 42"), Ok(Some(Condition::Is("M 42".into()))));
    assert_eq!(read("!=x"), Ok(Some(Condition::IsNot("x".into()))));
}

#[test]
fn writes_adql_that_cannot_be_broken_out_of() {
    assert_eq!(Condition::Is("Barnard's".into()).to_adql("name"), "name = 'Barnard''s'");
    assert_eq!(Condition::Compare(Comparison::Less, 12.0).to_adql("mag"), "mag < 12");
    assert_eq!(Condition::Contains("O'R".into()).to_adql("n"), "LOWER(n) LIKE '%o''r%'");
}

#[test]
fn filters_survive_an_address() {
    let filters = vec![
        Filter { column: "mag".into(), text: "< 12".into() },
        Filter { column: "a b".into(), text: "= x:y".into() },
    ];
    assert_eq!(Filter::parse_all(&Filter::write_all(&filters)), Ok(filters));
    assert!(Filter::parse_all("no colon").is_err());
}
