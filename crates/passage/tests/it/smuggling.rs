//! Requests that two readers could read differently. What reaches the upstream is one request, or nothing.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{ask, plain_front, raw};

/// All that an upstream was sent, by connection; it answers each request that it sees, taking the first framing at its word.
async fn witness() -> (std::net::SocketAddr, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let all = Arc::clone(&seen);
    let address = raw(move |mut stream| {
        let all = Arc::clone(&all);
        async move {
            let number = {
                let mut all = all.lock().unwrap();
                all.push(String::new());
                all.len() - 1
            };
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
                let over = {
                    let mut all = all.lock().unwrap();
                    all[number].push_str(&text);
                    let sent = &all[number];
                    !sent.contains("transfer-encoding") || sent.ends_with("0\r\n\r\n")
                };
                if over
                    && stream
                        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                        .await
                        .is_err()
                {
                    return;
                }
            }
        }
    })
    .await;
    (address, seen)
}

const INNER: &str = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

/// The head after the host, and the body.
fn refused() -> Vec<(&'static str, String)> {
    let post = |fields: &str, body: &str| {
        format!("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n\r\n{body}")
    };
    vec![
        ("two lengths", post("Content-Length: 3\r\nContent-Length: 40", &format!("abc{INNER}"))),
        ("a list of lengths", post("Content-Length: 3, 40", &format!("abc{INNER}"))),
        ("a signed length", post("Content-Length: +3", "abc")),
        ("another encoding", post("Transfer-Encoding: gzip", "0\r\n\r\n")),
        ("encodings before chunked", post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n")),
        ("chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        (
            "identity after chunked",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n"),
        ),
        ("a vertical tab", post("Transfer-Encoding: \x0bchunked", "0\r\n\r\n")),
        ("a space before the colon", post("Transfer-Encoding : chunked", "0\r\n\r\n")),
        ("a folded line", post("X: y\r\n Transfer-Encoding: chunked", "0\r\n\r\n")),
        (
            "chunks in HTTP/1.0",
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned(),
        ),
        ("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nHost: b\r\n\r\n".to_owned()),
        ("no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned()),
        (
            "another host in the target",
            "GET http://b/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_owned(),
        ),
        ("a tunnel", "CONNECT b:80 HTTP/1.1\r\nHost: b:80\r\nConnection: close\r\n\r\n".to_owned()),
        ("a mirror", "TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_owned()),
        ("a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_owned()),
    ]
}

#[tokio::test]
async fn an_ambiguous_request_goes_nowhere() {
    for (what, request) in refused() {
        let (upstream, seen) = witness().await;
        let answer = ask(plain_front(upstream).await, request).await;
        assert!(
            answer.is_empty() || answer[9..].starts_with("400") || answer[9..].starts_with("501"),
            "{what}: {answer}"
        );
        let seen = seen.lock().unwrap();
        assert!(seen.iter().all(String::is_empty), "{what}: {seen:?}");
    }
}

/// What hyper reads in one way and mends, or what only a careless reader would misread: a single request leaves here,
/// with one framing.
#[tokio::test]
async fn what_is_passed_on_has_one_framing() {
    let chunks = format!("{:x}\r\n{INNER}\r\n0\r\n\r\n", INNER.len());
    let length = INNER.len();
    for (what, fields, body) in [
        ("both framings", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n".to_owned(), chunks.clone()),
        (
            "both framings, the other way",
            format!("Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n"),
            chunks.clone(),
        ),
        (
            "chunks with an extension",
            "Transfer-Encoding: chunked\r\n".to_owned(),
            chunks.replacen("\r\n", ";a=b\r\n", 1),
        ),
        (
            "the same length twice",
            format!("Content-Length: {length}\r\nContent-Length: {length}\r\n"),
            INNER.to_owned(),
        ),
        (
            "framing named as a hop's",
            format!("Content-Length: {length}\r\nConnection: content-length, host\r\n"),
            INNER.to_owned(),
        ),
        (
            "an underscore",
            format!("Content_Length: 0\r\nTransfer_Encoding: chunked\r\nContent-Length: {length}\r\n"),
            INNER.to_owned(),
        ),
        (
            "an upgrade to HTTP/2",
            format!(
                "Connection: upgrade, http2-settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nContent-Length: {length}\r\n"
            ),
            INNER.to_owned(),
        ),
    ] {
        let (upstream, seen) = witness().await;
        let request = format!("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n{body}");
        ask(plain_front(upstream).await, request).await;
        let seen = seen.lock().unwrap();
        for sent in seen.iter().filter(|sent| !sent.is_empty()) {
            let (head, body) = sent.split_once("\r\n\r\n").unwrap();
            let framings =
                head.matches("content-length: ").count() + head.matches("transfer-encoding: ").count();
            assert_eq!((framings, head.matches("host: a").count() >= 1), (1, true), "{what}: {sent}");
            assert!(
                !head.contains('_') && !head.contains("upgrade") && !head.contains("http2"),
                "{what}: {sent}"
            );
            let whole = match head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()) {
                Some(said) => said.parse::<usize>().unwrap() == body.len(),
                None => body.ends_with("0\r\n\r\n") && body.matches("\r\n0\r\n\r\n").count() == 1,
            };
            assert!(whole, "{what}: {sent}");
        }
        assert!(seen.len() <= 1, "{what}: {seen:?}");
    }
}

#[tokio::test]
async fn a_body_that_somebody_took_is_not_promised_to_the_upstream() {
    use axum::body::Body;
    use passage::{Client, Fault, Flaw, Passage, Upstream};
    let (upstream, seen) = witness().await;
    let request =
        http::Request::post("/").header("host", "a").header("content-length", "40").body(Body::empty());
    let fault = Passage::default()
        .carry(request.unwrap(), &Upstream::new(upstream), Client::default())
        .await
        .unwrap_err();
    assert!(matches!(fault, Fault::BadRequest(Flaw::BodyLength)), "{fault:?}");
    assert!(seen.lock().unwrap().is_empty());
}
