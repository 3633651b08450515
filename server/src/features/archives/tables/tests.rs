//! Names and searches.

use super::{Column, ColumnKind, Table, TableSet, split};

fn column(name: &str, ucd: &str, description: &str) -> Column {
    Column {
        name: name.into(),
        kind: ColumnKind::Number,
        datatype: "double".into(),
        unit: None,
        ucd: Some(ucd.into()),
        description: Some(description.into()),
        principal: true,
        indexed: false,
    }
}

fn table(name: &str, description: &str, columns: Option<Vec<Column>>) -> Table {
    Table {
        name: name.into(),
        description: Some(description.into()),
        rows: None,
        columns: columns.map(Into::into),
    }
}

fn set() -> TableSet {
    let flux = vec![column("flux_w1", "phot.flux", "Flux at 3.4 µm")];
    TableSet::new(
        vec![
            table("public.wise", "All-sky infrared survey", Some(flux)),
            table("\"I/239/hip_main\"", "The Hipparcos catalogue", None),
            table("infrared.sources", "Point sources", None),
        ],
        None,
    )
}

#[test]
fn finds_tables_whatever_the_case_and_quotes() {
    let set = set();
    assert_eq!(set.table("PUBLIC.Wise").map(|t| &*t.name), Some("public.wise"));
    assert_eq!(set.table("I/239/HIP_MAIN").map(|t| &*t.name), Some("\"I/239/hip_main\""));
    assert!(set.table("wise").is_none());
}

#[test]
fn searches_names_descriptions_and_columns() {
    let set = set();
    let found = |words: &str| {
        let (tables, matching) = set.search(words, 10);
        assert_eq!(tables.len() as u64, matching);
        tables.iter().map(|t| t.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("infrared"), ["infrared.sources", "public.wise"], "a name counts more");
    assert_eq!(found("WISE flux"), ["public.wise"]);
    assert_eq!(found("3.4 µM"), ["public.wise"]);
    assert_eq!(found("phot.flux"), ["public.wise"]);
    assert_eq!(found("hipparcos wise"), Vec::<String>::new());
    assert_eq!(found("").len(), 3);
    let (tables, matching) = set.search("", 2);
    assert_eq!((tables.len(), matching), (2, 3));
}

#[test]
fn columns_come_later() {
    let set = set();
    let known = set.with_table(table("\"I/239/hip_main\"", "", Some(vec![column("Vmag", "phot.mag", "")])));
    assert_eq!(known.tables().len(), 3);
    let names =
        |set: &TableSet| set.table("i/239/hip_main").and_then(|t| t.columns.as_ref().map(|c| c.len()));
    assert_eq!((names(&set), names(&known)), (None, Some(1)));
}

#[test]
fn splits_names() {
    assert_eq!(split("sky.stars"), (Some("sky".into()), "stars".into()));
    assert_eq!(split("\"I/239/hip.main\""), (None, "I/239/hip.main".into()));
    assert_eq!(split("cat.\"a.b\".\"c\""), (Some("a.b".into()), "c".into()));
}
