//! Limits of time on bodies.

use std::time::Duration;

use passage::{Limits, Upstream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{ended, front, raw, read_head};

const BRIEF: Duration = Duration::from_millis(50);

fn brief() -> Limits {
    Limits { first_byte: Some(BRIEF), idle_body: Some(BRIEF), ..Limits::default() }
}

#[tokio::test]
async fn an_answer_that_stops_is_broken_off() {
    let upstream = raw(|mut stream| async move {
        read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello").await.unwrap();
        ended(&mut stream).await;
    })
    .await;
    let limits = Limits { first_byte: None, ..brief() };
    let front = front(limits, Upstream::new(upstream)).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.contains("content-length: 10\r\n") && answer.ends_with("hello"), "{answer}");
}

#[tokio::test]
async fn events_may_take_their_time() {
    let upstream = raw(|mut stream| async move {
        read_head(&mut stream).await;
        tokio::time::sleep(3 * BRIEF).await;
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n")
            .await
            .unwrap();
        tokio::time::sleep(3 * BRIEF).await;
        stream.write_all(b"data: 1\n\n").await.unwrap();
    })
    .await;
    let front = front(brief(), Upstream::new(upstream)).await;
    let answer = crate::support::get(front, "Accept: text/event-stream\r\n").await;
    assert!(answer.contains("data: 1\n\n") && answer.ends_with("0\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn a_slow_upload_is_no_late_answer() {
    let upstream = raw(|mut stream| async move {
        read_head(&mut stream).await;
        let mut upload = [0; 20];
        stream.read_exact(&mut upload).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    })
    .await;
    let limit = Duration::from_secs(8);
    let front = front(Limits { first_byte: Some(limit), ..Limits::default() }, Upstream::new(upstream)).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n").await.unwrap();
    for _ in 0..20 {
        // All of them together take longer than the limit, each so much less that no busy machine makes it longer.
        tokio::time::sleep(limit / 16).await;
        stream.write_all(b"x").await.unwrap();
    }
    let head = read_head(&mut stream).await.unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
}
