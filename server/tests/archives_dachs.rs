//! An archive that nobody here wrote: GAVO DaCHS with a table of stars, over TAP. `tools/servers/dachs` starts it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so by stopping")]

use app::features::archives::model::ColumnKind;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::util::display::array_value_to_string;
use futures::TryStreamExt as _;
use skyport::features::archives::archive::{Archive, Card, Outcome};
use skyport::features::archives::fault::ArchiveFault;
use skyport::features::archives::remote::{Reach, RemoteArchive};
use skyport::metrics::Metrics;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

/// The running server. It ends when its standard input closes, even if this test is killed.
struct Dachs {
    url: Url,
    process: Child,
}

impl Dachs {
    fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/servers/dachs");
        let mut process = Command::new(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("tools/servers/dachs can be run");
        let output = BufReader::new(process.stdout.take().expect("its output"));
        let ready = output.lines().find_map(|line| line.ok()?.strip_prefix("ready ").map(str::to_owned));
        let ready = ready.expect("the server of the tests starts; make it once: ./dev servers");
        let ready: serde_json::Value = serde_json::from_str(&ready).expect("JSON");
        let url = ready["url"].as_str().expect("an address").parse().expect("an address");
        Self { url, process }
    }

    fn archive(&self) -> RemoteArchive {
        let card = Card {
            name: "dachs".into(),
            title: "DaCHS".into(),
            sentence: String::new(),
            address: Some(self.url.to_string()),
        };
        let reach = Reach {
            url: self.url.clone(),
            token: None,
            redirect_hosts: Vec::new(),
            silence: Duration::from_mins(1),
            answer_time: Duration::from_mins(2),
            answer_mib: 256,
        };
        RemoteArchive::new(card, reach, &tap::Http::new().unwrap(), Metrics::new().unwrap()).unwrap()
    }
}

impl Drop for Dachs {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

async fn ask(
    archive: &RemoteArchive,
    adql: &str,
    limit: u64,
) -> Result<(Vec<String>, Outcome), ArchiveFault> {
    let answer = archive.run(adql, limit, CancellationToken::new()).await?;
    let batches: Vec<RecordBatch> = answer.batches.try_collect().await?;
    let whole = concat_batches(&answer.schema, &batches).unwrap();
    let cell = |column: usize, row| array_value_to_string(whole.column(column), row).unwrap();
    let row = |row| (0..whole.num_columns()).map(|column| cell(column, row)).collect::<Vec<_>>().join("|");
    Ok(((0..whole.num_rows()).map(row).collect(), answer.ending.outcome().expect("an end").clone()))
}

/// One start of the server for everything: it takes seconds.
#[tokio::test]
async fn dachs_is_an_archive_like_any_other() {
    let dachs = Dachs::start();
    let archive = dachs.archive();

    assert!(archive.probe().await.unwrap().row_limit.is_some(), "it tells its limit");

    let tables = archive.tables().await.unwrap();
    let stars = tables.table("demo.stars").expect("the table of stars");
    assert_eq!(&*stars.name, "demo.stars");
    let stars = archive.table("demo.stars").await.unwrap().unwrap().view();
    let (ra, dec) = stars.position().expect("a position");
    for column in [ra, dec] {
        assert_eq!(column.kind, ColumnKind::Number);
        assert_eq!(column.unit.as_deref(), Some("deg"));
        assert!(column.ucd.as_deref().is_some_and(|ucd| ucd.starts_with("pos.eq.")));
        assert!(column.description.is_some());
    }
    let (ra, dec) = (ra.name.clone(), dec.name.clone());
    let mag = stars.columns.iter().find(|c| c.ucd.as_deref().is_some_and(|u| u.starts_with("phot.mag")));
    let mag = mag.expect("a magnitude").name.clone();
    let id = stars.columns.iter().find(|c| c.ucd.as_deref().is_some_and(|u| u.starts_with("meta.id")));
    let id = id.expect("an identifier").name.clone();

    let cone = format!(
        "SELECT TOP 3 {id}, {mag} FROM demo.stars \
         WHERE 1 = CONTAINS(POINT('ICRS', {ra}, {dec}), CIRCLE('ICRS', 83.8, -5.4, 3)) ORDER BY {mag}"
    );
    assert!(archive.check(&cone).is_none());
    let (rows, _) = ask(&archive, &cone, 100).await.unwrap();
    assert_eq!(rows, ["26241|2.75", "26549|3.77", "26237|4.58"]);
    let (rows, outcome) = ask(&archive, "SELECT COUNT(*) AS n FROM demo.stars", 100).await.unwrap();
    assert_eq!((rows.as_slice(), outcome), (&["41411".to_owned()][..], Outcome::Complete));

    let (rows, outcome) = ask(&archive, &format!("SELECT {id} FROM demo.stars"), 50).await.unwrap();
    assert_eq!(rows.len(), 50);
    assert!(matches!(outcome, Outcome::Overflow { sentence } if sentence.contains("the 50 rows")));

    let text = "SELECT TOP 3 * FORM demo.stars";
    let fault = ask(&archive, text, 10).await.unwrap_err();
    let said = fault.to_string();
    assert!(said.starts_with("DaCHS refused the query: “"), "{said}");
    assert!(
        matches!(&fault, ArchiveFault::Adql(fault) if fault.start > 0 && fault.start < text.len()),
        "{fault:?}"
    );

    let text = "SELECT COUNT(*) FROM demo.starz";
    match ask(&archive, text, 10).await {
        Err(ArchiveFault::Adql(fault)) => {
            assert_eq!(&text[fault.start..fault.end], "demo.starz");
            assert_eq!(fault.nearest.first().map(String::as_str), Some("demo.stars"));
        }
        other => panic!("{other:?}"),
    }
}
