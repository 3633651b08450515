//! A passage behind a real server, upstreams of both kinds, and clients that write bytes.

use std::future::Future;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse, Response};
use passage::{Client, Limits, Passage, Upstream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// A server of axum's, until the test's runtime ends.
pub(crate) async fn serve(app: Router) -> SocketAddr {
    let (listener, address) = listen().await;
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// A front that carries everything to one upstream. A fault is answered with its name in a header.
pub(crate) async fn front(limits: Limits, upstream: Upstream) -> SocketAddr {
    async fn carry(
        State((passage, upstream)): State<(Passage, Upstream)>,
        ConnectInfo(peer): ConnectInfo<SocketAddr>,
        request: Request,
    ) -> Response {
        let client = Client { address: Some(peer.ip()), secure: false };
        match passage.carry(request, &upstream, client).await {
            Ok(response) => response.into_response(),
            Err(fault) => (fault.status(), [("x-fault", name(&fault))], fault.sentence()).into_response(),
        }
    }
    serve(Router::new().fallback(carry).with_state((Passage::new(limits), upstream))).await
}

/// The front with everything as usual.
pub(crate) async fn plain_front(upstream: SocketAddr) -> SocketAddr {
    front(Limits::default(), Upstream::new(upstream)).await
}

fn name(fault: &passage::Fault) -> String {
    let debug = format!("{fault:?}");
    debug.split(|letter: char| !letter.is_alphanumeric()).next().unwrap().to_owned()
}

/// An upstream that is one function for each connection.
pub(crate) async fn raw<F, Done>(act: F) -> SocketAddr
where
    F: Fn(TcpStream) -> Done + Send + 'static,
    Done: Future<Output = ()> + Send + 'static,
{
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(act(stream));
        }
    });
    address
}

/// An upstream that gives this answer to every request without a body, and then closes if it is told to.
pub(crate) async fn says(answer: impl Into<Vec<u8>>, close: bool) -> SocketAddr {
    let answer: Vec<u8> = answer.into();
    raw(move |mut stream| {
        let answer = answer.clone();
        async move {
            while read_head(&mut stream).await.is_some() {
                if stream.write_all(&answer).await.is_err() || close {
                    return;
                }
            }
        }
    })
    .await
}

/// Everything up to an empty line, as text; none if the connection ends before.
pub(crate) async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap())
}

/// What a raw request is answered with until the connection ends; bytes that are not text are replaced.
pub(crate) async fn ask(address: SocketAddr, request: impl AsRef<[u8]>) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The answer may come, and the connection end, before all was sent.
    let _ = stream.write_all(request.as_ref()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// The same for a GET of `/`, with more fields.
pub(crate) async fn get(address: SocketAddr, fields: &str) -> String {
    ask(address, format!("GET / HTTP/1.1\r\nHost: front\r\nConnection: close\r\n{fields}\r\n")).await
}

/// The status and the fault of an answer.
pub(crate) fn fault(answer: &str) -> (&str, &str) {
    let status = answer.get(9..12).unwrap_or("none");
    let fault = answer.split("x-fault: ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or("none");
    (status, fault)
}

/// Waits until the other side has ended, orderly or not.
pub(crate) async fn ended(stream: &mut TcpStream) {
    let mut buffer = vec![0; 64 << 10];
    while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}
