//! `WebSocket`s.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::ws::{Message as Sent, WebSocketUpgrade};
use axum::routing::any;
use futures::{SinkExt, StreamExt};
use passage::{Limits, Upstream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::{ended, fault, front, plain_front, raw, read_head, says, serve};

const OPENING: &str = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const SWITCHES: &str = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

async fn echo() -> SocketAddr {
    serve(Router::new().fallback(any(|upgrade: WebSocketUpgrade| async {
        upgrade.protocols(["kernel"]).max_message_size(64 << 20).max_frame_size(64 << 20).on_upgrade(
            |mut socket| async move {
                while let Some(Ok(message)) = socket.recv().await {
                    if matches!(message, Sent::Text(_) | Sent::Binary(_))
                        && socket.send(message).await.is_err()
                    {
                        return;
                    }
                }
            },
        )
    })))
    .await
}

async fn open(front: SocketAddr) -> WebSocketStream<MaybeTlsStream<TcpStream>> {
    let mut request = format!("ws://{front}/").into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "kernel".parse().unwrap());
    let (socket, answer) = connect_async(request).await.unwrap();
    assert_eq!(answer.headers()["sec-websocket-protocol"], "kernel");
    socket
}

#[tokio::test]
async fn messages_of_any_size_pass_both_ways() {
    let front = plain_front(echo().await).await;
    let mut socket = open(front).await;
    for length in [0, 1, 125, 126, 65_535, 65_536, 1 << 20, 10 << 20] {
        let message = Message::binary(vec![length as u8; length]);
        socket.send(message.clone()).await.unwrap();
        assert!(socket.next().await.unwrap().unwrap() == message, "{length} bytes");
    }
    socket.close(None).await.unwrap();
    while let Some(Ok(message)) = socket.next().await {
        assert!(message.is_close(), "{message}");
    }
}

#[tokio::test]
async fn a_thousand_are_open_at_once() {
    let front = plain_front(echo().await).await;
    let mut sockets = Vec::new();
    while sockets.len() < 1000 {
        sockets.extend(futures::future::join_all((0..50).map(|_| open(front))).await);
    }
    for (number, socket) in sockets.iter_mut().enumerate() {
        socket.send(Message::text(number.to_string())).await.unwrap();
    }
    for (number, socket) in sockets.iter_mut().enumerate() {
        assert_eq!(socket.next().await.unwrap().unwrap(), Message::text(number.to_string()));
    }
}

#[tokio::test]
async fn the_upstream_is_asked_to_switch_and_what_it_says_at_once_is_not_lost() {
    let (tell, mut told) = mpsc::channel(1);
    let upstream = raw(move |mut stream| {
        let tell = tell.clone();
        async move {
            let head = read_head(&mut stream).await.unwrap();
            // In one piece with the head.
            stream.write_all(format!("{SWITCHES}welcome").as_bytes()).await.unwrap();
            let mut word = [0; 5];
            stream.read_exact(&mut word).await.unwrap();
            tell.send((head, word)).await.unwrap();
        }
    })
    .await;
    let mut stream = TcpStream::connect(plain_front(upstream).await).await.unwrap();
    stream.write_all(OPENING.as_bytes()).await.unwrap();
    let head = read_head(&mut stream).await.unwrap();
    assert!(head.starts_with("HTTP/1.1 101 ") && head.contains("\r\nupgrade: websocket\r\n"), "{head}");
    assert!(
        head.contains("\r\nconnection: upgrade\r\n") && head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        "{head}"
    );
    assert!(!head.contains("content-length") && !head.contains("transfer-encoding"), "{head}");
    let mut word = [0; 7];
    stream.read_exact(&mut word).await.unwrap();
    assert_eq!(&word, b"welcome");
    stream.write_all(b"hello").await.unwrap();
    let (head, word) = told.recv().await.unwrap();
    assert_eq!(&word, b"hello");
    assert!(head.starts_with("GET /chat HTTP/1.1\r\n") && head.contains("connection: upgrade\r\n"), "{head}");
    assert!(
        head.contains("upgrade: websocket\r\n") && head.contains("sec-websocket-version: 13\r\n"),
        "{head}"
    );
}

/// Each side says its last word after the other has ended.
#[tokio::test]
async fn one_side_may_end_before_the_other() {
    let upstream = raw(|mut stream| async move {
        let head = read_head(&mut stream).await.unwrap();
        stream.write_all(SWITCHES.as_bytes()).await.unwrap();
        if head.contains("/first") {
            stream.write_all(b"last word").await.unwrap();
            stream.shutdown().await.unwrap();
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.unwrap();
        } else {
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.unwrap();
            stream.write_all(&rest).await.unwrap();
        }
    })
    .await;
    let front = plain_front(upstream).await;
    for upstream_first in [true, false] {
        let mut stream = TcpStream::connect(front).await.unwrap();
        let opening = if upstream_first { OPENING.replace("/chat", "/first") } else { OPENING.to_owned() };
        stream.write_all(opening.as_bytes()).await.unwrap();
        read_head(&mut stream).await.unwrap();
        if !upstream_first {
            stream.write_all(b"last word").await.unwrap();
            stream.shutdown().await.unwrap();
        }
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, b"last word", "upstream first: {upstream_first}");
        if upstream_first {
            stream.write_all(b"mine").await.unwrap();
        }
    }
}

