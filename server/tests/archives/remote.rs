//! Questions to TAP services, good and bad.

use crate::support::{ask, collect, rows};
use crate::tap_server::{Character, TapServer};
use app::error::Error;
use app::features::archives::model::ColumnKind;
use skyport::features::archives::archive::{Archive, Card, Outcome};
use skyport::features::archives::fault::ArchiveFault;
use skyport::features::archives::remote::{Reach, RemoteArchive};
use skyport::metrics::Metrics;
use std::time::Duration;
use tap::Http;
use tokio_util::sync::CancellationToken;
use url::Url;

fn archive(server: &TapServer, metrics: &Metrics, silence: Duration) -> RemoteArchive {
    let card = Card {
        name: "alpha".into(),
        title: "Alpha".into(),
        sentence: "A test.".into(),
        address: Some(server.url.clone()),
    };
    let reach = Reach {
        url: Url::parse(&server.url).unwrap(),
        token: None,
        redirect_hosts: Vec::new(),
        silence,
        answer_time: silence * 4,
        answer_mib: 64,
    };
    RemoteArchive::new(card, reach, &Http::new().unwrap(), metrics.clone()).unwrap()
}

#[tokio::test]
async fn a_good_one_tells_and_answers() {
    let server = TapServer::start(Character::Good).await;
    let metrics = Metrics::new().unwrap();
    let alpha = archive(&server, &metrics, Duration::from_secs(20));
    assert!(alpha.catalogue().is_none(), "nothing is asked before it is wanted");
    assert_eq!(alpha.probe().await.unwrap().row_limit, Some(5000));

    let set = alpha.tables().await.unwrap();
    assert_eq!(set.tables().len(), 2);
    let basic = alpha.table("PUBLIC.BASIC").await.unwrap().unwrap().view();
    let kinds: Vec<_> = basic.columns.iter().map(|c| (c.name.as_str(), c.kind)).collect();
    assert_eq!(
        kinds,
        [("oid", ColumnKind::Integer), ("ra", ColumnKind::Number), ("\"size\"", ColumnKind::Text)]
    );
    assert!(basic.columns[0].indexed && basic.columns[1].principal);
    let ident = alpha.table("public.ident").await.unwrap().unwrap().view();
    assert_eq!(ident.columns[0].ucd.as_deref(), Some("meta.id"), "asked for when looked at");
    assert!(alpha.table("public.nothing").await.unwrap().is_none());
    let catalogue = alpha.catalogue().unwrap();
    assert_eq!(catalogue.tables().iter().map(|t| t.columns.len()).collect::<Vec<_>>(), [3, 1]);

    let (batch, outcome) = ask(&alpha, "SELECT oid, ra FROM public.basic").await.unwrap();
    assert_eq!(rows(&batch), ["1|83.8", "2|", "3|10.5"]);
    assert_eq!(batch.schema().field(1).metadata().get(votable::meta::UNIT).map(String::as_str), Some("deg"));
    assert!(matches!(outcome, Outcome::Overflow { sentence } if sentence.contains("its own limit")));
    let answer = alpha.run("SELECT oid, ra FROM public.basic", 2, CancellationToken::new()).await.unwrap();
    let (batch, outcome) = collect(answer).await.unwrap();
    assert_eq!(batch.num_rows(), 2);
    assert!(matches!(outcome, Outcome::Overflow { sentence } if sentence.contains("the 2 rows")));
    let page = metrics.page();
    assert!(page.contains(r#"skyport_remote_calls_total{outcome="ok",remote="alpha"}"#), "{page}");
    assert!(page.contains(r#"skyport_remote_seconds_count{remote="alpha"}"#));
}

#[tokio::test]
async fn a_refusal_shows_where() {
    let server = TapServer::start(Character::Strict).await;
    let alpha = archive(&server, &Metrics::new().unwrap(), Duration::from_secs(20));
    let text = "SELECT *\nFROM objects";
    let Err(ArchiveFault::Adql(fault)) = ask(&alpha, text).await else { panic!("no place") };
    assert_eq!(&text[fault.start..fault.end], "objects");
    assert!(fault.sentence.starts_with("Alpha refused the query: “Encountered"), "{}", fault.sentence);

    alpha.tables().await.unwrap();
    let text = "SELECT ra FROM public.basics";
    let Err(ArchiveFault::Adql(fault)) = ask(&alpha, text).await else { panic!("no place") };
    assert_eq!(
        (&text[fault.start..fault.end], fault.nearest.as_slice()),
        ("public.basics", &["public.basic".to_owned()][..])
    );
}

#[tokio::test]
async fn bad_ones_say_what_they_are() {
    for (character, words) in [
        (Character::Closed, "Alpha cannot be reached."),
        (Character::Html, "Alpha answered with a web page, not with a table (“Down for maintenance”)."),
        (Character::Silent, "Alpha did not begin to answer within 0."),
    ] {
        let server = TapServer::start(character).await;
        let alpha = archive(&server, &Metrics::new().unwrap(), Duration::from_millis(200));
        let probe = alpha.probe().await.unwrap_err();
        let tables = alpha.tables().await.unwrap_err();
        let answer = ask(&alpha, "SELECT 1 FROM t").await.unwrap_err();
        for fault in [probe, tables, answer] {
            let sentence = fault.to_string();
            assert!(sentence.starts_with(words), "{character:?}: {sentence}");
            assert!(matches!(fault.into_error(), Error::Archive(same) if same == sentence));
        }
    }
}

#[tokio::test]
async fn a_silent_one_can_be_left() {
    let server = TapServer::start(Character::Silent).await;
    let alpha = archive(&server, &Metrics::new().unwrap(), Duration::from_mins(10));
    let cancel = CancellationToken::new();
    let run = alpha.run("SELECT 1 FROM t", 10, cancel.clone());
    let leave = async {
        crate::support::until("the request", || async {
            server.requests.load(std::sync::atomic::Ordering::SeqCst) > 0
        })
        .await;
        cancel.cancel();
    };
    let (fault, ()) = tokio::join!(run, leave);
    assert!(matches!(fault, Err(ArchiveFault::Cancelled)));
}
