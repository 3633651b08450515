//! Connections that are used again, and those that turn out to be closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{Method, Request};
use passage::{Client, Fault, Limits, Passage, Upstream};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::support::{ended, raw, read_head};

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

async fn ask(passage: &Passage, upstream: &Upstream, method: Method) -> Result<String, Fault> {
    let request = Request::builder().method(method).uri("/").header("host", "a").body(Body::empty()).unwrap();
    let answer = passage.carry(request, upstream, Client::default()).await?;
    let bytes = axum::body::to_bytes(Body::new(answer.into_body()), 1 << 20).await.unwrap();
    Ok(String::from_utf8(bytes.to_vec()).unwrap())
}

/// An upstream whose connections answer as `serves` says of each, by its number.
async fn counting(
    serves: impl Fn(usize, TcpStream) -> futures::future::BoxFuture<'static, ()> + Clone + Send + Sync + 'static,
) -> (Upstream, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let address = raw(move |stream| serves(counter.fetch_add(1, Ordering::SeqCst), stream)).await;
    (Upstream::new(address), count)
}

async fn serve(mut stream: TcpStream, requests: usize) {
    for _ in 0..requests {
        if read_head(&mut stream).await.is_none() || stream.write_all(HELLO).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn a_connection_carries_one_request_after_the_other() {
    let (upstream, count) = counting(|_, stream| Box::pin(serve(stream, 1000))).await;
    let passage = Passage::default();
    for _ in 0..100 {
        assert_eq!(ask(&passage, &upstream, Method::GET).await.unwrap(), "hello");
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
    passage.forget(upstream.address());
    assert_eq!(ask(&passage, &upstream, Method::GET).await.unwrap(), "hello");
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_request_that_must_not_be_repeated_gets_a_connection_of_its_own() {
    let (upstream, count) = counting(|_, stream| Box::pin(serve(stream, 1000))).await;
    let passage = Passage::default();
    for _ in 0..3 {
        assert_eq!(ask(&passage, &upstream, Method::POST).await.unwrap(), "hello");
    }
    assert_eq!(count.load(Ordering::SeqCst), 3);
    // Which is as good as any other afterwards.
    assert_eq!(ask(&passage, &upstream, Method::GET).await.unwrap(), "hello");
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

/// The first connection takes the second request and closes without a byte: as if it had closed a moment before.
#[tokio::test]
async fn a_connection_that_closes_under_a_request_is_replaced() {
    let (upstream, count) = counting(|number, mut stream| {
        Box::pin(async move {
            if number > 0 {
                return serve(stream, 1000).await;
            }
            read_head(&mut stream).await.unwrap();
            stream.write_all(HELLO).await.unwrap();
            read_head(&mut stream).await.unwrap();
        })
    })
    .await;
    let passage = Passage::default();
    assert_eq!(ask(&passage, &upstream, Method::GET).await.unwrap(), "hello");
    assert_eq!(ask(&passage, &upstream, Method::DELETE).await.unwrap(), "hello");
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

/// With a byte of an answer the request is done; whether it may be repeated is not for a proxy to say.
#[tokio::test]
async fn a_request_that_was_answered_in_part_is_not_repeated() {
    let (upstream, count) = counting(|number, mut stream| {
        Box::pin(async move {
            read_head(&mut stream).await.unwrap();
            stream.write_all(HELLO).await.unwrap();
            if number == 0 && read_head(&mut stream).await.is_some() {
                stream.write_all(b"HTTP/1.1 2").await.unwrap();
            }
        })
    })
    .await;
    let passage = Passage::default();
    assert_eq!(ask(&passage, &upstream, Method::GET).await.unwrap(), "hello");
    let fault = ask(&passage, &upstream, Method::GET).await.unwrap_err();
    assert!(matches!(fault, Fault::ClosedBeforeAnswering(_)), "{fault:?}");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_request_on_a_new_connection_is_not_repeated() {
    let (upstream, count) = counting(|_, mut stream| {
        Box::pin(async move {
            read_head(&mut stream).await.unwrap();
        })
    })
    .await;
    let fault = ask(&Passage::default(), &upstream, Method::GET).await.unwrap_err();
    assert!(matches!(fault, Fault::ClosedBeforeAnswering(_)), "{fault:?}");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn no_more_wait_than_the_limit_and_none_longer() {
    let (tell, mut told) = mpsc::channel(64);
    let upstream = Upstream::new(
        raw(move |mut stream| {
            let tell = tell.clone();
            async move {
                serve_all(&mut stream).await;
                tell.send(()).await.unwrap();
            }
        })
        .await,
    );
    let limits =
        Limits { pooled_each: 2, pooled: std::time::Duration::from_millis(100), ..Limits::default() };
    let passage = Passage::new(limits);
    let all = (0..5).map(|_| ask(&passage, &upstream, Method::POST));
    for answer in futures::future::join_all(all).await {
        assert_eq!(answer.unwrap(), "hello");
    }
    // Three at once, for want of room; the others when their time is over, though nobody asks any more.
    for _ in 0..5 {
        told.recv().await.unwrap();
    }
}

async fn serve_all(stream: &mut TcpStream) {
    while read_head(stream).await.is_some() {
        if stream.write_all(HELLO).await.is_err() {
            break;
        }
    }
}

#[tokio::test]
async fn the_end_of_the_passage_is_the_end_of_its_connections() {
    let (tell, mut told) = mpsc::channel(1);
    let upstream = raw(move |mut stream| {
        let tell = tell.clone();
        async move {
            read_head(&mut stream).await.unwrap();
            stream.write_all(HELLO).await.unwrap();
            ended(&mut stream).await;
            tell.send(()).await.unwrap();
        }
    })
    .await;
    let passage = Passage::default();
    assert_eq!(ask(&passage, &Upstream::new(upstream), Method::GET).await.unwrap(), "hello");
    drop(passage);
    told.recv().await.unwrap();
}

/// On several threads, by turns and at once: each gets the answer to what it has asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_answer_goes_to_another() {
    use axum::http::Uri;
    let app = axum::Router::new().fallback(|uri: Uri, body: String| async move {
        let number: usize = uri.path()[1..].parse().unwrap();
        // Of a length that is each one's own, some larger than what is looked for at once.
        format!("{number}:{body}:{}", "x".repeat(number % 7 * 15_000))
    });
    let upstream = Upstream::new(crate::support::serve(app).await);
    let passage = Passage::default();
    let tasks = (0..32).map(|task| {
        let (passage, upstream) = (passage.clone(), upstream.clone());
        tokio::spawn(async move {
            for turn in 0..50 {
                let number = task * 50 + turn;
                let sent = if number % 3 == 0 { format!("b{number}") } else { String::new() };
                let request = Request::put(format!("/{number}"))
                    .header("host", "a")
                    .body(Body::from(sent.clone()))
                    .unwrap();
                let answer = passage.carry(request, &upstream, Client::default()).await.unwrap();
                let bytes = axum::body::to_bytes(Body::new(answer.into_body()), 1 << 20).await.unwrap();
                assert!(
                    bytes == format!("{number}:{sent}:{}", "x".repeat(number % 7 * 15_000)).as_bytes(),
                    "{number}"
                );
            }
        })
    });
    for done in futures::future::join_all(tasks).await {
        done.unwrap();
    }
}