#[tokio::test]
async fn the_end_of_one_side_is_the_end_of_the_other() {
    let (tell, mut told) = mpsc::channel(1);
    let upstream = raw(move |mut stream| {
        let tell = tell.clone();
        async move {
            let head = read_head(&mut stream).await.unwrap();
            stream.write_all(SWITCHES.as_bytes()).await.unwrap();
            if !head.contains("/first") {
                ended(&mut stream).await;
                tell.send(()).await.unwrap();
            }
        }
    })
    .await;
    let front = plain_front(upstream).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    stream.write_all(OPENING.as_bytes()).await.unwrap();
    read_head(&mut stream).await.unwrap();
    drop(stream);
    told.recv().await.unwrap();
    let mut stream = TcpStream::connect(front).await.unwrap();
    stream.write_all(OPENING.replace("/chat", "/first").as_bytes()).await.unwrap();
    read_head(&mut stream).await.unwrap();
    ended(&mut stream).await;
}

/// A side that has ended and another that never does: not for ever.
#[tokio::test]
async fn half_a_socket_does_not_stay_for_ever() {
    let (tell, mut told) = mpsc::channel(1);
    let upstream = raw(move |mut stream| {
        let tell = tell.clone();
        async move {
            read_head(&mut stream).await.unwrap();
            stream.write_all(SWITCHES.as_bytes()).await.unwrap();
            ended(&mut stream).await;
            // Told of the end, it keeps its own side open; writing fails once the passage has given up.
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            }
            tell.send(()).await.unwrap();
        }
    })
    .await;
    let limits = Limits { half_closed: std::time::Duration::from_millis(50), ..Limits::default() };
    let front = front(limits, Upstream::new(upstream)).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    stream.write_all(OPENING.as_bytes()).await.unwrap();
    read_head(&mut stream).await.unwrap();
    stream.shutdown().await.unwrap();
    told.recv().await.unwrap();
}

#[tokio::test]
async fn a_no_is_passed_on_as_an_answer() {
    let no = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";
    let front = plain_front(says(no, false).await).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    // The connection is as good as before.
    for _ in 0..2 {
        stream.write_all(OPENING.as_bytes()).await.unwrap();
        let head = read_head(&mut stream).await.unwrap();
        assert!(head.starts_with("HTTP/1.1 403") && !head.contains("upgrade"), "{head}");
        let mut body = [0; 2];
        stream.read_exact(&mut body).await.unwrap();
        assert_eq!(&body, b"no");
    }
}

#[tokio::test]
async fn a_switch_to_something_else_is_a_fault() {
    for other in ["Upgrade: h2c", "Upgrade: websocket\r\nUpgrade: h2c", "X: y"] {
        let answer = format!("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n{other}\r\n\r\n");
        let front = plain_front(says(answer, false).await).await;
        let mut stream = TcpStream::connect(front).await.unwrap();
        stream.write_all(OPENING.as_bytes()).await.unwrap();
        let head = read_head(&mut stream).await.unwrap();
        assert_eq!(fault(&head), ("502", "Malformed"), "{other}: {head}");
    }
}

#[tokio::test]
async fn what_is_no_opening_is_not_asked_to_switch() {
    for (from, to) in [
        ("Upgrade: WebSocket", "Upgrade: h2c"),
        ("Upgrade: WebSocket", "Upgrade: h2c, websocket"),
        ("keep-alive, Upgrade", "keep-alive"),
        ("GET ", "POST "),
        ("Sec-WebSocket-Key", "X-Key"),
        ("\r\n\r\n", "\r\nContent-Length: 0\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ] {
        let (tell, mut told) = mpsc::channel(1);
        let upstream = raw(move |mut stream| {
            let tell = tell.clone();
            async move {
                tell.send(read_head(&mut stream).await.unwrap()).await.unwrap();
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
            }
        })
        .await;
        let mut stream = TcpStream::connect(plain_front(upstream).await).await.unwrap();
        stream.write_all(OPENING.replace(from, to).as_bytes()).await.unwrap();
        let head = read_head(&mut stream).await.unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{to}: {head}");
        let asked = told.recv().await.unwrap();
        assert!(!asked.contains("upgrade:") && !asked.contains("connection:"), "{to}: {asked}");
    }
}

#[tokio::test]
async fn one_is_closed_when_the_caller_ends_it() {
    let (end, until) = tokio::sync::watch::channel(false);
    let front = front(Limits::default(), Upstream::new(echo().await).until(until)).await;
    let mut socket = open(front).await;
    socket.send(Message::text("a")).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::text("a"));
    end.send(true).unwrap();
    assert!(!matches!(socket.next().await, Some(Ok(_))), "nothing more comes");
}
