//! One side goes away: the other hears of it, and nothing is left behind.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::support::{ended, fault, front, plain_front, raw, read_head};
use passage::{Limits, Upstream};

/// An upstream that begins with these bytes and then waits until the other side has ended; of which it tells, and of
/// the request that it was sent.
async fn waiting(begins: &'static str) -> (SocketAddr, mpsc::Receiver<&'static str>) {
    let (tell, told) = mpsc::channel(8);
    let address = raw(move |mut stream| {
        let tell = tell.clone();
        async move {
            read_head(&mut stream).await.unwrap();
            tell.send("asked").await.unwrap();
            stream.write_all(begins.as_bytes()).await.unwrap();
            ended(&mut stream).await;
            tell.send("ended").await.unwrap();
        }
    })
    .await;
    (address, told)
}

#[tokio::test]
async fn a_client_that_goes_away_takes_the_upstreams_connection_along() {
    for (begins, waits_for, request) in [
        ("", "", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\n\r\nhello", "hello", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "hello", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("", "", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhello"),
        (
            "HTTP/1.1 200 OK\r\n\r\nhello",
            "hello",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n",
            "data: 1\n\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        ),
    ] {
        let (upstream, mut told) = waiting(begins).await;
        let front = plain_front(upstream).await;
        let mut stream = TcpStream::connect(front).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        assert_eq!(told.recv().await, Some("asked"), "{begins}");
        let mut came = Vec::new();
        while !String::from_utf8_lossy(&came).contains(waits_for) {
            came.push(stream.read_u8().await.unwrap());
        }
        drop(stream);
        assert_eq!(told.recv().await, Some("ended"), "{begins}");
    }
}

#[tokio::test]
async fn an_upload_that_breaks_off_never_looks_whole() {
    let (tell, mut told) = mpsc::channel(1);
    let upstream = raw(move |mut stream| {
        let tell = tell.clone();
        async move {
            let mut all = Vec::new();
            let _ = stream.read_to_end(&mut all).await;
            tell.send(String::from_utf8(all).unwrap()).await.unwrap();
        }
    })
    .await;
    let front = plain_front(upstream).await;
    for (framing, body) in [("Content-Length: 9", "hello"), ("Transfer-Encoding: chunked", "5\r\nhello\r\n")]
    {
        let mut stream = TcpStream::connect(front).await.unwrap();
        stream
            .write_all(format!("POST / HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n{body}").as_bytes())
            .await
            .unwrap();
        drop(stream);
        let all = told.recv().await.unwrap();
        assert!(!all.ends_with("0\r\n\r\n"), "{all}");
    }
}

/// An upstream that is reset in the middle, not only closed.
#[tokio::test]
async fn an_upstream_that_is_reset_breaks_the_answer_off() {
    let upstream = raw(|mut stream| async move {
        read_head(&mut stream).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            .await
            .unwrap();
        stream.set_zero_linger().unwrap();
    })
    .await;
    let answer = crate::support::get(plain_front(upstream).await, "").await;
    assert!(!answer.ends_with("0\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn what_is_carried_ends_when_the_caller_says_so() {
    for (begins, waits_for) in [("", ""), ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "hello")] {
        let (upstream, mut told) = waiting(begins).await;
        let (end, until) = tokio::sync::watch::channel(false);
        let front = front(Limits::default(), Upstream::new(upstream).until(until)).await;
        let mut stream = TcpStream::connect(front).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        assert_eq!(told.recv().await, Some("asked"), "{begins}");
        let mut came = Vec::new();
        while !String::from_utf8_lossy(&came).contains(waits_for) {
            came.push(stream.read_u8().await.unwrap());
        }
        end.send(true).unwrap();
        assert_eq!(told.recv().await, Some("ended"), "{begins}");
        let _ = stream.read_to_end(&mut came).await;
        let came = String::from_utf8_lossy(&came);
        assert!(came.ends_with("hello") || fault(&came) == ("503", "Ended"), "{came}");
    }
}
