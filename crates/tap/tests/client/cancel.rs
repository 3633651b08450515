//! Nobody wants the answer any more: the server sees the connection close.

use std::sync::Arc;

use tap::Error;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::server::{Conn, OK, Server, head, quick, rows_from, soon};

/// A server that sends rows without end, and a signal for when its client has gone.
async fn endless() -> (Server, Arc<Notify>) {
    let gone = Arc::new(Notify::new());
    let signal = Arc::clone(&gone);
    let server = Server::start(move |conn| {
        let signal = Arc::clone(&signal);
        async move {
            pour(conn).await;
            signal.notify_one();
        }
    })
    .await;
    (server, gone)
}

/// Sends rows until the client has gone.
pub(crate) async fn pour(mut conn: Conn) {
    if !(conn.chunked_head().await && conn.chunk(&head(OK)).await) {
        return;
    }
    let rows = rows_from(0, 5_000);
    while conn.chunk(&rows).await {}
}

/// A server that sends this much and then waits for its client to go.
async fn stalling(rows: Option<u64>) -> (Server, Arc<Notify>, Arc<Notify>) {
    let (arrived, gone) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let signals = (Arc::clone(&arrived), Arc::clone(&gone));
    let server = Server::start(move |mut conn| {
        let signals = (Arc::clone(&signals.0), Arc::clone(&signals.1));
        async move {
            if let Some(rows) = rows {
                conn.chunked_head().await;
                conn.chunk(&(head(OK) + &rows_from(0, rows))).await;
            }
            signals.0.notify_one();
            conn.closed().await;
            signals.1.notify_one();
        }
    })
    .await;
    (server, arrived, gone)
}

#[tokio::test]
async fn dropping_the_answer_closes_the_connection() {
    let (server, gone) = endless().await;
    let mut answer = server.client().query("SELECT 1", None, CancellationToken::new()).await.unwrap();
    answer.next_batch().await.unwrap().unwrap();
    drop(answer);
    soon(gone.notified()).await;
}

#[tokio::test]
async fn dropping_an_answer_whose_server_stalls_closes_the_connection() {
    let (server, _, gone) = stalling(Some(3)).await;
    let answer = server.client().query("SELECT 1", None, CancellationToken::new()).await.unwrap();
    drop(answer);
    soon(gone.notified()).await;
}

#[tokio::test]
async fn cancelling_closes_the_connection_and_ends_the_stream() {
    let (server, gone) = endless().await;
    let cancel = CancellationToken::new();
    let mut answer = server.client().query("SELECT 1", None, cancel.clone()).await.unwrap();
    let rows = answer.next_batch().await.unwrap().unwrap().num_rows() as u64;
    cancel.cancel();
    soon(gone.notified()).await;
    let error = answer.next_batch().await.unwrap_err();
    assert!(matches!(error, Error::Cancelled { rows: r } if r == rows), "{error:?}");
    assert!(answer.next_batch().await.unwrap().is_none());
}

#[tokio::test]
async fn cancelling_wakes_who_waits_for_rows() {
    let (server, _, gone) = stalling(Some(0)).await;
    let cancel = CancellationToken::new();
    let mut answer = server.client().query("SELECT 1", None, cancel.clone()).await.unwrap();
    let waiting = tokio::spawn(async move { answer.next_batch().await });
    cancel.cancel();
    let error = soon(waiting).await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Cancelled { rows: 0 }), "{error:?}");
    soon(gone.notified()).await;
}

#[tokio::test]
async fn cancelling_before_the_first_byte_closes_the_connection() {
    let (server, arrived, gone) = stalling(None).await;
    let cancel = CancellationToken::new();
    let client = server.client();
    let asking = tokio::spawn({
        let cancel = cancel.clone();
        async move { client.query("SELECT 1", None, cancel).await.map(|_| ()) }
    });
    soon(arrived.notified()).await;
    cancel.cancel();
    assert!(matches!(soon(asking).await.unwrap(), Err(Error::Cancelled { rows: 0 })));
    soon(gone.notified()).await;
}

#[tokio::test]
async fn dropping_the_question_closes_the_connection() {
    let (server, arrived, gone) = stalling(None).await;
    let client = server.client();
    let asking =
        tokio::spawn(
            async move { client.query("SELECT 1", None, CancellationToken::new()).await.map(|_| ()) },
        );
    soon(arrived.notified()).await;
    asking.abort();
    soon(gone.notified()).await;
}

#[tokio::test]
async fn dropping_a_metadata_request_closes_the_connection() {
    let gone = Arc::new(Notify::new());
    let arrived = Arc::new(Notify::new());
    let signals = (Arc::clone(&arrived), Arc::clone(&gone));
    let server = Server::start(move |mut conn| {
        let signals = (Arc::clone(&signals.0), Arc::clone(&signals.1));
        async move {
            conn.chunked_head().await;
            conn.chunk("<tableset><schema><name>a</name>").await;
            signals.0.notify_one();
            conn.closed().await;
            signals.1.notify_one();
        }
    })
    .await;
    let client = server.client_with(quick());
    let asking = tokio::spawn(async move { client.tables(tap::Detail::AsServed).await.map(|_| ()) });
    soon(arrived.notified()).await;
    asking.abort();
    soon(gone.notified()).await;
}

#[tokio::test]
async fn a_cancelled_token_asks_nothing() {
    let (server, _) = endless().await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let error = server.client().query("SELECT 1", None, cancel).await.map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::Cancelled { rows: 0 }));
    assert!(server.asked().is_empty());
}
