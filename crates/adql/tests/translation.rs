//! The SQL and the column descriptions that queries become, and the names that do not fit.
#![expect(clippy::expect_used, reason = "a test that cannot go on should stop")]

use adql::{Catalogue, Column, ErrorKind, Kind, Options, Table, Translated, parse, translate};

fn catalogue() -> Catalogue {
    let stars = vec![
        Column::new("id", Kind::Integer).ucd("meta.id;meta.main"),
        Column::new("RA", Kind::Number).unit("deg").ucd("pos.eq.ra;meta.main").description("Right ascension"),
        Column::new("dec", Kind::Number).unit("deg").ucd("pos.eq.dec;meta.main"),
        Column::new("mag", Kind::Number).unit("mag"),
        Column::new("Name", Kind::Text),
        Column::new("size", Kind::Integer),
        Column::new("variable", Kind::Boolean),
        Column::new("seen", Kind::Time),
        Column::new("shape", Kind::Geometry),
        Column::new("odd \"name\"; DROP TABLE x", Kind::Text),
    ];
    let marks = vec![Column::new("id", Kind::Integer), Column::new("label", Kind::Text)];
    [
        Table::new("sky", "Stars", stars),
        Table::new("sky", "marks", marks.clone()),
        Table::new("deep", "marks", marks),
        Table::without_schema("I/239/hip", vec![Column::new("HIP", Kind::Integer)]),
    ]
    .into_iter()
    .collect()
}

fn ask(query: &str) -> Result<Translated, adql::Error> {
    translate(&parse(query)?, &catalogue(), Options::default())
}

fn sql(query: &str) -> String {
    ask(query).unwrap_or_else(|error| panic!("{query}: {error}")).sql
}

