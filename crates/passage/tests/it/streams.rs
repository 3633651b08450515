//! Bodies of any length, as they come, and no faster than they are taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::routing::{get, post};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::support::{plain_front, raw, read_head, serve};

const PIECE: usize = 64 << 10;
const PIECES: usize = 1000;
const FAR_TOO_MUCH: u64 = 64 << 20;

/// A piece that is like no other.
fn piece(number: usize) -> Bytes {
    let mut piece = vec![number as u8; PIECE];
    piece[..8].copy_from_slice(&(number as u64).to_le_bytes());
    piece.into()
}

#[tokio::test]
async fn a_long_body_goes_up_and_comes_down_whole() {
    let app = Router::new().route(
        "/",
        post(|request: Request| async { Body::from_stream(request.into_body().into_data_stream()) }),
    );
    let front = plain_front(serve(app).await).await;
    for chunked in [false, true] {
        let (mut read, mut write) = TcpStream::connect(front).await.unwrap().into_split();
        let framing = if chunked {
            "Transfer-Encoding: chunked".into()
        } else {
            format!("Content-Length: {}", PIECE * PIECES)
        };
        write.write_all(format!("POST / HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n").as_bytes()).await.unwrap();
        // It comes back while it still goes up: whoever held either would never end.
        let writing = tokio::spawn(async move {
            for number in 0..PIECES {
                if chunked {
                    write.write_all(format!("{PIECE:x}\r\n").as_bytes()).await.unwrap();
                }
                write.write_all(&piece(number)).await.unwrap();
                if chunked {
                    write.write_all(b"\r\n").await.unwrap();
                }
            }
            if chunked {
                write.write_all(b"0\r\n\r\n").await.unwrap();
            }
            write
        });
        let mut body = Unchunked::new(&mut read).await;
        for number in 0..PIECES {
            assert!(body.take(PIECE).await == piece(number), "piece {number}, chunked: {chunked}");
        }
        assert!(body.end().await);
        writing.await.unwrap();
    }
}

/// The body of a chunked answer.
struct Unchunked<R> {
    from: tokio::io::BufReader<R>,
    left: usize,
}

impl<R: tokio::io::AsyncRead + Unpin> Unchunked<R> {
    async fn new(from: R) -> Self {
        let mut from = tokio::io::BufReader::new(from);
        let mut chunked = false;
        loop {
            let line = line(&mut from).await;
            chunked |= line == "transfer-encoding: chunked";
            if line.is_empty() {
                assert!(chunked);
                return Self { from, left: 0 };
            }
        }
    }

    async fn next_chunk(&mut self) -> usize {
        usize::from_str_radix(&line(&mut self.from).await, 16).unwrap()
    }

    async fn take(&mut self, length: usize) -> Vec<u8> {
        let mut taken = vec![0; length];
        let mut at = 0;
        while at < length {
            if self.left == 0 {
                self.left = self.next_chunk().await;
                assert_ne!(self.left, 0, "the body ends early");
            }
            let now = self.left.min(length - at);
            self.from.read_exact(&mut taken[at..at + now]).await.unwrap();
            at += now;
            self.left -= now;
            if self.left == 0 {
                assert_eq!(line(&mut self.from).await, "");
            }
        }
        taken
    }

    async fn end(mut self) -> bool {
        self.left == 0 && self.next_chunk().await == 0 && line(&mut self.from).await.is_empty()
    }
}

async fn line<R: tokio::io::AsyncRead + Unpin>(from: &mut tokio::io::BufReader<R>) -> String {
    let mut line = String::new();
    tokio::io::AsyncBufReadExt::read_line(from, &mut line).await.unwrap();
    line.trim_end().to_owned()
}

#[tokio::test]
async fn an_event_comes_before_the_next_is_made() {
    let (ask, asked) = mpsc::channel::<u32>(1);
    let asked = Arc::new(tokio::sync::Mutex::new(asked));
    let app = Router::new().route(
        "/",
        get(move || {
            let asked = Arc::clone(&asked);
            async move {
                let events = futures::stream::unfold(asked, |asked| async move {
                    let number = asked.lock().await.recv().await?;
                    Some((Ok::<_, std::io::Error>(format!("data: {number}\n\n")), asked))
                });
                ([("content-type", "text/event-stream")], Body::from_stream(events))
            }
        }),
    );
    let front = plain_front(serve(app).await).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n").await.unwrap();
    let head = read_head(&mut stream).await.unwrap();
    assert!(head.contains("text/event-stream"), "{head}");
    for number in 0..50 {
        // The next is asked for only when this one is here.
        ask.send(number).await.unwrap();
        let event = format!("data: {number}\n\n");
        let chunk = format!("{:X}\r\n{event}\r\n", event.len());
        let mut came = vec![0; chunk.len()];
        stream.read_exact(&mut came).await.unwrap();
        assert_eq!(String::from_utf8(came).unwrap(), chunk);
    }
}

#[tokio::test]
async fn what_nobody_reads_is_not_taken_from_the_upstream() {
    let sent = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&sent);
    let stuck = Arc::new(tokio::sync::Notify::new());
    let full = Arc::clone(&stuck);
    let upstream = raw(move |mut stream| {
        let (sent, stuck) = (Arc::clone(&counter), Arc::clone(&full));
        async move {
            read_head(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            let piece = vec![7; PIECE];
            loop {
                // Writable no more, and not for want of a turn: all buffers on the way are full.
                match tokio::time::timeout(std::time::Duration::from_millis(500), stream.write(&piece)).await
                {
                    Ok(Ok(written)) if sent.fetch_add(written as u64, Ordering::SeqCst) < FAR_TOO_MUCH => {}
                    _ => break,
                }
            }
            stuck.notify_one();
        }
    })
    .await;
    let front = plain_front(upstream).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let _ = read_head(&mut stream).await.unwrap();
    stuck.notified().await;
    // Sockets and two buffers, far from endless.
    assert!(sent.load(Ordering::SeqCst) < FAR_TOO_MUCH);
}

#[tokio::test]
async fn what_the_upstream_does_not_read_is_not_taken_from_the_client() {
    let upstream = raw(|mut stream| async move {
        read_head(&mut stream).await;
        std::future::pending::<()>().await;
    })
    .await;
    let front = plain_front(upstream).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000\r\n\r\n").await.unwrap();
    let piece = vec![7; PIECE];
    let mut taken = 0;
    while let Ok(written) =
        tokio::time::timeout(std::time::Duration::from_millis(500), stream.write(&piece)).await
    {
        taken += written.unwrap();
        assert!((taken as u64) < FAR_TOO_MUCH);
    }
}

#[tokio::test]
async fn an_answer_that_comes_before_the_upload_is_over_does_not_stop_it() {
    let upstream = raw(|mut stream| async move {
        read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n").await.unwrap();
        let mut upload = vec![0; PIECE * 100];
        stream.read_exact(&mut upload).await.unwrap();
        stream.write_all(b"all there").await.unwrap();
    })
    .await;
    let front = plain_front(upstream).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    let length = PIECE * 100;
    stream
        .write_all(format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let head = read_head(&mut stream).await.unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    stream.write_all(&vec![0; length]).await.unwrap();
    let mut body = [0; 9];
    stream.read_exact(&mut body).await.unwrap();
    assert_eq!(&body, b"all there");
}
