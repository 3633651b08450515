//! What is ADQL, what is not, and where the fault is.
#![expect(clippy::expect_used, reason = "a test that cannot go on should stop")]

use adql::{Error, ErrorKind, MAX_DEPTH, MAX_TEXT_BYTES, parse};

#[test]
fn queries_of_the_language_are_read() {
    for query in [
        "SELECT * FROM t",
        "select all a, t.b, s.t.c, c.s.t.d from c.s.t",
        "SELECT t.*, u.* FROM t, s.u",
        "SELECT DISTINCT TOP 10 a FROM t",
        "SELECT TOP 4* FROM t",
        "SELECT a b, c AS d, \"e f\" \"g\"\"h\" FROM t AS x",
        "SELECT -1, +a, 1 - -1, 0x1F, .5, 5., 1e3, 1E-3 FROM t",
        "SELECT 89x FROM t ORDER BY 1desc",
        "SELECT 'it''s', '', 'a'\n 'b' FROM t",
        "SELECT a||b || 'c' FROM t",
        "SELECT NULL FROM t",
        "SELECT COUNT(*), COUNT(ALL a), SUM(DISTINCT b), pi() FROM t",
        "SELECT a FROM t WHERE NOT (a = 1 OR b <> 2 AND c != 3) AND d BETWEEN 1 AND 2 AND e NOT IN (1, 'x')",
        "SELECT a FROM t WHERE a(1) = 2",
        "SELECT a FROM t WHERE a IS NOT NULL AND b LIKE 'x%' AND c NOT ILIKE d || '_'",
        "SELECT a FROM t WHERE ((a)) > (((b + 1)) * 2)",
        "SELECT a FROM t WHERE EXISTS (SELECT * FROM u) AND a IN (SELECT b FROM u)",
        "SELECT a FROM t JOIN u ON t.a = u.a LEFT JOIN v USING (a, b) NATURAL FULL OUTER JOIN w",
        "SELECT a FROM (t JOIN (SELECT b FROM u) AS q ON a = b) RIGHT OUTER JOIN v ON (a = c), w",
        "SELECT a, COUNT(*) FROM t GROUP BY a, b + 1 HAVING COUNT(*) > 1 ORDER BY 2 DESC, a ASC, a + b OFFSET 5",
        "-- first\nSELECT a -- second\nFROM t --",
        "SELECT a FROM t;",
        "SELECT limit FROM t limit",
    ] {
        assert!(parse(query).is_ok(), "{query}: {:?}", parse(query));
    }
}

/// Reads a query in which `«` and `»` mark the fault.
fn fault(marked: &str) -> Error {
    let query = marked.replace(['«', '»'], "");
    let error = parse(&query).expect_err(&query);
    let start = marked.find('«').expect("a mark");
    let end = marked.find('»').expect("a mark") - '«'.len_utf8();
    assert_eq!((error.span.start, error.span.end), (start, end), "{marked}: {error}");
    error
}