#[test]
fn sql_is_written_in_the_spelling_of_the_catalogue() {
    for (query, expected) in [
        (
            "SELECT ID, ra FROM STARS",
            r#"SELECT "Stars"."id" AS "id", "Stars"."RA" AS "RA" FROM "sky"."Stars" AS "Stars""#,
        ),
        (
            "SELECT s.name AS \"N m\" FROM sky.stars S",
            r#"SELECT "S"."Name" AS "N m" FROM "sky"."Stars" AS "S""#,
        ),
        (
            "SELECT TOP 3 hip FROM \"I/239/hip\"",
            r#"SELECT "I/239/hip"."HIP" AS "HIP" FROM "I/239/hip" AS "I/239/hip" LIMIT 3"#,
        ),
        (
            "SELECT * FROM sky.marks OFFSET 2",
            r#"SELECT "marks"."id" AS "id", "marks"."label" AS "label" FROM "sky"."marks" AS "marks" OFFSET 2"#,
        ),
        (
            "SELECT a.id, b.id, a.id AS x FROM sky.marks a, deep.marks b",
            r#"SELECT "a"."id" AS "id", "b"."id" AS "id_2", "a"."id" AS "x" FROM "sky"."marks" AS "a", "deep"."marks" AS "b""#,
        ),
        (
            "SELECT sky.marks.id FROM sky.marks JOIN deep.marks USING (id)",
            r#"SELECT "marks"."id" AS "id" FROM "sky"."marks" AS "marks" INNER JOIN "deep"."marks" AS "marks_2" ON "marks"."id" = "marks_2"."id""#,
        ),
        (
            "SELECT id FROM sky.marks FULL JOIN deep.marks USING (id)",
            r#"SELECT coalesce("marks"."id", "marks_2"."id") AS "id" FROM "sky"."marks" AS "marks" FULL JOIN "deep"."marks" AS "marks_2" ON "marks"."id" = "marks_2"."id""#,
        ),
        (
            "SELECT id FROM sky.marks a FULL JOIN sky.marks b USING (id) FULL JOIN sky.marks c USING (id)",
            r#"SELECT coalesce("a"."id", "b"."id", "c"."id") AS "id" FROM "sky"."marks" AS "a" FULL JOIN "sky"."marks" AS "b" ON "a"."id" = "b"."id" FULL JOIN "sky"."marks" AS "c" ON coalesce("a"."id", "b"."id") = "c"."id""#,
        ),
        (
            "SELECT mag, COUNT(*) FROM stars GROUP BY mag HAVING COUNT(*) > 1 ORDER BY mag DESC, 2",
            r#"SELECT "Stars"."mag" AS "mag", count(*) AS "count" FROM "sky"."Stars" AS "Stars" GROUP BY "Stars"."mag" HAVING count(*) > 1 ORDER BY 1 DESC NULLS LAST, 2 ASC NULLS LAST"#,
        ),
        (
            "SELECT id FROM stars WHERE (mag < 1 OR mag > 2) AND NOT id = 3 AND id NOT IN (1, 2)",
            r#"SELECT "Stars"."id" AS "id" FROM "sky"."Stars" AS "Stars" WHERE ("Stars"."mag" < 1 OR "Stars"."mag" > 2) AND NOT ("Stars"."id" = 3) AND "Stars"."id" NOT IN (1, 2)"#,
        ),
        (
            "SELECT 1 + 2 * (3 - id) / 4 FROM stars",
            r#"SELECT 1 + (2 * (3 - "Stars"."id") / 4) AS "column_1" FROM "sky"."Stars" AS "Stars""#,
        ),
        (
            "SELECT id / \"size\" FROM stars",
            r#"SELECT "Stars"."id" / nullif("Stars"."size", 0) AS "column_1" FROM "sky"."Stars" AS "Stars""#,
        ),
        (
            "SELECT '''; DROP TABLE \"x\" --' FROM stars",
            r#"SELECT '''; DROP TABLE "x" --' AS "column_1" FROM "sky"."Stars" AS "Stars""#,
        ),
        (
            "SELECT \"odd \"\"name\"\"; DROP TABLE x\" FROM stars AS \"a\"\".\"\"b\"",
            r#"SELECT "a"".""b"."odd ""name""; DROP TABLE x" AS "odd ""name""; DROP TABLE x" FROM "sky"."Stars" AS "a"".""b""#,
        ),
        (
            "SELECT LOG(mag), TRUNCATE(mag, -1) FROM stars",
            r#"SELECT nanvl(ln(nullif("Stars"."mag", 0.0)), CAST(NULL AS DOUBLE)) AS "log", trunc("Stars"."mag" / 1e1) * 1e1 AS "truncate" FROM "sky"."Stars" AS "Stars""#,
        ),
        (
            "SELECT id FROM stars WHERE variable = 1 AND 'false' <> variable",
            r#"SELECT "Stars"."id" AS "id" FROM "sky"."Stars" AS "Stars" WHERE "Stars"."variable" = TRUE AND "Stars"."variable" <> FALSE"#,
        ),
        (
            "SELECT id FROM stars s WHERE EXISTS (SELECT * FROM stars WHERE stars.id = s.id)",
            r#"SELECT "s"."id" AS "id" FROM "sky"."Stars" AS "s" WHERE EXISTS (SELECT "Stars"."id" AS "id", "Stars"."RA" AS "RA", "Stars"."dec" AS "dec", "Stars"."mag" AS "mag", "Stars"."Name" AS "Name", "Stars"."size" AS "size", "Stars"."variable" AS "variable", "Stars"."seen" AS "seen", "Stars"."shape" AS "shape", "Stars"."odd ""name""; DROP TABLE x" AS "odd ""name""; DROP TABLE x" FROM "sky"."Stars" AS "Stars" WHERE "Stars"."id" = "s"."id")"#,
        ),
    ] {
        assert_eq!(sql(query), expected, "{query}");
    }
}

/// The WHERE of a query for one condition, with `s.` for the table.
fn filter(condition: &str) -> String {
    let sql = sql(&format!("SELECT id FROM stars AS s WHERE {condition}"));
    sql.split_once(" WHERE ").expect("a WHERE").1.replace('"', "")
}

