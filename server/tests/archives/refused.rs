//! What the local archive refuses, and where.

use crate::support::{ask, local};
use app::error::Error;
use skyport::features::archives::archive::Archive;
use skyport::features::archives::fault::ArchiveFault;

#[tokio::test]
async fn faults_have_a_place_and_the_nearest_names() {
    let local = local();
    for (adql, at, nearest) in [
        ("SELECT hip FROM sky.starz", "sky.starz", Some("sky.stars")),
        ("SELECT hip,\n  magn FROM sky.stars", "magn", Some("mag")),
        ("SELECT s.hip FROM sky.stars AS t", "s", Some("t")),
        ("SELECT SQRTT(mag) FROM sky.stars", "SQRTT", Some("SQRT")),
        ("SELECT hip FORM sky.stars", "sky", None),
        ("SELECT hip FROM sky.stars WHERE mag < 'six'", "mag < 'six'", None),
        (
            "SELECT hip FROM sky.stars WHERE 1 = INTERSECTS(POINT(ra, dec), CIRCLE(1, 2, 3))",
            "INTERSECTS",
            None,
        ),
        ("SELECT hip FROM sky.stars LIMIT 3", "LIMIT", None),
        ("DROP TABLE sky.stars", "DROP", None),
        ("SELECT hip FROM sky.stars; SELECT 1", "SELECT", None),
        ("", "", None),
    ] {
        let fault = local.check(adql).unwrap_or_else(|| panic!("{adql} was let through"));
        let place = &adql[fault.start..fault.end];
        assert!(place.contains(at) || at.contains(place), "{adql}: at {place:?}: {}", fault.sentence);
        if let Some(name) = nearest {
            assert_eq!(fault.nearest.first().map(String::as_str), Some(name), "{adql}: {:?}", fault.nearest);
        }
        let before = &adql[..fault.start];
        assert_eq!(fault.line, before.matches('\n').count() + 1, "{adql}");
        match ask(&local, adql).await {
            Err(ArchiveFault::Adql(same)) => assert_eq!(same, fault, "{adql}"),
            other => panic!("{adql}: {other:?}"),
        }
    }
    assert!(local.check("SELECT TOP 3 hip FROM sky.stars").is_none());
}

#[tokio::test]
async fn a_question_cannot_take_the_machine() {
    let local = local();
    // Sorting every pair of deep-sky objects needs gigabytes; nothing may be written to the disk for it.
    let adql = "SELECT TOP 1000000 a.id, b.id AS other, a.name, b.name AS other_name, a.morphology, b.morphology AS m \
                FROM sky.dsos AS a, sky.dsos AS b ORDER BY a.mag + b.mag, a.bv, b.bv, other DESC";
    match ask(&local, adql).await {
        Err(fault @ ArchiveFault::TooHeavy) => {
            assert!(matches!(fault.into_error(), Error::Limit(sentence) if sentence.contains("memory")));
        }
        other => panic!("{other:?}"),
    }
    assert!(ask(&local, "SELECT COUNT(*) FROM sky.stars").await.is_ok(), "others go on");
}

#[tokio::test]
async fn what_has_no_value_is_missing() {
    let local = local();
    let adql = "SELECT 1 / (number - number) AS a, SQRT(-number) AS b, LOG(0) AS c FROM sky.messier";
    let (batch, _) = ask(&local, adql).await.unwrap();
    assert_eq!(batch.num_rows(), 110);
    assert!(batch.columns().iter().all(|column| column.null_count() == 110), "{batch:?}");
}