#[test]
fn faults_are_named_at_their_place() {
    for (query, sentence) in [
        ("«»", "Expected SELECT, but found the end of the query."),
        ("«UPDATE» t SET a = 1", "Expected SELECT, but found UPDATE."),
        ("SELECT «FROM» t", "Expected a value, but found FROM."),
        ("SELECT a, «FROM» t", "Expected a value, but found FROM."),
        ("SELECT a«»", "Expected a comma or FROM, but found the end of the query."),
        ("SELECT a b «c» FROM t", "Expected a comma or FROM, but found c."),
        ("SELECT a FROM «WHERE» b = 1", "Expected a table, but found WHERE."),
        ("SELECT a FROM t WHERE «»", "Expected a value, but found the end of the query."),
        (
            "SELECT a FROM t WHERE a«»",
            "Expected a comparison, such as = or BETWEEN, but found the end of the query.",
        ),
        ("SELECT a FROM t WHERE a «==» 1", "Expected a comparison, such as = or BETWEEN, but found ==."),
        (
            "SELECT a FROM t WHERE a = 1 AND b «OR» c = 1",
            "Expected a comparison, such as = or BETWEEN, but found OR.",
        ),
        (
            "SELECT a FROM t WHERE CONTAINS(p, c) «ORDER» BY a",
            "Expected = 1 or = 0 after CONTAINS(...), but found ORDER.",
        ),
        ("SELECT «a > 1» FROM t", "Expected a value, but found a condition."),
        ("SELECT a FROM t WHERE (a > 1«»", "Expected ), but found the end of the query."),
        ("SELECT a FROM t WHERE (a > 1)«)»", "Expected the end of the query, but found )."),
        (
            "SELECT a FROM t WHERE a BETWEEN 1 «OR» 2",
            "Expected AND and the upper bound of BETWEEN, but found OR.",
        ),
        ("SELECT a FROM t WHERE a IN «5»", "Expected ( after IN, but found 5."),
        ("SELECT a FROM t WHERE a IN (1, «)»", "Expected a value, but found )."),
        ("SELECT a FROM t WHERE a IS «3»", "Expected NULL or NOT NULL after IS, but found 3."),
        ("SELECT a FROM t WHERE a = - «-» 1", "Expected a value, but found -."),
        ("SELECT TOP «-»1 a FROM t", "Expected a whole number after TOP, but found -."),
        ("SELECT TOP «1.5» a FROM t", "Expected a whole number after TOP, but found 1.5."),
        ("SELECT a FROM t ORDER «a»", "Expected BY after ORDER, but found a."),
        (
            "SELECT a FROM t JOIN u «WHERE» a = 1",
            "Expected ON or USING, which say how the rows of the two tables match, but found WHERE.",
        ),
        ("SELECT a FROM t LEFT «u»", "Expected JOIN, but found u."),
        (
            "SELECT a FROM (SELECT b FROM u)«»",
            "Expected AS and a name for the subquery, but found the end of the query.",
        ),
        ("SELECT a FROM a.b.c«.»d", "Expected the end of the query, but found .."),
        ("SELECT a FROM t; «SELECT» b FROM t", "Expected the end of the query, but found SELECT."),
        (
            "SELECT «distance» FROM t",
            "distance is a reserved word of ADQL. If it is a name, put it in double quotes and mind capitals: \"distance\".",
        ),
        (
            "SELECT a FROM t AS «size»",
            "size is a reserved word of ADQL. If it is a name, put it in double quotes and mind capitals: \"size\".",
        ),
        (
            "SELECT «_a» FROM t",
            "_a is not a plain name: those start with a letter A-Z and go on with letters, digits and _. Put it in double quotes: \"_a\".",
        ),
        (
            "SELECT a FROM «étoiles»",
            "étoiles is not a plain name: those start with a letter A-Z and go on with letters, digits and _. Put it in double quotes: \"étoiles\".",
        ),
        (
            "SELECT «'abc FROM t»",
            "This text has no closing quote. End it with '; a quote inside it is written twice ('').",
        ),
        ("SELECT a FROM «\"t WHERE a = 1»", "This quoted name has no closing quote. End it with \"."),
        ("SELECT «\"\"» FROM t", "A quoted name cannot be empty. Write a name between the double quotes."),
        ("SELECT a FROM t WHERE a = «€»5", "The character '€' has no meaning here. Remove it."),
        (
            "SELECT «99999999999999999999» FROM t",
            "The number 99999999999999999999 is too large. Integers go up to 9223372036854775807, others to 1.8e308.",
        ),
        (
            "SELECT «1e999» FROM t",
            "The number 1e999 is too large. Integers go up to 9223372036854775807, others to 1.8e308.",
        ),
        ("SELECT a FROM t WHERE «ABS()» < 3", "ABS takes 1 argument, but 0 are given."),
        ("SELECT «ROUND(1, 2, 3)» FROM t", "ROUND takes 1 or 2 arguments, but 3 are given."),
        ("SELECT «POINT(1)» FROM t", "POINT takes 2 or 3 arguments, but 1 is given."),
        ("SELECT «COUNT()» FROM t", "COUNT takes 1 argument, but 0 are given."),
        ("SELECT SUM(«*») FROM t", "Expected a value, but found *."),
    ] {
        assert_eq!(fault(query).to_string(), sentence, "{query}");
    }
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    for (query, feature) in [
        ("«WITH» q AS (SELECT a FROM t) SELECT a FROM q", "WITH"),
        ("SELECT a FROM t «UNION» SELECT a FROM u", "UNION"),
        ("SELECT a FROM t WHERE a = 1 «EXCEPT» SELECT a FROM u", "EXCEPT"),
        ("SELECT a FROM (SELECT a FROM t «intersect» SELECT b FROM u) AS q", "INTERSECT"),
        ("«(»SELECT a FROM t) UNION (SELECT b FROM t)", "A query in parentheses"),
        ("SELECT «CASE» WHEN a = 1 THEN 2 END FROM t", "CASE"),
        ("SELECT «CAST»(a AS INTEGER) FROM t", "CAST"),
        ("SELECT «in_unit»(a, 'km') FROM t", "IN_UNIT"),
        ("SELECT a FROM t WHERE 1 = CONTAINS(POINT(a, b), «POLYGON»(1, 2, 3, 4, 5, 6))", "POLYGON"),
        ("SELECT a FROM t WHERE 1 = «INTERSECTS»(a, b)", "INTERSECTS"),
        ("SELECT «BOX»(1, 2, 3, 4) FROM t", "BOX"),
        ("SELECT «REGION»('x'), AREA(c) FROM t", "REGION"),
        ("SELECT «AREA»(c) FROM t", "AREA"),
        ("SELECT «CENTROID»(c) FROM t", "CENTROID"),
        ("SELECT «COORDSYS»(c) FROM t", "COORDSYS"),
        ("SELECT a FROM t WHERE a = («SELECT» MAX(a) FROM t)", "A subquery as a value"),
        ("SELECT a FROM t WHERE a LIKE 'x' «ESCAPE» '!'", "ESCAPE"),
        ("SELECT a FROM t WHERE b = «TRUE»", "TRUE"),
        ("SELECT a «%» 2 FROM t", "The operator %"),
        ("SELECT a«::»INT FROM t", "The operator ::"),
        ("SELECT a «/* all */» FROM t", "A comment in /* */"),
        ("SELECT a FROM t «CROSS» JOIN u", "CROSS JOIN"),
        ("SELECT a FROM t «LIMIT» 10", "LIMIT"),
        ("SELECT COUNT(*) «OVER» (PARTITION BY a) FROM t", "OVER"),
        ("SELECT «s.f»(a) FROM t", "A function with a schema"),
        ("SELECT a FROM «f»(1)", "A function in FROM"),
        ("SELECT a FROM («t»)", "A single table in parentheses"),
    ] {
        match fault(query).kind {
            ErrorKind::Unsupported { feature: found, hint } => {
                assert_eq!(found, feature, "{query}");
                assert!(hint.ends_with('.'), "{query}: {hint}");
            }
            other => panic!("{query}: {other:?}"),
        }
    }
}

