//! Translated queries give the right answers in the real engine.
#![expect(clippy::expect_used, reason = "a test that cannot go on should stop")]

use std::sync::Arc;

use adql::{Catalogue, Column, Kind, Options, Table, parse, sky_distance, translate};
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use datafusion::prelude::{SessionConfig, SessionContext};

/// Stars around the zero of right ascension and the north pole, and one without a position.
fn stars() -> RecordBatch {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from(vec![1, 2, 3, 4, 5, 6, 7, 8]))),
        (
            "RA",
            Arc::new(Float64Array::from(vec![
                Some(359.9),
                Some(0.1),
                Some(-0.05),
                Some(180.0),
                Some(45.0),
                Some(225.0),
                Some(10.0),
                None,
            ])),
        ),
        (
            "dec",
            Arc::new(Float64Array::from(vec![
                Some(0.0),
                Some(0.0),
                Some(0.1),
                Some(0.0),
                Some(89.9),
                Some(89.95),
                Some(-45.0),
                Some(0.0),
            ])),
        ),
        (
            "mag",
            Arc::new(Float32Array::from(vec![
                Some(1.5),
                Some(2.5),
                None,
                Some(4.0),
                Some(-1.0),
                Some(2.5),
                Some(0.0),
                Some(9.0),
            ])),
        ),
        (
            "Name",
            Arc::new(StringArray::from(vec![
                Some("Alpha"),
                Some("Barnard's star"),
                None,
                Some("100%"),
                Some("beta"),
                Some("a_b"),
                Some("aXb"),
                Some("gamma"),
            ])),
        ),
        (
            "double star",
            Arc::new(BooleanArray::from(vec![
                Some(true),
                Some(false),
                None,
                Some(true),
                Some(false),
                Some(false),
                Some(true),
                Some(false),
            ])),
        ),
        ("size", Arc::new(Int64Array::from(vec![7, -7, 0, 3, 2, 1, 9_007_199_254_740_993, 5]))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .expect("columns of one length")
}

fn marks() -> RecordBatch {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from(vec![Some(1), Some(1), Some(5), Some(99), None]))),
        ("label", Arc::new(StringArray::from(vec!["Sirrah", "Alpheratz", "Polaris", "nowhere", "nothing"]))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .expect("columns of one length")
}

fn kind(data_type: &DataType) -> Kind {
    match data_type {
        DataType::Int64 => Kind::Integer,
        DataType::Float32 | DataType::Float64 => Kind::Number,
        DataType::Boolean => Kind::Boolean,
        DataType::Utf8 => Kind::Text,
        _ => Kind::Other,
    }
}

/// What a host does: the function that the translation needs, over columns.
fn sky_distance_function() -> ScalarUDF {
    let arguments = vec![DataType::Float64; 4];
    let compute = |arguments: &[ColumnarValue]| {
        let arrays = ColumnarValue::values_to_arrays(arguments)?;
        let columns: Vec<&Float64Array> = arrays.iter().map(AsArray::as_primitive::<Float64Type>).collect();
        let [lon1, lat1, lon2, lat2] = columns.as_slice() else { unreachable!("the signature says four") };
        let rows = lon1.iter().zip(lat1.iter()).zip(lon2.iter().zip(lat2.iter()));
        let distances: Float64Array =
            rows.map(|((a, b), (c, d))| Some(sky_distance(a?, b?, c?, d?))).collect();
        Ok(ColumnarValue::Array(Arc::new(distances) as ArrayRef))
    };
    create_udf("sky_distance", arguments, DataType::Float64, Volatility::Immutable, Arc::new(compute))
}

struct Archive {
    context: SessionContext,
    catalogue: Catalogue,
}