#[test]
fn cones_get_a_box_where_it_is_safe() {
    for (condition, expected) in [
        (
            "1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 100, 60, 1))",
            "s.dec BETWEEN 58.999999999 AND 61.000000001 AND (s.RA BETWEEN 97.9996952171 AND 102.0003047829 OR s.RA < -180.0 OR s.RA > 360.0) AND sky_distance(s.RA, s.dec, 100.0, 60.0) <= 1",
        ),
        // Both windows of a table that counts from 0, and that of one that counts from -180.
        (
            "CONTAINS(POINT(ra, dec), CIRCLE(0, 0, 1)) = 1",
            "s.dec BETWEEN -1.000000001 AND 1.000000001 AND (s.RA BETWEEN -1.000000002 AND 1.000000002 OR s.RA BETWEEN 358.999999998 AND 361.000000002 OR s.RA < -180.0 OR s.RA > 360.0) AND sky_distance(s.RA, s.dec, 0.0, 0.0) <= 1",
        ),
        // The pole is inside: no bounds in right ascension.
        (
            "CONTAINS(POINT(ra, dec), CIRCLE(0, 89.5, 1)) = 1",
            "s.dec >= 88.499999999 AND sky_distance(s.RA, s.dec, 0.0, 89.5) <= 1",
        ),
        ("CONTAINS(POINT(ra, dec), CIRCLE(0, 0, 180)) = 1", "sky_distance(s.RA, s.dec, 0.0, 0.0) <= 180"),
        // Constants are folded as the engine computes them.
        (
            "CONTAINS(POINT(ra, dec), CIRCLE(10, -(90.0 - 1), 3.0/60)) = 1",
            "s.dec BETWEEN -89.050000001 AND -88.949999999 AND (s.RA BETWEEN 7.1338706917 AND 12.8661293083 OR s.RA < -180.0 OR s.RA > 360.0) AND sky_distance(s.RA, s.dec, 10.0, -89.0) <= 3.0 / 60",
        ),
        // A radius or centre from the table, or an expression: the exact test alone.
        ("CONTAINS(POINT(ra, dec), CIRCLE(0, 0, mag)) = 1", "sky_distance(s.RA, s.dec, 0.0, 0.0) <= s.mag"),
        ("CONTAINS(POINT(ra + 1, dec), CIRCLE(0, 0, 1)) = 1", "sky_distance(s.RA + 1, s.dec, 0.0, 0.0) <= 1"),
        // Where unknown and false differ, no box.
        (
            "CONTAINS(POINT(ra, dec), CIRCLE(0, 0, 1)) = 0",
            "(sky_distance(s.RA, s.dec, 0.0, 0.0) <= 1) IS NOT TRUE",
        ),
        (
            "NOT CONTAINS(POINT(ra, dec), CIRCLE(0, 0, 1)) = 1",
            "NOT ((sky_distance(s.RA, s.dec, 0.0, 0.0) <= 1) IS TRUE)",
        ),
        ("NOT DISTANCE(ra, dec, 0, 0) < 1", "NOT (sky_distance(s.RA, s.dec, 0.0, 0.0) < 1)"),
        ("DISTANCE(ra, dec, 0, 0) > 1", "sky_distance(s.RA, s.dec, 0.0, 0.0) > 1"),
        (
            "89.95 > DISTANCE(POINT(0, 0), POINT(ra, dec))",
            "s.dec BETWEEN -89.950000001 AND 89.950000001 AND 89.95 > sky_distance(0.0, 0.0, s.RA, s.dec)",
        ),
    ] {
        assert_eq!(filter(condition), expected, "{condition}");
    }
}

/// Translates a query in which `«` and `»` mark the fault; gives its sentence.
fn fault(marked: &str) -> String {
    let query = marked.replace(['«', '»'], "");
    let error = ask(&query).expect_err(&query);
    let start = marked.find('«').expect("a mark");
    let end = marked.find('»').expect("a mark") - '«'.len_utf8();
    assert_eq!((error.span.start, error.span.end), (start, end), "{marked}: {error}");
    error.to_string()
}