#[test]
fn lines_and_columns_count_characters() {
    let query = "SELECT 'é' AS a,\n  'ü' «»";
    let text = query.replace(['«', '»'], "");
    let error = fault(query);
    assert_eq!((error.line(&text), error.column(&text)), (2, 7));
    assert_eq!(error.line(""), 1);
}

#[test]
fn endless_queries_are_refused_early() {
    let kind = |query: &str| parse(query).expect_err("too much").kind;
    for nest in ["(", "ABS(", "-(", "NOT (", "COALESCE(1, ", "POWER(2,("] {
        let query = format!("SELECT a FROM t WHERE {}", nest.repeat(100_000 / nest.len()));
        assert_eq!(kind(&query), ErrorKind::TooDeep { limit: MAX_DEPTH }, "{nest}");
    }
    let subqueries = "SELECT a FROM (".repeat(5000);
    assert_eq!(kind(&subqueries), ErrorKind::TooDeep { limit: MAX_DEPTH });
    let tables = format!("SELECT a FROM {}", "(".repeat(100_000));
    assert_eq!(kind(&tables), ErrorKind::TooDeep { limit: MAX_DEPTH });
    let exists = format!("SELECT a FROM t WHERE {}", "EXISTS (SELECT a FROM t WHERE ".repeat(3000));
    assert_eq!(kind(&exists), ErrorKind::TooDeep { limit: MAX_DEPTH });
    let joins = format!("SELECT a FROM t{}", " NATURAL JOIN t".repeat(10_000));
    assert_eq!(kind(&joins), ErrorKind::TooDeep { limit: MAX_DEPTH });
    let long = format!("SELECT a FROM t -- {}", "x".repeat(MAX_TEXT_BYTES));
    assert_eq!(kind(&long), ErrorKind::TooLong { limit: MAX_TEXT_BYTES });
    let wide = format!("SELECT a FROM t WHERE {}", vec!["a = 1"; 50_000].join(" OR "));
    assert!(parse(&wide).is_ok());
}