impl Archive {
    async fn open() -> Self {
        let config = SessionConfig::new()
            .set_usize("datafusion.sql_parser.recursion_limit", adql::SQL_RECURSION_LIMIT);
        let context = SessionContext::new_with_config(config);
        context.register_udf(sky_distance_function());
        context.sql(r#"CREATE SCHEMA "Sky""#).await.expect("a schema").collect().await.expect("a schema");
        let mut tables = Vec::new();
        for (name, batch) in [("Stars", stars()), ("marks", marks())] {
            let columns = batch.schema();
            let columns = columns.fields().iter();
            tables.push(Table::new(
                "Sky",
                name,
                columns.map(|field| Column::new(field.name(), kind(field.data_type()))).collect(),
            ));
            let reference = datafusion::common::TableReference::partial("Sky", name);
            let table = datafusion::datasource::MemTable::try_new(batch.schema(), vec![vec![batch]]);
            context.register_table(reference, Arc::new(table.expect("a table"))).expect("registered");
        }
        Self { context, catalogue: Catalogue::new(tables) }
    }

    /// The answer as lines of values between bars, in the order given.
    async fn ask(&self, query: &str) -> Vec<String> {
        let parsed = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        let translated = translate(&parsed, &self.catalogue, Options::default())
            .unwrap_or_else(|error| panic!("{query}: {error}"));
        let sql = &translated.sql;
        let frame = self.context.sql(sql).await.unwrap_or_else(|error| panic!("{query}\n{sql}\n{error}"));
        let marks: Vec<String> =
            frame.schema().fields().iter().map(|field| field.name().to_owned()).collect();
        let promised: Vec<String> = translated.columns.iter().map(|column| column.name.clone()).collect();
        assert_eq!(marks, promised, "{query}");
        let batches = frame.collect().await.unwrap_or_else(|error| panic!("{query}\n{sql}\n{error}"));
        let mut lines = Vec::new();
        for batch in batches {
            for row in 0..batch.num_rows() {
                let value = |column: &ArrayRef| {
                    if column.is_null(row) {
                        "NULL".to_owned()
                    } else {
                        array_value_to_string(column, row).expect("a printable value")
                    }
                };
                lines.push(batch.columns().iter().map(value).collect::<Vec<_>>().join("|"));
            }
        }
        lines
    }

    async fn check(&self, query: &str, expected: &[&str]) {
        assert_eq!(self.ask(query).await, expected, "{query}");
    }

    /// The one number of an answer.
    async fn number(&self, expression: &str) -> f64 {
        let query = format!("SELECT TOP 1 {expression} FROM Stars");
        let lines = self.ask(&query).await;
        lines[0].parse().unwrap_or_else(|_| panic!("{query} gave {}", lines[0]))
    }
}

#[tokio::test]
async fn cones_hold_what_lies_in_them() {
    let archive = Archive::open().await;
    let cone = |cone: &str| {
        format!("SELECT id FROM Stars WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE({cone})) ORDER BY id")
    };
    // Across RA = 0, whether a table counts from 0 or from -180, and whichever way the centre is written.
    for centre in ["0, 0", "360, 0", "-360.0, 0", "'', 0, 0", "POINT(0, 0)", "'ICRS', POINT(0, 0)"] {
        archive.check(&cone(&format!("{centre}, 0.2")), &["1", "2", "3"]).await;
    }
    archive.check(&cone("359.95, 0, 3.1/60"), &["1"]).await;
    archive.check(&cone("0, 90, 0.2"), &["5", "6"]).await;
    archive.check(&cone("45, 89.95, 0.06"), &["5"]).await;
    archive.check(&cone("225, 89.9, 0.06"), &["6"]).await;
    archive.check(&cone("190, -45.0, 179.9"), &["1", "2", "3", "4", "5", "6", "7"]).await;
    archive.check(&cone("0, 0, 180"), &["1", "2", "3", "4", "5", "6", "7"]).await;
    archive.check(&cone("10, -45, 0"), &["7"]).await;
    archive.check(&cone("10, -45, -1"), &[]).await;
}

#[tokio::test]
async fn a_row_without_position_is_in_no_cone() {
    let archive = Archive::open().await;
    let contains = "CONTAINS(POINT(ra, dec), CIRCLE(0, 0, 0.2))";
    let inside = ["1", "2", "3"];
    let outside = ["4", "5", "6", "7", "8"];
    for (condition, expected) in [
        (format!("{contains} = 1"), &inside[..]),
        (format!("1 = {contains}"), &inside),
        (format!("{contains} <> 0"), &inside),
        (format!("NOT {contains} = 0"), &inside),
        (format!("{contains} > 0"), &inside),
        (format!("{contains} = 0"), &outside),
        (format!("0 = {contains}"), &outside),
        (format!("{contains} != 1"), &outside),
        (format!("NOT ({contains} = 1)"), &outside),
        (format!("NOT ({contains} = 1 OR id = 99)"), &outside),
    ] {
        archive.check(&format!("SELECT id FROM Stars WHERE {condition} ORDER BY id"), expected).await;
    }
    archive.check("SELECT COUNT(*) FROM Stars WHERE NOT DISTANCE(ra, dec, 0, 45) < 1", &["7"]).await;
    archive
        .check(
            &format!("SELECT {contains}, COUNT(*) FROM Stars GROUP BY {contains} ORDER BY 1"),
            &["0|5", "1|3"],
        )
        .await;
}

#[tokio::test]
async fn distances_are_great_circles() {
    let archive = Archive::open().await;
    archive
        .check(
            "SELECT id FROM Stars WHERE DISTANCE(POINT(ra, dec), POINT(0, 0)) < 0.105 ORDER BY 1",
            &["1", "2"],
        )
        .await;
    archive.check("SELECT id FROM Stars WHERE 0.11 >= DISTANCE(0, 0, ra, dec) ORDER BY 1", &["1", "2"]).await;
    archive.check(
        "SELECT a.id, b.id FROM Stars a JOIN Stars b ON DISTANCE(POINT(a.ra, a.dec), POINT(b.ra, b.dec)) < 0.201 WHERE a.id < b.id ORDER BY 1, 2",
        &["1|2", "1|3", "2|3", "5|6"],
    ).await;
    for (expression, expected) in [
        ("DISTANCE(0, 0, 90, 0)", 90.0),
        ("DISTANCE(POINT(10, 89), POINT(190, 89))", 2.0),
        ("DISTANCE(1, 1, 181, -1)", 180.0),
        ("COORD1(POINT('ICRS', 12.5, -3)) + COORD2(POINT(1, -3))", 9.5),
    ] {
        let found = archive.number(expression).await;
        assert!((found - expected).abs() < 1e-12, "{expression} gave {found}");
    }
}

#[tokio::test]
async fn mathematics_agrees_with_rust() {
    let archive = Archive::open().await;
    for (expression, expected) in [
        ("ABS(-3.5)", 3.5),
        ("ACOS(0.5)", 0.5_f64.acos()),
        ("ASIN(0.5)", 0.5_f64.asin()),
        ("ATAN(2)", 2_f64.atan()),
        ("ATAN2(1, -2)", 1_f64.atan2(-2.0)),
        ("CEILING(-1.5)", -1.0),
        ("COS(1)", 1_f64.cos()),
        ("COT(1)", 1.0 / 1_f64.tan()),
        ("DEGREES(PI())", 180.0),
        ("EXP(1)", 1_f64.exp()),
        ("FLOOR(-1.5)", -2.0),
        ("LOG(10)", 10_f64.ln()),
        ("LOG10(1000)", 3.0),
        ("MOD(-7, 3)", -1.0),
        ("MOD(7.5, -2)", 1.5),
        ("MOD(7, 2.5)", 2.0),
        ("POWER(2, -2)", 0.25),
        ("RADIANS(180)", std::f64::consts::PI),
        ("ROUND(2.5)", 3.0),
        ("ROUND(2.71828, 2)", 2.72),
        ("ROUND(1250.0, -2)", 1300.0),
        ("ROUND(-1249, -2)", -1200.0),
        ("TRUNCATE(-1.99)", -1.0),
        ("TRUNCATE(7.65439, 3)", 7.654),
        ("TRUNCATE(1299 + 0, -2)", 1200.0),
        ("SIN(1)", 1_f64.sin()),
        ("SQRT(2)", 2_f64.sqrt()),
        ("TAN(1)", 1_f64.tan()),
        ("7 / 2", 3.0),
        ("-7 / 2", -3.0),
        ("7 / 2.0", 3.5),
        ("1 + 2 - 6 / 2", 0.0),
        ("2 - (3 - 4)", 3.0),
        ("8 / (4 / 2)", 4.0),
        ("- (2 + 3) * -4", 20.0),
        ("2 - -3", 5.0),
        ("0xFF + 1e2", 355.0),
        (".5e-1 * 2.", 0.1),
        ("CEILING(412.6) / 100", 4.13),
        ("0 * RAND() + RAND(5) * 0", 0.0),
    ] {
        let found = archive.number(expression).await;
        assert!(
            (found - expected).abs() <= 1e-13 * expected.abs().max(1.0),
            "{expression} gave {found}, not {expected}"
        );
    }
}

#[tokio::test]
async fn what_has_no_value_is_null() {
    let archive = Archive::open().await;
    for expression in [
        "1 / 0",
        "1.0 / 0",
        "1 / (id - id)",
        "MOD(1, 0)",
        "MOD(1.5, 0)",
        "MOD(id, id - id)",
        "SQRT(-1)",
        "SQRT(mag - 99)",
        "LOG(0)",
        "LOG(-1)",
        "LOG10(-id)",
        "ACOS(2)",
        "ASIN(id + 1.5)",
        "POWER(-8, 0.5)",
        "POWER(0, -1)",
        "POWER(id - id, -0.5)",
        "POWER(mag - mag, -1)",
        "SQRT(-1.0)",
        "NULL",
        "NULL + 1",
        "'a' || NULL",
        "LOG(NULL)",
        "ABS(NULL)",
    ] {
        archive.check(&format!("SELECT TOP 1 {expression} AS x FROM Stars"), &["NULL"]).await;
    }
    archive.check("SELECT id FROM Stars WHERE SQRT(mag) > 2.5", &["8"]).await;
    archive.check("SELECT id FROM Stars WHERE SQRT(mag + 0) > 2.5", &["8"]).await;
    archive.check("SELECT POWER(mag, dec) FROM Stars WHERE id = 7", &["NULL"]).await;
    archive.check("SELECT POWER(mag, id) FROM Stars WHERE id = 7", &["0.0"]).await;
}

#[tokio::test]
async fn groups_and_their_conditions() {
    let archive = Archive::open().await;
    archive.check("SELECT COUNT(*), COUNT(mag), COUNT(DISTINCT mag), MIN(mag), MAX(mag), SUM(id), AVG(id) FROM Stars", &["8|7|6|-1.0|9.0|36|4.5"]).await;
    archive
        .check(
            "SELECT mag, COUNT(*) AS n FROM stars GROUP BY mag HAVING COUNT(*) > 1 ORDER BY n DESC",
            &["2.5|2"],
        )
        .await;
    archive.check("SELECT MOD(id, 2) AS odd, 2 * COUNT(*) + MOD(id, 2) FROM Stars GROUP BY MOD(id, 2) ORDER BY 1 DESC", &["1|9", "0|8"]).await;
    archive
        .check("SELECT MOD(id, 2) AS odd, MAX(id) FROM Stars GROUP BY odd ORDER BY MAX(id)", &["1|7", "0|8"])
        .await;
    archive.check("SELECT COUNT(*) FROM Stars WHERE id > 99", &["0"]).await;
    archive.check("SELECT COUNT(*) FROM Stars WHERE id > 99 GROUP BY id", &[]).await;
    archive.check("SELECT SUM(id) FROM Stars HAVING COUNT(*) > 99", &[]).await;
}

#[tokio::test]
async fn order_and_number_of_rows() {
    let archive = Archive::open().await;
    archive.check("SELECT TOP 3 id, mag FROM Stars ORDER BY 2 DESC, 1", &["8|9.0", "4|4.0", "2|2.5"]).await;
    archive.check("SELECT id FROM Stars WHERE id IN (1, 3, 5) ORDER BY mag", &["5", "1", "3"]).await;
    archive.check("SELECT id FROM Stars WHERE id IN (1, 3, 5) ORDER BY mag DESC", &["1", "5", "3"]).await;
    // An alias that hides a column orders by the alias.
    archive.check("SELECT -id AS id FROM Stars WHERE id < 4 ORDER BY id", &["-3", "-2", "-1"]).await;
    archive.check("SELECT id FROM Stars ORDER BY ABS(id - 5), id DESC OFFSET 7", &["1"]).await;
    archive.check("SELECT TOP 0 id FROM Stars", &[]).await;
    archive.check("SELECT TOP 2 id FROM Stars ORDER BY id OFFSET 6", &["7", "8"]).await;
    archive.check("SELECT DISTINCT mag FROM Stars WHERE mag > 2 ORDER BY mag", &["2.5", "4.0", "9.0"]).await;
    let most = Options { max_rows: Some(2) };
    let sql = |text| translate(&parse(text).expect("right"), &archive.catalogue, most).expect("right").sql;
    assert!(sql("SELECT TOP 5 id FROM Stars").ends_with("LIMIT 2"));
    assert!(sql("SELECT TOP 1 id FROM Stars").ends_with("LIMIT 1"));
}

#[tokio::test]
async fn joins_and_their_columns() {
    let archive = Archive::open().await;
    archive
        .check(
            "SELECT s.id, label FROM Stars AS s JOIN marks AS n ON s.id = n.id ORDER BY label",
            &["1|Alpheratz", "5|Polaris", "1|Sirrah"],
        )
        .await;
    archive
        .check(
            "SELECT s.id, n.id, label FROM Stars s, marks n WHERE s.id = n.id AND s.id > 1",
            &["5|5|Polaris"],
        )
        .await;
    archive
        .check(
            "SELECT id, label FROM Stars LEFT JOIN marks USING (id) WHERE id > 3 AND id < 6 ORDER BY id",
            &["4|NULL", "5|Polaris"],
        )
        .await;
    archive.check("SELECT id, label, mag FROM Stars RIGHT OUTER JOIN marks USING (id) WHERE mag IS NULL ORDER BY label", &["NULL|nothing|NULL", "99|nowhere|NULL"]).await;
    archive
        .check("SELECT COUNT(*), COUNT(id), MAX(id) FROM Stars FULL JOIN marks USING (id)", &["11|10|99"])
        .await;
    archive.check("SELECT COUNT(*) FROM Stars NATURAL JOIN marks", &["3"]).await;
    archive.check("SELECT marks.* FROM Sky.Stars JOIN (marks JOIN (SELECT id AS k FROM marks) AS q ON k = id) ON Stars.id = k WHERE Sky.Stars.id = 5", &["5|Polaris"]).await;
    archive.check("SELECT * FROM marks INNER JOIN (SELECT id, mag AS m FROM Stars WHERE mag < 0) AS bright USING (id)", &["5|Polaris|-1.0"]).await;
}

#[tokio::test]
async fn subqueries() {
    let archive = Archive::open().await;
    archive.check("SELECT id FROM Stars WHERE id IN (SELECT id FROM marks) ORDER BY id", &["1", "5"]).await;
    archive.check("SELECT id FROM Stars s WHERE EXISTS (SELECT * FROM marks n WHERE n.id = s.id AND label LIKE 'P%')", &["5"]).await;
    archive
        .check(
            "SELECT COUNT(*) FROM Stars s WHERE NOT EXISTS (SELECT id FROM marks WHERE marks.id = s.id)",
            &["6"],
        )
        .await;
    archive
        .check(
            "SELECT COUNT(*) FROM Stars WHERE id NOT IN (SELECT id FROM marks WHERE id IS NOT NULL)",
            &["6"],
        )
        .await;
    // One NULL in the list and nothing is surely outside of it.
    archive.check("SELECT COUNT(*) FROM Stars WHERE id NOT IN (SELECT id FROM marks)", &["0"]).await;
    archive.check("SELECT q.n FROM (SELECT COUNT(*) AS n FROM Stars) AS q", &["8"]).await;
}

#[tokio::test]
async fn text_and_names_mean_what_they_say() {
    let archive = Archive::open().await;
    archive.check("SELECT id FROM Stars WHERE name = 'Barnard''s star'", &["2"]).await;
    archive
        .check("SELECT 'it''s; -- \"no\" comment' AS t FROM marks WHERE id = 5", &["it's; -- \"no\" comment"])
        .await;
    archive
        .check("SELECT LOWER(\"Name\") || '/' || UPPER('x') || id FROM STARS WHERE ID = 1", &["alpha/X1"])
        .await;
    archive
        .check("SELECT \"size\" FROM Stars WHERE \"size\" = 9007199254740993", &["9007199254740993"])
        .await;
    archive.check("SELECT MOD(\"size\", 10) FROM Stars WHERE id = 7", &["3"]).await;
    archive.check("SELECT ra AS \"R A \"\"x\"\"\" FROM Stars WHERE id = 4", &["180.0"]).await;
    archive.check("SELECT id FROM Stars WHERE \"double star\" = 1 ORDER BY id", &["1", "4", "7"]).await;
    archive.check("SELECT COUNT(*) FROM Stars WHERE \"double star\" <> 'true'", &["4"]).await;
    archive.check("SELECT id FROM Stars WHERE name LIKE 'a_b' ORDER BY id", &["6", "7"]).await;
    archive.check("SELECT id FROM Stars WHERE name LIKE 'a\\_b'", &["6"]).await;
    archive.check("SELECT id FROM Stars WHERE name LIKE '%\\%'", &["4"]).await;
    archive.check("SELECT id FROM Stars WHERE name ILIKE 'A%' ORDER BY id", &["1", "6", "7"]).await;
    archive.check("SELECT id FROM Stars WHERE name NOT LIKE '%a%' ORDER BY id", &["4"]).await;
    archive
        .check("SELECT COALESCE(name, 'none'), COALESCE(mag, 0) FROM Stars WHERE id = 3", &["none|0.0"])
        .await;
    archive.check("SELECT id FROM Stars WHERE name IS NULL OR mag IS NULL", &["3"]).await;
    archive.check("SELECT id FROM Stars WHERE id NOT BETWEEN 2 AND 7 ORDER BY 1", &["1", "8"]).await;
}

#[test]
fn the_largest_queries_allowed_run() {
    let thread = std::thread::Builder::new().stack_size(adql::PLANNER_STACK_BYTES);
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(run_the_largest_queries());
    };
    thread.spawn(run).expect("a thread").join().expect("all queries to run");
}

