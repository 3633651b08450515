//! Servers that take their time, fall silent, or hang up.

use std::time::Duration;

use tap::{Error, Options, Waiting};

use crate::server::{Conn, OK, Server, ask, head, quick, refused, rows_from, soon, votable};

fn timeouts(change: impl FnOnce(&mut tap::Timeouts)) -> Options {
    let mut options = quick();
    change(&mut options.timeouts);
    options
}

fn waited_for(error: &Error) -> Waiting {
    match error {
        Error::Timeout { waiting, .. } => *waiting,
        other => panic!("{other:?}"),
    }
}

const SHORT: Duration = Duration::from_millis(150);

#[tokio::test]
async fn a_server_that_never_answers() {
    let server = Server::start(|mut conn| async move { conn.closed().await }).await;
    let error = refused(&server.client_with(timeouts(|t| t.first_byte = SHORT))).await;
    assert_eq!(waited_for(&error), Waiting::FirstByte);
    assert!(error.to_string().contains("did not begin to answer within 150 ms"), "{error}");
    let error = server.client_with(timeouts(|t| t.total = SHORT)).capabilities().await.unwrap_err();
    assert_eq!(waited_for(&error), Waiting::End);
}

#[tokio::test]
async fn a_server_that_falls_silent_after_rows() {
    let server = Server::start(|mut conn| async move {
        conn.chunked_head().await;
        conn.chunk(&head(OK)).await;
        conn.chunk(&rows_from(0, 10)).await;
        conn.closed().await;
    })
    .await;
    let (rows, _, error) = ask(&server.client_with(timeouts(|t| t.idle = SHORT))).await.unwrap();
    assert_eq!(rows, 10);
    let error = error.unwrap();
    assert_eq!(waited_for(&error), Waiting::NextByte);
    assert!(error.to_string().contains("after 10 rows"), "{error}");
}

#[tokio::test]
async fn a_server_that_falls_silent_after_its_head() {
    let server = Server::start(|mut conn| async move {
        conn.chunked_head().await;
        conn.closed().await;
    })
    .await;
    let error = refused(&server.client_with(timeouts(|t| t.idle = SHORT))).await;
    assert_eq!(waited_for(&error), Waiting::NextByte);
    let error = server.client_with(timeouts(|t| t.idle = SHORT)).tables(tap::Detail::Min).await.unwrap_err();
    assert_eq!(waited_for(&error), Waiting::NextByte);
}

#[tokio::test]
async fn a_refusal_that_trickles_is_not_waited_for() {
    let server = Server::start(|mut conn| async move {
        conn.write("HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n").await;
        let mut tick = tokio::time::interval(Duration::from_millis(5));
        conn.chunk("members ").await;
        while conn.chunk("only ").await {
            tick.tick().await;
        }
    })
    .await;
    let error = soon(refused(&server.client_with(timeouts(|t| t.idle = SHORT)))).await;
    assert!(
        matches!(&error, Error::Forbidden { said: Some(s), .. } if s.starts_with("members only")),
        "{error:?}"
    );
}

/// Keeps one row coming every now and then, for ever.
async fn trickle(mut conn: Conn) {
    conn.chunked_head().await;
    conn.chunk(&head(OK)).await;
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    for row in 0.. {
        tick.tick().await;
        if !conn.chunk(&rows_from(row, 1)).await {
            return;
        }
    }
}

#[tokio::test]
async fn a_server_that_trickles_for_ever_meets_the_total() {
    let server = Server::start(trickle).await;
    let options = timeouts(|t| t.total = Duration::from_millis(400));
    let (rows, _, error) = soon(ask(&server.client_with(options))).await.unwrap();
    let error = error.unwrap();
    assert!(matches!(error, Error::Timeout { waiting: Waiting::End, rows: r, .. } if r == rows), "{error:?}");
    assert!(rows > 0);
}

#[tokio::test]
async fn a_connection_cut_in_the_middle_keeps_the_rows_before() {
    let chunked = Server::start(|mut conn| async move {
        conn.chunked_head().await;
        conn.chunk(&head(OK)).await;
        conn.chunk(&rows_from(0, 100)).await;
        conn.chunk("<TR><TD>100</TD><T").await;
    })
    .await;
    let short = Server::start(|mut conn| async move {
        conn.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n").await;
        conn.write(head(OK) + &rows_from(0, 100)).await;
    })
    .await;
    // Without a length or chunks the end of the connection is the end of the body.
    let unframed = Server::start(|mut conn| async move {
        conn.write("HTTP/1.0 200 OK\r\n\r\n").await;
        conn.write(head(OK) + &rows_from(0, 100)).await;
    })
    .await;
    for server in [chunked, short, unframed] {
        let (rows, answer, error) = ask(&server.client()).await.unwrap();
        assert_eq!(rows, 100);
        let error = error.unwrap();
        assert!(matches!(error, Error::Cut { rows: 100, .. }), "{error:?}");
        assert!(error.to_string().contains("was cut after 100 rows"), "{error}");
        assert!(answer.outcome().is_none());
    }
}

#[tokio::test]
async fn a_connection_reset_in_the_middle_is_cut_too() {
    let go = std::sync::Arc::new(tokio::sync::Notify::new());
    let wait = std::sync::Arc::clone(&go);
    let server = Server::start(move |mut conn| {
        let wait = std::sync::Arc::clone(&wait);
        async move {
            conn.chunked_head().await;
            conn.chunk(&head(OK)).await;
            // Several batches, so that rows arrive before the reset, however much is waited for before they are read.
            conn.chunk(&rows_from(0, 30_000)).await;
            wait.notified().await;
            conn.reset();
        }
    })
    .await;
    let cancel = tokio_util::sync::CancellationToken::new();
    let mut answer = server.client().query("SELECT 1", None, cancel).await.unwrap();
    let first = answer.next_batch().await.unwrap().unwrap().num_rows() as u64;
    go.notify_one();
    let (rest, error) = crate::server::drain(&mut answer).await;
    let error = error.unwrap();
    assert!(matches!(error, Error::Cut { rows, source: Some(_), .. } if rows == first + rest), "{error:?}");
}

#[tokio::test]
async fn a_connection_cut_before_the_table() {
    for sent in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<VOTABLE>",
    ] {
        let server = Server::start(move |mut conn| async move {
            conn.write(sent).await;
        })
        .await;
        let error = refused(&server.client()).await;
        assert!(matches!(error, Error::Cut { rows: 0, .. }), "{sent:?}: {error:?}");
    }
}

#[tokio::test]
async fn nobody_there() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = url::Url::parse(&format!("http://{address}/tap")).unwrap();
    let client = tap::Client::new(url, tap::Http::new().unwrap(), quick()).unwrap();
    assert!(matches!(refused(&client).await, Error::Unreachable { .. }));
    assert!(matches!(client.capabilities().await, Err(Error::Unreachable { .. })));
}

#[tokio::test]
async fn a_caller_that_takes_its_time_is_not_a_silent_server() {
    let server = Server::with_votable(votable(OK, 60_000, "")).await;
    let client = server.client_with(timeouts(|t| t.idle = SHORT));
    let cancel = tokio_util::sync::CancellationToken::new();
    let mut answer = client.query("SELECT 1", None, cancel).await.unwrap();
    // Longer than the idle limit, with most of the answer waiting in the pipes.
    tokio::time::sleep(SHORT * 3).await;
    let (rows, error) = crate::server::drain(&mut answer).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(rows, 60_000);
}
