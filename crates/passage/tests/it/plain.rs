//! Requests and answers as a real server and a real client have them.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use passage::{Limits, Upstream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixListener};

use crate::support::{ask, front, plain_front, serve};

async fn tell(method: Method, uri: Uri, headers: HeaderMap, body: String) -> String {
    let mut lines: Vec<_> =
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    lines.sort();
    format!("{method} {uri}\n{}\n\n{body}", lines.join("\n"))
}

async fn told(request: &str) -> (SocketAddr, String) {
    let upstream = serve(Router::new().fallback(any(tell))).await;
    let front = plain_front(upstream).await;
    (upstream, ask(front, request).await)
}

#[tokio::test]
async fn the_upstream_is_told_what_was_asked_and_by_whom() {
    let request = "PUT /a%2Fb/../c?q=%20&q HTTP/1.1\r\nHost: some.session:81\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\n\
        Keep-Alive: 5\r\nProxy-Connection: x\r\nX-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX_Forwarded_Host: evil\r\n\
        X-Real-IP: 6.6.6.6\r\nCookie: a=1; b=2\r\nVia: 1.0 cache\r\nContent-Length: 5\r\n\r\nhello";
    let (_, answer) = told(request).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert_eq!(
        body,
        "PUT /a%2Fb/../c?q=%20&q\ncontent-length: 5\ncookie: a=1; b=2\n\
         forwarded: for=127.0.0.1;host=\"some.session:81\";proto=http\nhost: some.session:81\n\
         via: 1.0 cache\nvia: 1.1 passage\nx-forwarded-for: 127.0.0.1\nx-forwarded-host: some.session:81\n\
         x-forwarded-proto: http\n\nhello"
    );
}

#[tokio::test]
async fn a_chunked_upload_stays_chunked_and_an_empty_one_has_a_length() {
    let request = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
    let (_, answer) = told(request).await;
    assert!(answer.contains("\ntransfer-encoding: chunked\n") && answer.ends_with("\n\nabcde"), "{answer}");
    assert!(!answer.split_once("\r\n\r\n").unwrap().1.contains("content-length"), "{answer}");
    let (_, answer) = told("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(answer.contains("\ncontent-length: 0\n"), "{answer}");
    let (_, answer) =
        told("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi").await;
    assert!(answer.ends_with("\n\nhi"), "a GET may have a body: {answer}");
}

#[tokio::test]
async fn an_older_client_without_host_gets_an_answer_that_it_understands() {
    let (upstream, answer) = told("GET / HTTP/1.0\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.0 200") && !answer.contains("chunked"), "{answer}");
    assert!(answer.contains(&format!("\nhost: {upstream}\n")), "{answer}");
}

#[tokio::test]
async fn answers_without_a_body_have_none_and_keep_what_they_say_of_it() {
    let app = Router::new()
        .route("/file", get(|| async { "twelve bytes" }))
        .route("/none", get(|| async { StatusCode::NO_CONTENT }))
        .route("/same", get(|| async { (StatusCode::NOT_MODIFIED, [("etag", "\"1\"")]) }))
        .route("/empty", get(|| async { "" }));
    let front = plain_front(serve(app).await).await;
    let mut stream = TcpStream::connect(front).await.unwrap();
    let paths = [
        ("HEAD", "/file"),
        ("GET", "/none"),
        ("GET", "/same"),
        ("GET", "/empty"),
        ("HEAD", "/none"),
        ("GET", "/file"),
    ];
    for (number, (method, path)) in paths.into_iter().enumerate() {
        let last = if number == 5 { "Connection: close\r\n" } else { "" };
        stream
            .write_all(format!("{method} {path} HTTP/1.1\r\nHost: a\r\n{last}\r\n").as_bytes())
            .await
            .unwrap();
    }
    let mut all = String::new();
    stream.read_to_string(&mut all).await.unwrap();
    // One after the other on one connection: a stray body would stand before the next status line.
    let answers: Vec<_> = all.split("HTTP/1.1 ").skip(1).collect();
    assert_eq!(answers.len(), 6, "{all}");
    let lengths = [Some("12"), None, None, Some("0"), None, Some("12")];
    for (answer, length) in answers.iter().zip(lengths) {
        let said = answer.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        assert_eq!(said, length, "{answer}");
        assert!(!answer.contains("chunked"), "{answer}");
    }
    assert!(answers[2].contains("etag: \"1\""), "{all}");
    assert!(
        answers[..5].iter().all(|answer| answer.ends_with("\r\n\r\n")) && all.ends_with("twelve bytes"),
        "{all}"
    );
}

#[tokio::test]
async fn the_answer_is_passed_on_with_its_status_reason_and_fields() {
    let answer = "HTTP/1.1 418 Short and stout\r\nX-A: 1\r\nX-A: 2\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n\
        Keep-Alive: timeout=5\r\nUpgrade: h2c\r\nProxy-Authenticate: Basic\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\ntea";
    let upstream = crate::support::says(answer, false).await;
    let answer = crate::support::get(plain_front(upstream).await, "").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<_> = head.lines().filter(|line| !line.starts_with("date: ")).collect();
    assert_eq!(lines.remove(0), "HTTP/1.1 418 Short and stout");
    assert_eq!((lines, body), (vec!["x-a: 1", "x-a: 2", "content-length: 3", "connection: close"], "tea"));
}

#[tokio::test]
async fn a_unix_socket_is_an_upstream_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(any(tell))).await });
    let front = front(Limits::default(), Upstream::new(path)).await;
    let answer = crate::support::get(front, "").await;
    assert!(answer.contains("\nhost: front\n"), "{answer}");
}

#[tokio::test]
async fn trailers_pass_both_ways_without_what_may_not_be_there() {
    use axum::body::Bytes;
    use futures::{StreamExt, stream};
    let app = Router::new().fallback(any(|request: Request| async move {
        let body = request.into_body();
        let frames: Vec<_> = http_body_util::BodyStream::new(body).collect().await;
        let trailers = frames.into_iter().find_map(|frame| frame.unwrap().into_trailers().ok()).unwrap();
        let said = Bytes::from(format!("{trailers:?}"));
        let mut back = HeaderMap::new();
        back.insert("x-sum", "out".parse().unwrap());
        back.insert("set-cookie", "a=b".parse().unwrap());
        let frames =
            [Ok::<_, std::io::Error>(http_body::Frame::data(said)), Ok(http_body::Frame::trailers(back))];
        ([("trailer", "x-sum, set-cookie")], Body::new(http_body_util::StreamBody::new(stream::iter(frames))))
            .into_response()
    }));
    let front = plain_front(serve(app).await).await;
    let answer = ask(
        front,
        "POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: close, TE\r\nTrailer: x-sum, x-forwarded-for, cookie\r\nTransfer-Encoding: chunked\r\n\r\n\
         1\r\na\r\n0\r\nx-sum: in\r\nx-forwarded-for: 9.9.9.9\r\ncookie: a=b\r\n\r\n",
    )
    .await;
    assert!(
        answer.contains("{\"x-sum\": \"in\"}") && answer.ends_with("0\r\nx-sum: out\r\n\r\n"),
        "{answer}"
    );
}