async fn run_the_largest_queries() {
    let archive = Archive::open().await;
    let many: Vec<String> = (0..2000).map(|number| format!("id = {}", number * 3)).collect();
    archive
        .check(&format!("SELECT id FROM Stars WHERE {} ORDER BY id", many.join(" OR ")), &["3", "6"])
        .await;
    let chain = vec!["id"; 60].join(" + ");
    archive.check(&format!("SELECT {chain} FROM Stars WHERE id = 2"), &["120"]).await;
    for form in
        ["LOG(#)", "SQRT(#)", "COALESCE(#, 1)", "-(#)", "1/(#)", "ROUND(#)", "(1 + 2 * (#))", "CEILING(#)"]
    {
        let nested = (0..adql::MAX_DEPTH).fold(vec!["id".to_owned()], |mut all, _| {
            all.extend(all.last().map(|inner| form.replace('#', inner)));
            all
        });
        let allowed = |query: &String| {
            let parsed = parse(query);
            parsed.and_then(|parsed| translate(&parsed, &archive.catalogue, Options::default())).is_ok()
        };
        let queries = nested.iter().map(|value| format!("SELECT {value} FROM Stars"));
        let deepest = queries.rev().find(allowed).expect("one that is allowed");
        assert!(deepest.matches('(').count() >= 4, "{deepest}");
        archive.ask(&deepest).await;
    }
    let depth = adql::MAX_DEPTH - 1;
    let not = format!("{}id = 1{}", "NOT (".repeat(depth), ")".repeat(depth));
    archive.check(&format!("SELECT COUNT(*) FROM Stars WHERE {not}"), &["7"]).await;
    let mut nested = "SELECT id FROM Stars".to_owned();
    for level in 0..8 {
        nested = format!("SELECT id FROM ({nested}) AS q{level}");
    }
    assert_eq!(archive.ask(&nested).await.len(), 8);
}