#[test]
fn names_that_do_not_fit_are_named_with_the_nearest() {
    for (query, sentence) in [
        ("SELECT id FROM «strs»", "There is no table strs. Did you mean sky.Stars?"),
        ("SELECT id FROM «skyy.stars»", "There is no table skyy.stars. Did you mean sky.Stars?"),
        ("SELECT id FROM «deep.stars»", "There is no table deep.stars. Did you mean sky.Stars?"),
        ("SELECT id FROM «\"stars\"»", "There is no table \"stars\". Did you mean sky.Stars?"),
        ("SELECT id FROM «qqqqqq»", "There is no table qqqqqq."),
        (
            "SELECT id FROM «marks»",
            "More than one table is called marks. Write its schema too: sky.marks or deep.marks.",
        ),
        (
            "SELECT «nmae» FROM stars",
            "There is no column nmae in the tables of this query. Did you mean Name?",
        ),
        (
            "SELECT «sizes» FROM stars",
            "There is no column sizes in the tables of this query. Did you mean \"size\"?",
        ),
        (
            "SELECT «\"ra\"» FROM stars",
            "There is no column \"ra\" in the tables of this query. Did you mean RA?",
        ),
        (
            "SELECT s.«decc» FROM stars s",
            "There is no column decc in the tables of this query. Did you mean dec?",
        ),
        (
            "SELECT «t».id FROM stars s",
            "t is not a table or alias in the FROM of this query. Did you mean s?",
        ),
        (
            "SELECT «stars».id FROM stars s",
            "stars is not a table or alias in the FROM of this query. Did you mean s?",
        ),
        (
            "SELECT «t».* FROM stars",
            "t is not a table or alias in the FROM of this query. Did you mean sky.Stars?",
        ),
        (
            "SELECT «id» FROM stars, sky.marks n",
            "More than one table has a column id. Write the table too: sky.Stars.id or n.id.",
        ),
        (
            "SELECT s.id FROM stars s, deep.marks «S»",
            "Two tables of this FROM are called S. Give one of them another name with AS.",
        ),
        (
            "SELECT a.id FROM stars a JOIN deep.marks b USING («mag»)",
            "There is no column mag in the tables of this query.",
        ),
        ("SELECT «CEIL»(mag) FROM stars", "There is no function CEIL. Did you mean CEILING?"),
        ("SELECT «sqr»(mag) FROM stars", "There is no function sqr. Did you mean SQRT?"),
        ("SELECT «gaia_healpix_index»(6, id) FROM stars", "There is no function gaia_healpix_index."),
        ("SELECT x FROM (SELECT id AS y FROM stars) AS q WHERE y = 1 AND «mag» = 2", ""),
    ] {
        let found = fault(&if sentence.is_empty() {
            query.replace("SELECT x", "SELECT y")
        } else {
            query.to_owned()
        });
        if !sentence.is_empty() {
            assert_eq!(found, sentence, "{query}");
        }
    }
}

