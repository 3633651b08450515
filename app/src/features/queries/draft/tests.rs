//! A draft survives its address, and says what the form says.

use super::{Draft, split_columns};
use crate::error::Error;
use crate::features::archives::model::{ColumnKind, ColumnView, TableSummary, TableView};
use crate::features::queries::model::LimitsView;

fn limits() -> LimitsView {
    LimitsView { rows: 10_000, rows_signed_in: 1_000_000, used_bytes: 0, quota_bytes: 1, kept_s: 86_400 }
}

fn column(name: &str, kind: ColumnKind, ucd: Option<&str>, principal: bool) -> ColumnView {
    ColumnView {
        name: name.into(),
        kind,
        datatype: "double".into(),
        unit: None,
        ucd: ucd.map(str::to_owned),
        description: None,
        principal,
        indexed: false,
    }
}

fn stars() -> TableView {
    TableView {
        table: TableSummary { name: "sky.stars".into(), description: None, rows: None, columns: None },
        columns: vec![
            column("id", ColumnKind::Integer, None, true),
            column("ra", ColumnKind::Number, Some("pos.eq.ra"), true),
            column("dec", ColumnKind::Number, Some("pos.eq.dec"), true),
            column("mag", ColumnKind::Number, None, false),
            column("\"odd, name\"", ColumnKind::Text, None, false),
        ],
    }
}

fn search(address: &str) -> &str {
    address.split_once('?').map_or("", |(_, search)| search)
}

#[test]
fn survives_its_address() {
    let draft = Draft {
        archive: "local".into(),
        table: "sky.stars".into(),
        target: "M 42 & co".into(),
        radius: Some("10 arcmin".into()),
        conditions: vec![("mag".into(), "< 12".into()), ("\"odd, name\"".into(), String::new())],
        columns: Some(vec!["id".into(), "\"odd, name\"".into()]),
        rows: Some("1,000".into()),
        adql: Some("SELECT *\nFROM t WHERE n LIKE '%fe%'".into()),
    };
    assert_eq!(Draft::read(search(&draft.address())), draft);
    assert_eq!(Draft::read(search(&Draft::default().address())), Draft::default());
}

#[test]
fn reads_what_the_plain_form_sends() {
    let draft =
        Draft::read("archive=local&table=sky.stars&c.mag=%3C+12&add=id&cols=&cols=ra&cols=dec&rows=50");
    assert_eq!(draft.conditions, [("mag".into(), "< 12".into()), ("id".into(), String::new())]);
    assert_eq!(draft.columns, Some(vec!["ra".into(), "dec".into()]));
    assert_eq!(Draft::read("cols=").columns, Some(vec![]), "no column ticked means all of them");
    assert_eq!(Draft::read("").columns, None, "nothing chosen yet means the recommended ones");
}

#[test]
fn the_form_says_what_it_means() {
    let mut draft = Draft { target: "M 42".into(), ..Draft::default() };
    draft.set_condition("mag", "< 12".into());
    let adql = draft.form_adql(&stars(), Some((83.8187, -5.3897)), &limits()).unwrap();
    assert_eq!(
        adql,
        "SELECT TOP 1000 id, ra, dec\nFROM sky.stars\n\
         WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 83.8187, -5.3897, 1))\n  AND mag < 12"
    );
}

#[test]
fn all_faults_at_once() {
    let mut draft = Draft {
        target: "M 42".into(),
        radius: Some("wide".into()),
        rows: Some("2,000,000".into()),
        ..Draft::default()
    };
    draft.set_condition("mag", "bright".into());
    let Err(Error::Invalid(faults)) = draft.form_adql(&stars(), None, &limits()) else {
        panic!("faults expected")
    };
    let fields: Vec<_> = faults.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["radius", "c.mag", "rows"]);
    assert!(faults[2].sentence.contains("10,000") && faults[2].sentence.contains("Sign in"), "{faults:?}");
}

#[test]
fn columns_keep_the_tables_order() {
    let mut draft = Draft::default();
    draft.want_column(&stars(), "mag", true);
    draft.want_column(&stars(), "id", false);
    assert_eq!(draft.columns(&stars()), ["ra", "dec", "mag"]);
    assert_eq!(Draft { columns: Some(vec!["gone".into()]), ..draft }.columns(&stars()), Vec::<String>::new());
}

#[test]
fn delimited_names_hold_commas() {
    assert_eq!(split_columns("a, \"b,c\" ,d").collect::<Vec<_>>(), ["a", "\"b,c\"", "d"]);
}
