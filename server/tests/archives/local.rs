//! Questions on the real data of the local archive. The answers were worked out from the catalogues themselves.

use crate::support::{ask, collect, local, rows};
use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int32Type};
use skyport::features::archives::archive::{Archive, Outcome};
use std::collections::BTreeSet;
use tokio_util::sync::CancellationToken;
use votable::meta;

#[tokio::test]
async fn answers_are_those_of_the_catalogues() {
    let local = local();
    for (adql, wanted) in [
        ("SELECT COUNT(*) FROM sky.stars", &["118216"][..]),
        ("SELECT COUNT(*) FROM sky.stars WHERE mag < 6", &["4995"]),
        ("SELECT COUNT(*) AS n FROM sky.stars WHERE bv IS NULL", &["1279"]),
        ("SELECT COUNT(bv) FROM sky.stars", &["116937"]),
        ("SELECT ROUND(AVG(bv), 4) FROM sky.stars", &["0.7064"]),
        ("SELECT TOP 1 hip FROM sky.stars ORDER BY mag", &["32349"]),
        (
            "SELECT TOP 4 hip, mag FROM sky.stars \
             WHERE 1 = CONTAINS(POINT(ra, dec), CIRCLE(83.8, -5.4, 3)) ORDER BY mag",
            &["26241|2.75", "26549|3.77", "26237|4.58", "25923|4.62"],
        ),
        (
            "SELECT TOP 3 hip, mag FROM sky.stars WHERE DISTANCE(POINT(ra, dec), POINT(83.8, -5.4)) < 3 ORDER BY 2",
            &["26241|2.75", "26549|3.77", "26237|4.58"],
        ),
        (
            "SELECT TOP 5 n.name, s.mag FROM sky.stars AS s JOIN sky.star_names AS n ON s.hip = n.hip \
             WHERE n.name IS NOT NULL ORDER BY s.mag",
            &["Sirius|-1.44", "Canopus|-0.62", "Arcturus|-0.05", "Rigil Kentaurus|-0.01", "Vega|0.03"],
        ),
        (
            "SELECT n.name FROM sky.stars AS s JOIN sky.star_names AS n USING (hip) \
             WHERE n.constellation = 'Ori' AND s.mag < 1",
            &["Rigel", "Betelgeuse"],
        ),
        (
            "SELECT FLOOR(mag) AS bin, COUNT(*) AS n FROM sky.stars WHERE mag < 4 GROUP BY FLOOR(mag) ORDER BY bin",
            &["-2.0|1", "-1.0|3", "0.0|11", "1.0|34", "2.0|123", "3.0|344"],
        ),
        (
            "SELECT type, COUNT(*) AS n FROM sky.messier GROUP BY type HAVING COUNT(*) > 10 ORDER BY n DESC",
            &["gc|29", "s|28", "oc|26", "e|11"],
        ),
        ("SELECT id, name FROM sky.messier WHERE number = 42", &["M 42|Orion Nebula"]),
        ("SELECT designation FROM sky.messier WHERE name LIKE 'Andromeda%'", &["NGC 224"]),
        ("SELECT COUNT(*) FROM sky.dsos", &["89868"]),
        ("SELECT COUNT(*) FROM sky.star_names WHERE name IS NOT NULL", &["600"]),
        ("SELECT COUNT(DISTINCT constellation) FROM sky.star_names WHERE constellation > 'A'", &["88"]),
        (
            "SELECT TOP 2 m.id, n.name FROM sky.messier AS m LEFT OUTER JOIN sky.star_names AS n ON m.number = n.hip \
             ORDER BY m.number",
            &["M 1|", "M 2|"],
        ),
        ("SELECT MIN(mag), MAX(mag) FROM sky.stars", &["-1.44|13.78"]),
        (
            "SELECT NULL AS nothing, 1 + 2 AS three, 'x' || 'y' AS text FROM sky.messier WHERE number = 1",
            &["|3|xy"],
        ),
        (
            "SELECT hip FROM sky.stars WHERE hip IN (SELECT hip FROM sky.star_names WHERE name = 'Vega')",
            &["91262"],
        ),
        ("SELECT SQRT(16) + POWER(2, 3) + ABS(-1) AS n FROM sky.messier WHERE number = 1", &["13.0"]),
    ] {
        let mut got = match ask(&local, adql).await {
            Ok((batch, outcome)) => {
                assert_eq!(outcome, Outcome::Complete, "{adql}");
                rows(&batch)
            }
            Err(fault) => vec![format!("{fault:?}")],
        };
        if !adql.contains("ORDER BY") {
            got.sort_by_key(|row| wanted.iter().position(|w| w == row));
        }
        assert_eq!(got, wanted, "{adql}");
    }
}

