//! `Expect: 100-continue` (RFC 9110 section 10.1.1): the upstream decides whether the body is sent.

use std::time::Duration;

use passage::{Limits, Upstream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{front, plain_front, raw, read_head};

const ASK: &[u8] = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";

#[tokio::test]
async fn the_body_waits_for_the_upstreams_word() {
    let (go, may_go) = tokio::sync::oneshot::channel::<()>();
    let may_go = std::sync::Arc::new(tokio::sync::Mutex::new(Some(may_go)));
    let upstream = raw(move |mut stream| {
        let may_go = std::sync::Arc::clone(&may_go);
        async move {
            // Without this in it, nothing goes on.
            if !read_head(&mut stream).await.unwrap().contains("expect: 100-continue") {
                return;
            }
            may_go.lock().await.take().unwrap().await.unwrap();
            stream
                .write_all(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")
                .await
                .unwrap();
            let mut body = [0; 5];
            stream.read_exact(&mut body).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").await.unwrap();
            stream.write_all(&body).await.unwrap();
        }
    })
    .await;
    let limits = Limits { awaited_continue: Duration::from_hours(1), ..Limits::default() };
    let front = front(limits, Upstream::new(upstream)).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    go.send(()).unwrap();
    let interim = read_head(&mut stream).await.unwrap();
    assert_eq!(interim, "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").await.unwrap();
    let head = read_head(&mut stream).await.unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let mut body = [0; 5];
    stream.read_exact(&mut body).await.unwrap();
    assert_eq!(&body, b"hello");
}

#[tokio::test]
async fn a_no_comes_without_the_body() {
    let (tell, mut told) = tokio::sync::mpsc::channel(1);
    let upstream = raw(move |mut stream| {
        let tell = tell.clone();
        async move {
            read_head(&mut stream).await.unwrap();
            stream
                .write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig")
                .await
                .unwrap();
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest).await;
            tell.send(rest).await.unwrap();
        }
    })
    .await;
    let limits = Limits { awaited_continue: Duration::from_hours(1), ..Limits::default() };
    let front = front(limits, Upstream::new(upstream)).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    let head = read_head(&mut stream).await.unwrap();
    assert!(head.starts_with("HTTP/1.1 413"), "{head}");
    let mut body = [0; 3];
    stream.read_exact(&mut body).await.unwrap();
    assert_eq!(&body, b"big");
    assert_eq!(told.recv().await.unwrap(), b"", "not a byte of the body");
}

#[tokio::test]
async fn an_upstream_that_does_not_know_of_it_gets_the_body_all_the_same() {
    let upstream = raw(|mut stream| async move {
        read_head(&mut stream).await.unwrap();
        let mut body = [0; 5];
        stream.read_exact(&mut body).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    })
    .await;
    let front = plain_front(upstream).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    assert_eq!(read_head(&mut stream).await.unwrap(), "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").await.unwrap();
    assert!(read_head(&mut stream).await.unwrap().starts_with("HTTP/1.1 200"));
}