#[test]
fn kinds_that_do_not_fit_are_refused() {
    for (query, sentence) in [
        (
            "SELECT id FROM stars WHERE «name = 5»",
            "Text cannot be compared with a whole number. Compare text with text and numbers with numbers.",
        ),
        (
            "SELECT id FROM stars WHERE mag IN (1, «'2'»)",
            "A number cannot be compared with text. Compare text with text and numbers with numbers.",
        ),
        (
            "SELECT id FROM stars WHERE mag BETWEEN 1 AND «name»",
            "A number cannot be compared with text. Compare text with text and numbers with numbers.",
        ),
        (
            "SELECT id FROM stars WHERE «variable = 2»",
            "True or false cannot be compared with a whole number. Compare text with text and numbers with numbers.",
        ),
        (
            "SELECT id FROM stars WHERE «shape = 1»",
            "A comparison needs numbers, text or times, but this is a shape on the sky.",
        ),
        ("SELECT id + «name» FROM stars", "Arithmetic needs a number, but this is text."),
        ("SELECT -«name» FROM stars", "The sign - needs a number, but this is text."),
        ("SELECT SQRT(«name») FROM stars", "SQRT needs a number, but this is text."),
        ("SELECT AVG(«name») FROM stars", "AVG needs a number, but this is text."),
        ("SELECT LOWER(«id») FROM stars", "LOWER needs text, but this is a whole number."),
        ("SELECT id FROM stars WHERE «id» LIKE '1%'", "LIKE needs text, but this is a whole number."),
        (
            "SELECT COALESCE(id, «'none'») FROM stars",
            "A whole number cannot be compared with text. Compare text with text and numbers with numbers.",
        ),
        (
            "SELECT ROUND(mag, «1.5») FROM stars",
            "The second argument of ROUND needs a constant whole number, but this is a number.",
        ),
        (
            "SELECT ROUND(mag, «id») FROM stars",
            "The second argument of ROUND needs a constant whole number, but this is computed from columns.",
        ),
        (
            "SELECT id FROM stars WHERE id IN («SELECT id, label FROM sky.marks»)",
            "IN needs a subquery of one column, but this is one of 2 columns.",
        ),
        (
            "SELECT id FROM stars WHERE id IN («SELECT label FROM sky.marks»)",
            "A whole number cannot be compared with text. Compare text with text and numbers with numbers.",
        ),
        (
            "SELECT id FROM stars WHERE 1 = CONTAINS(POINT(ra, «name»), CIRCLE(1, 2, 3))",
            "A latitude needs a number, but this is text.",
        ),
        (
            "SELECT id FROM stars WHERE 1 = CONTAINS(POINT(ra, dec), CIRCLE(1, «95», 3))",
            "A latitude in degrees must be between -90 and 90, but this is 95.",
        ),
        (
            "SELECT id FROM stars WHERE 1 = CONTAINS(POINT(«id», ra, dec), CIRCLE(1, 2, 3))",
            "The first of the arguments of POINT needs the coordinate system as text, or nothing, but this is something else.",
        ),
    ] {
        assert_eq!(fault(query), sentence, "{query}");
    }
}

#[test]
fn groups_are_checked() {
    for (query, sentence) in [
        (
            "SELECT «mag», COUNT(*) FROM stars",
            "mag has many values in each group. Add it to GROUP BY, or take one value of it, such as MIN(mag).",
        ),
        (
            "SELECT id FROM stars GROUP BY id ORDER BY «mag»",
            "mag has many values in each group. Add it to GROUP BY, or take one value of it, such as MIN(mag).",
        ),
        ("SELECT id FROM stars GROUP BY id HAVING «s.mag» > 1", ""),
        (
            "SELECT «*» FROM sky.marks GROUP BY id",
            "label has many values in each group. Add it to GROUP BY, or take one value of it, such as MIN(label).",
        ),
        (
            "SELECT id FROM stars WHERE «COUNT»(*) > 1",
            "COUNT cannot be used in WHERE. Put the condition in HAVING, after GROUP BY.",
        ),
        (
            "SELECT MAX(«COUNT»(*)) FROM stars",
            "COUNT cannot be used in another aggregate function. Compute it in a subquery in FROM.",
        ),
        (
            "SELECT id FROM stars GROUP BY «MAX»(id)",
            "MAX cannot be used in GROUP BY. Compute it in a subquery in FROM.",
        ),
        (
            "SELECT id FROM stars GROUP BY «1»",
            "GROUP BY a number or text is not supported. Write the column or expression itself.",
        ),
        ("SELECT id FROM stars ORDER BY «2»", "There is no column number 2: the query selects 1."),
        ("SELECT id FROM stars ORDER BY «0»", "There is no column number 0: the query selects 1."),
        (
            "SELECT DISTINCT id FROM stars ORDER BY «mag»",
            "With SELECT DISTINCT, ORDER BY can only use what is selected. Add this to the SELECT list.",
        ),
        (
            "SELECT id FROM stars ORDER BY «'x'»",
            "ORDER BY a constant is not supported. Write a column, an expression with columns, or the number of a selected column.",
        ),
    ] {
        let query = if sentence.is_empty() { query.replace("stars", "stars s") } else { query.to_owned() };
        let found = fault(&query);
        assert!(sentence.is_empty() || found == sentence, "{query}: {found}");
    }
    assert!(ask("SELECT mag + 1, 2 * (mag + 1), MIN(id) + 1 FROM stars GROUP BY mag + 1").is_ok());
    assert!(ask("SELECT s.id, id FROM stars s GROUP BY id ORDER BY COUNT(*), -id").is_ok());
}

