//! The form says in ADQL what its fields say.

use super::{GuidedForm, parse_radius};
use crate::error::Error;
use crate::features::archives::model::{ColumnKind, ColumnView, TableSummary, TableView};

fn column(name: &str, kind: ColumnKind, ucd: &str) -> ColumnView {
    ColumnView {
        name: name.into(),
        kind,
        datatype: "double".into(),
        unit: None,
        ucd: Some(ucd.into()),
        description: None,
        principal: true,
        indexed: false,
    }
}

fn stars() -> TableView {
    TableView {
        table: TableSummary { name: "demo.stars".into(), description: None, rows: None, columns: None },
        columns: vec![
            column("ra", ColumnKind::Number, "pos.eq.ra;meta.main"),
            column("dec", ColumnKind::Number, "pos.eq.dec;meta.main"),
            column("mag", ColumnKind::Number, "phot.mag"),
            column("\"Name\"", ColumnKind::Text, "meta.id"),
        ],
    }
}

#[test]
fn writes_a_cone_with_conditions() {
    let form = GuidedForm {
        target: "M 42".into(),
        center: Some((83.8187, -5.3897)),
        radius: "3 deg".into(),
        conditions: vec![
            ("mag".into(), "< 12".into()),
            ("\"Name\"".into(), "= x".into()),
            ("dec".into(), " ".into()),
        ],
        columns: vec!["ra".into(), "dec".into()],
        rows: Some(10_000),
    };
    assert_eq!(
        form.to_adql(&stars()).unwrap(),
        "SELECT TOP 10000 ra, dec\nFROM demo.stars\nWHERE 1 = CONTAINS(POINT('ICRS', ra, dec), \
         CIRCLE('ICRS', 83.8187, -5.3897, 3))\n  AND mag < 12\n  AND \"Name\" = 'x'"
    );
    assert_eq!(GuidedForm::default().to_adql(&stars()).unwrap(), "SELECT *\nFROM demo.stars");
}

#[test]
fn names_every_wrong_field() {
    let form = GuidedForm {
        target: "M 42".into(),
        radius: "3 parsec".into(),
        conditions: vec![("mag".into(), "bright".into())],
        ..GuidedForm::default()
    };
    let error = form.to_adql(&stars()).unwrap_err();
    assert!(error.of_field("radius").is_some() && error.of_field("c.mag").is_some(), "{error:?}");
    let unresolved = GuidedForm { target: "M 42".into(), radius: "1".into(), ..GuidedForm::default() };
    assert!(matches!(unresolved.to_adql(&stars()), Err(Error::Invalid(f)) if f[0].field == "target"));
}

#[test]
fn reads_radii() {
    assert_eq!(parse_radius("3"), Ok(3.0));
    assert_eq!(parse_radius("30 arcmin"), Ok(0.5));
    assert_eq!(parse_radius("36\""), Ok(0.01));
    for wrong in ["", "0", "-1", "181", "1 km", "deg", "nan"] {
        assert!(parse_radius(wrong).is_err(), "{wrong}");
    }
}
