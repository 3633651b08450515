//! Cancelling really stops the work: seen by what the engine still does, not by how long anything takes.

use crate::support::{DEADLINE, local, until};
use futures::StreamExt as _;
use skyport::features::archives::archive::Archive;
use skyport::features::archives::fault::ArchiveFault;
use skyport::features::archives::local::LocalArchive;
use tokio_util::sync::CancellationToken;

/// Fourteen thousand million distances: hours of work.
const HEAVY: &str =
    "SELECT COUNT(*) FROM sky.stars AS a, sky.stars AS b WHERE DISTANCE(a.ra, a.dec, b.ra, b.dec) < 0.00001";
/// The same many comparisons without a function of ours.
const HEAVY_PLAIN: &str = "SELECT COUNT(*) FROM sky.messier AS a, sky.messier AS b, sky.messier AS c, sky.stars AS d \
     WHERE SIN(a.ra + b.ra) > COS(c.ra + d.ra) + 5";

async fn stops(local: &LocalArchive) {
    until("the end of all work", || async { local.meter().readers() == 0 }).await;
    let done = local.meter().distances();
    tokio::task::yield_now().await;
    assert_eq!(local.meter().distances(), done, "nothing goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_the_token() {
    for adql in [HEAVY, HEAVY_PLAIN] {
        let local = local();
        let cancel = CancellationToken::new();
        let mut answer = local.run(adql, 10, cancel.clone()).await.unwrap();
        until("the work", || async { local.meter().readers() > 0 }).await;
        cancel.cancel();
        let end = tokio::time::timeout(DEADLINE, answer.batches.next()).await.expect("an end");
        assert!(matches!(end, Some(Err(ArchiveFault::Cancelled))), "{end:?}");
        assert!(answer.ending.outcome().is_none());
        stops(&local).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_dropping_the_answer() {
    let local = local();
    let answer = local.run(HEAVY, 10, CancellationToken::new()).await.unwrap();
    until("the work", || async { local.meter().distances() > 0 }).await;
    drop(answer);
    stops(&local).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_reaching_the_row_limit() {
    let local = local();
    let adql = "SELECT a.hip, b.hip AS other FROM sky.stars AS a, sky.stars AS b WHERE DISTANCE(a.ra, a.dec, b.ra, b.dec) < 90";
    let answer = local.run(adql, 5, CancellationToken::new()).await.unwrap();
    let rows: usize =
        answer.batches.map(|batch| batch.unwrap().num_rows()).collect::<Vec<_>>().await.iter().sum();
    assert_eq!(rows, 5);
    stops(&local).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_it_begins() {
    let local = local();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let fault = local.run(HEAVY, 10, cancel).await.err();
    assert!(matches!(fault, Some(ArchiveFault::Cancelled)), "{fault:?}");
    stops(&local).await;
}