#[test]
fn other_frames_and_shapes_are_never_misread() {
    for (query, feature) in [
        (
            "SELECT id FROM stars WHERE 1 = CONTAINS(POINT(«'GALACTIC'», ra, dec), CIRCLE(1, 2, 3))",
            "The coordinate system 'GALACTIC'",
        ),
        (
            "SELECT id FROM stars WHERE 1 = CONTAINS(POINT(ra, dec), CIRCLE(«'fk4'», 1, 2, 3))",
            "The coordinate system 'fk4'",
        ),
        (
            "SELECT id FROM stars WHERE 1 = CONTAINS(POINT(ra, dec), CIRCLE(«NULL», 1, 2, 3))",
            "A coordinate system of NULL",
        ),
        (
            "SELECT id FROM stars WHERE 1 = CONTAINS(«CIRCLE(1, 2, 3)», POINT(ra, dec))",
            "CONTAINS with a circle inside another shape",
        ),
        (
            "SELECT id FROM stars WHERE 1 = CONTAINS(«shape», CIRCLE(1, 2, 3))",
            "CONTAINS of anything but a POINT",
        ),
        (
            "SELECT id FROM stars WHERE 1 = CONTAINS(POINT(1, 2), «shape»)",
            "CONTAINS in anything but a CIRCLE",
        ),
        ("SELECT DISTANCE(«shape», POINT(1, 2)) FROM stars", "A position that is not written as POINT"),
        ("SELECT COORD1(«shape») FROM stars", "COORD1 of anything but a POINT"),
        ("SELECT «POINT»(ra, dec) FROM stars", "POINT as a value"),
        ("SELECT id FROM stars WHERE «CIRCLE»(1, 2, 3) = 1", "CIRCLE as a value"),
        ("SELECT ra FROM «TAP_UPLOAD.mine»", "An uploaded table"),
    ] {
        let sentence = fault(query);
        assert!(sentence.starts_with(&format!("{feature} is not supported. ")), "{query}: {sentence}");
    }
}

#[test]
fn columns_keep_what_the_catalogue_says() {
    let found = ask("SELECT TOP 7 ra, s.ra AS alpha, ra + 1, COUNT(*) AS n, MIN(q.m) FROM stars AS s JOIN (SELECT id AS k, mag AS m FROM stars) AS q ON k = id GROUP BY ra").expect("right");
    assert_eq!(found.top, Some(7));
    assert_eq!(found.tables, ["sky.Stars"]);
    let marks: Vec<&str> = found.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(marks, ["RA", "alpha", "column_3", "n", "min"]);
    let [ra, alpha, sum, count, minimum] = found.columns.as_slice() else { panic!("five columns") };
    assert_eq!(ra.source, Some(("sky.Stars".into(), "RA".into())));
    assert_eq!(
        (ra.unit.as_deref(), ra.ucd.as_deref(), ra.description.as_deref()),
        (Some("deg"), Some("pos.eq.ra;meta.main"), Some("Right ascension"))
    );
    assert_eq!((&alpha.source, &alpha.unit), (&ra.source, &ra.unit));
    assert_eq!((sum.kind, &sum.source, &sum.unit), (Some(Kind::Number), &None, &None));
    assert_eq!((count.kind, minimum.kind), (Some(Kind::Integer), Some(Kind::Number)));
    let derived = ask("SELECT * FROM (SELECT dec AS d FROM stars) AS q").expect("right");
    assert_eq!(derived.columns[0].source, Some(("sky.Stars".into(), "dec".into())));
    assert_eq!(derived.columns[0].ucd.as_deref(), Some("pos.eq.dec;meta.main"));
}

