//! Answers that are too large, in every direction.

use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use tap::{Completion, Detail, Error};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::cancel::pour;
use crate::server::{OK, Server, ask, drain, head, quick, refused, rows_from, soon, tail, votable};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

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

#[tokio::test]
async fn endless_rows_stop_at_the_row_limit_and_the_connection_is_dropped() {
    let (server, gone) = endless().await;
    let mut options = quick();
    options.limits.max_rows = 12_345;
    let (rows, answer, error) = ask(&server.client_with(options)).await.unwrap();
    assert!(error.is_none(), "{error:?}");
    assert_eq!(rows, 12_345);
    let outcome = answer.outcome().unwrap();
    assert_eq!((outcome.completion, outcome.rows), (Completion::RowLimit { limit: 12_345 }, 12_345));
    // Not by dropping the answer: it still lives.
    soon(gone.notified()).await;
    drop(answer);
}

#[tokio::test]
async fn a_service_that_ignores_maxrec_is_held_to_it() {
    let (server, gone) = endless().await;
    let mut answer = server.client().query("SELECT 1", Some(10), CancellationToken::new()).await.unwrap();
    let (rows, error) = drain(&mut answer).await;
    assert!(rows == 10 && error.is_none());
    assert_eq!(answer.outcome().unwrap().completion, Completion::RowLimit { limit: 10 });
    soon(gone.notified()).await;
}

#[tokio::test]
async fn exactly_as_many_rows_as_allowed_are_all_rows() {
    let server = Server::with_votable(votable(OK, 10, "")).await;
    let mut answer = server.client().query("SELECT 1", Some(10), CancellationToken::new()).await.unwrap();
    let (rows, error) = drain(&mut answer).await;
    assert!(rows == 10 && error.is_none());
    assert_eq!(answer.outcome().unwrap().completion, Completion::Complete);
}

#[tokio::test]
async fn maxrec_zero_gives_columns_alone() {
    let server = Server::with_votable(votable(OK, 0, "")).await;
    let mut answer = server.client().query("SELECT 1", Some(0), CancellationToken::new()).await.unwrap();
    assert_eq!(answer.schema().fields().len(), 2);
    assert_eq!(drain(&mut answer).await.0, 0);
    assert_eq!(server.asked()[0].param("MAXREC").as_deref(), Some("0"));
}

#[tokio::test]
async fn endless_bytes_stop_at_the_byte_limit_and_the_rows_before_are_kept() {
    let (server, gone) = endless().await;
    let mut options = quick();
    options.limits.max_bytes = 1 << 20;
    let (rows, answer, error) = ask(&server.client_with(options)).await.unwrap();
    assert!(rows > 0);
    assert!(
        matches!(error, Some(Error::TooManyBytes { limit, rows: r }) if limit == 1 << 20 && r == rows),
        "{error:?}"
    );
    soon(gone.notified()).await;
    drop(answer);
}

#[tokio::test]
async fn a_gzip_answer_is_read() {
    let body = gzip(votable(OK, 1_000, "").as_bytes());
    let server = Server::with_answer("200 OK", "Content-Encoding: gzip\r\n", body).await;
    let (rows, answer, error) = ask(&server.client()).await.unwrap();
    assert!(rows == 1_000 && error.is_none(), "{error:?}");
    assert_eq!(answer.outcome().unwrap().bytes, votable(OK, 1_000, "").len() as u64);
    assert!(server.asked()[0].header("accept-encoding").unwrap().contains("gzip"));
}

#[tokio::test]
async fn a_gzip_bomb_is_counted_as_it_unpacks() {
    let mut text = head(OK).into_bytes();
    text.resize(64 << 20, b' ');
    let body = gzip(&text);
    assert!(body.len() < 1 << 20);
    let server = Server::with_answer("200 OK", "Content-Encoding: gzip\r\n", body).await;
    let mut options = quick();
    options.limits.max_bytes = 2 << 20;
    let client = server.client_with(options);
    let (_, answer, error) = ask(&client).await.unwrap();
    assert!(matches!(error, Some(Error::TooManyBytes { .. })), "{error:?}");
    assert!(answer.bytes() <= 2 << 20, "{}", answer.bytes());
}

#[tokio::test]
async fn a_cut_gzip_answer_is_a_cut_answer() {
    let whole = (0..200).map(|i| rows_from(i * 977, 100)).collect::<String>();
    let body = gzip((head(OK) + &whole + &tail("")).as_bytes());
    let half = body[..body.len() / 2].to_vec();
    let server = Server::start(move |mut conn| {
        let half = half.clone();
        async move {
            conn.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99999999\r\n\r\n").await;
            conn.write(half).await;
        }
    })
    .await;
    let (rows, _, error) = ask(&server.client()).await.unwrap();
    assert!(rows > 0);
    assert!(matches!(error, Some(Error::Cut { rows: r, .. }) if r == rows), "{error:?}");
}

#[tokio::test]
async fn white_space_without_end_is_no_answer() {
    let server = Server::start(|mut conn| async move {
        conn.chunked_head().await;
        let blank = " ".repeat(10_000);
        while conn.chunk(&blank).await {}
    })
    .await;
    assert!(matches!(refused(&server.client()).await, Error::Empty { .. }));
}

#[tokio::test]
async fn an_endless_error_page_is_cut_short() {
    let server = Server::start(|mut conn| async move {
        conn.write("HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n").await;
        conn.chunk("<html><title>Down</title>").await;
        let page = "<p>sorry</p>".repeat(1_000);
        while conn.chunk(&page).await {}
    })
    .await;
    let error = refused(&server.client()).await;
    assert!(matches!(&error, Error::NotATable { said, .. } if said == "Down"), "{error:?}");
}

#[tokio::test]
async fn table_sets_have_limits_too() {
    let table = "<table><name>t</name><column><name>c</name></column></table>";
    let set = format!("<tableset><schema><name>s</name>{}</schema></tableset>", table.repeat(100));
    let server = Server::with_votable(set).await;
    let mut options = quick();
    options.limits.max_tables = 50;
    let error = server.client_with(options.clone()).tables(Detail::AsServed).await.unwrap_err();
    assert!(matches!(&error, Error::BadDocument { reason, .. } if reason.contains("50 tables")), "{error:?}");
    options.limits.max_tables = 1_000;
    options.limits.max_columns = 99;
    let error = server.client_with(options.clone()).tables(Detail::AsServed).await.unwrap_err();
    assert!(
        matches!(&error, Error::BadDocument { reason, .. } if reason.contains("99 columns")),
        "{error:?}"
    );
    options.limits.max_columns = 100;
    options.limits.max_metadata_bytes = 1_000;
    let error = server.client_with(options.clone()).tables(Detail::AsServed).await.unwrap_err();
    assert!(matches!(error, Error::TooManyBytes { limit: 1_000, .. }), "{error:?}");
    options.limits.max_metadata_bytes = 1 << 20;
    let set = server.client_with(options).tables(Detail::AsServed).await.unwrap();
    assert_eq!(set.tables().count(), 100);
}