#[tokio::test]
async fn cones_agree_with_brute_force_everywhere() {
    let local = local();
    let (all, _) = ask(&local, "SELECT hip, ra, dec FROM sky.stars").await.unwrap();
    let (hip, ra, dec) = (
        all.column(0).as_primitive::<Int32Type>(),
        all.column(1).as_primitive::<Float64Type>(),
        all.column(2).as_primitive::<Float64Type>(),
    );
    // Across the zero of right ascension from both sides, over both poles, wide and narrow, and an ordinary one.
    for (lon, lat, radius, known) in [
        (0.0, 0.0, 2.0, 26),
        (359.9, 60.0, 5.0, 330),
        (-0.1, 60.0, 5.0, 330),
        (10.0, 89.5, 1.0, 8),
        (200.0, -89.8, 1.5, 22),
        (83.8, -5.4, 3.0, 139),
        (180.0, 0.0, 120.0, 0),
        (45.0, 85.0, 6.0, 0),
    ] {
        let near = |i: usize| adql::sky_distance(ra.value(i), dec.value(i), lon, lat) <= radius;
        let expected: BTreeSet<i32> =
            (0..all.num_rows()).filter(|&i| near(i)).map(|i| hip.value(i)).collect();
        if known > 0 {
            assert_eq!(expected.len(), known, "({lon}, {lat}, {radius})");
        }
        let adql = format!(
            "SELECT hip FROM sky.stars WHERE CONTAINS(POINT(ra, dec), CIRCLE({lon}, {lat}, {radius})) = 1"
        );
        let (found, _) = ask(&local, &adql).await.unwrap();
        let found: BTreeSet<i32> =
            found.column(0).as_primitive::<Int32Type>().values().iter().copied().collect();
        assert_eq!(found, expected, "{adql}");
    }
}

#[tokio::test]
async fn columns_say_what_they_mean() {
    let local = local();
    let adql = "SELECT TOP 1 s.ra AS alpha, s.mag, s.mag + 1 AS fainter, n.name \
                FROM sky.stars AS s JOIN sky.star_names AS n ON s.hip = n.hip";
    let (batch, _) = ask(&local, adql).await.unwrap();
    let schema = batch.schema();
    let said = |column: &str, key: &str| schema.field_with_name(column).unwrap().metadata().get(key).cloned();
    assert_eq!(said("alpha", meta::UNIT).as_deref(), Some("deg"));
    assert_eq!(said("alpha", meta::UCD).as_deref(), Some("pos.eq.ra;meta.main"));
    assert!(said("mag", meta::DESCRIPTION).unwrap().contains("magnitude"));
    assert_eq!(said("fainter", meta::UCD), None, "an expression is not the column");
    assert_eq!(schema.field_with_name("name").unwrap().data_type(), &DataType::Utf8);

    let table = local.table("SKY.Stars").await.unwrap().unwrap().view();
    let (ra, dec) = table.position().unwrap();
    assert_eq!((ra.name.as_str(), dec.name.as_str()), ("ra", "dec"));
    assert_eq!(table.table.rows, Some(118_216));
    assert!(table.columns.iter().all(|c| c.ucd.is_some() && c.description.is_some()));
    assert!(local.known().credit.as_deref().unwrap().contains("BSD-3-Clause"));
}

#[tokio::test]
async fn the_row_limit_cuts_and_says_so() {
    let local = local();
    for (adql, limit, rows, whole) in [
        ("SELECT hip FROM sky.stars", 10_000, 10_000, false),
        ("SELECT hip FROM sky.stars", 1, 1, false),
        ("SELECT hip FROM sky.stars", 118_216, 118_216, true),
        ("SELECT hip FROM sky.stars", 118_215, 118_215, false),
        ("SELECT TOP 50 hip FROM sky.stars", 50, 50, true),
        ("SELECT TOP 51 hip FROM sky.stars", 50, 50, false),
        ("SELECT hip FROM sky.stars WHERE hip < 0", 5, 0, true),
    ] {
        let answer = local.run(adql, limit, CancellationToken::new()).await.unwrap();
        let (batch, outcome) = collect(answer).await.unwrap();
        assert_eq!(batch.num_rows(), rows, "{adql}, {limit}");
        match outcome {
            Outcome::Complete => assert!(whole, "{adql}, {limit}"),
            Outcome::Overflow { sentence } => {
                assert!(!whole, "{adql}, {limit}");
                assert!(sentence.contains(&limit.to_string()), "{sentence}");
            }
        }
    }
}