#[test]
fn a_subquery_sees_the_query_around_it_but_not_its_neighbours() {
    assert!(
        ask("SELECT id FROM stars s WHERE id IN (SELECT id FROM deep.marks WHERE label = s.name)").is_ok()
    );
    assert!(
        ask("SELECT id FROM stars WHERE EXISTS (SELECT label FROM deep.marks WHERE label = name)").is_ok()
    );
    let error = ask("SELECT 1 FROM stars s, (SELECT id FROM deep.marks WHERE label = s.name) AS q")
        .expect_err("a neighbour");
    assert!(matches!(error.kind, ErrorKind::UnknownQualifier { .. }), "{error}");
    assert!(
        ask("SELECT 1 FROM stars s JOIN deep.marks n ON s.id = n.id, sky.marks m WHERE m.id = s.id").is_ok()
    );
    let error =
        ask("SELECT 1 FROM stars s, deep.marks n JOIN sky.marks m ON m.id = s.id").expect_err("a neighbour");
    assert!(matches!(error.kind, ErrorKind::UnknownQualifier { .. }), "{error}");
}

#[test]
fn too_much_is_refused_in_time() {
    for (query, expected) in [
        (
            format!("SELECT {} FROM stars", vec!["id"; 300_000].join(",")),
            ErrorKind::TooMany { what: "columns", limit: 4096 },
        ),
        (
            format!("SELECT {} FROM stars", vec!["*"; 300_000].join(",")),
            ErrorKind::TooMany { what: "columns", limit: 4096 },
        ),
        (
            format!("SELECT id FROM stars ORDER BY {}", vec!["id"; 1000].join(",")),
            ErrorKind::TooMany { what: "terms in ORDER BY", limit: 256 },
        ),
        (
            format!("SELECT id FROM stars GROUP BY {}", vec!["id"; 1000].join(",")),
            ErrorKind::TooMany { what: "terms in GROUP BY", limit: 256 },
        ),
        (
            format!("SELECT 1 FROM {}", vec!["stars"; 1000].join(",")),
            ErrorKind::TooMany { what: "tables in FROM", limit: 256 },
        ),
        (
            format!("SELECT {} FROM stars", vec!["id"; 1000].join("+")),
            ErrorKind::TooDeep { limit: adql::MAX_SQL_DEPTH },
        ),
        (
            format!("SELECT {} FROM stars", vec!["name"; 1000].join("||")),
            ErrorKind::TooDeep { limit: adql::MAX_SQL_DEPTH },
        ),
    ] {
        let error = ask(&query).expect_err("too much");
        assert_eq!(error.kind, expected, "{}", &query[..40]);
    }
    let coalesce = format!("SELECT {}id{} FROM stars", "COALESCE(".repeat(8), ", 1)".repeat(8));
    assert!(matches!(ask(&coalesce).expect_err("too much").kind, ErrorKind::TooDeep { .. }));
    let haversine = "2 * DEGREES(ASIN(SQRT(POWER(SIN(RADIANS((dec - 1.5) / 2)), 2) + COS(RADIANS(dec)) * COS(RADIANS(1.5)) * POWER(SIN(RADIANS((ra - 2) / 2)), 2))))";
    assert!(ask(&format!("SELECT {haversine} FROM stars")).is_ok());
    let sums = format!("SELECT id FROM stars WHERE id IN ({})", vec!["1 + 2"; 100_000].join(", "));
    assert!(ask(&sums).is_ok());
}
