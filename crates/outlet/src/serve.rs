//! One connection of a guest.

use crate::forward::{forward, target};
use crate::policy::Policy;
use crate::reach::{NoWay, connect};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::TcpStream;

/// How long a guest may take for the head of a request.
const HEAD: Duration = Duration::from_mins(1);

type Body = BoxBody<Bytes, hyper::Error>;

/// The connection was served to its end; how it ended is nobody's concern but the guest's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served;

/// Serves one connection until either side ends it: HTTP/1.1, one request after the other, or one tunnel.
/// What is refused is answered with 403 and a sentence, what does not answer with 502.
pub async fn serve<C>(connection: C, policy: Policy) -> Served
where
    C: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let policy = Arc::new(policy);
    let service = service_fn(move |request| {
        let policy = Arc::clone(&policy);
        async move { Ok::<_, Infallible>(answer(&policy, request).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(connection), service)
        .with_upgrades();
    // A guest that says nonsense or goes away ends its own connection and nothing else.
    let _ = served.await;
    Served
}

async fn answer(policy: &Policy, request: Request<Incoming>) -> Response<Body> {
    let answered = if request.method() == Method::CONNECT {
        tunnel(policy, request).await
    } else {
        plain(policy, request).await
    };
    answered.unwrap_or_else(|no_way| refusal(&no_way))
}

/// `CONNECT host:port` (RFC 9110, section 9.3.6).
async fn tunnel(policy: &Policy, request: Request<Incoming>) -> Result<Response<Body>, NoWay> {
    let not_named = || NoWay::Target { target: request.uri().to_string() };
    let authority = request.uri().authority().ok_or_else(not_named)?;
    let port = authority.port_u16().ok_or_else(not_named)?;
    let stream = connect(policy, authority.host(), port).await?;
    // After the answer the connection is the tunnel.
    tokio::spawn(carry(request, stream));
    Ok(Response::new(empty()))
}

async fn carry(request: Request<Incoming>, mut stream: TcpStream) {
    if let Ok(upgraded) = hyper::upgrade::on(request).await {
        // Either side may end it at any time; there is nobody to tell.
        let _ = copy_bidirectional(&mut TokioIo::new(upgraded), &mut stream).await;
    }
}

async fn plain(policy: &Policy, request: Request<Incoming>) -> Result<Response<Body>, NoWay> {
    let (host, port) = target(request.uri())?;
    let stream = connect(policy, &host, port).await?;
    match forward(stream, request).await {
        Ok(answer) => Ok(answer.map(BodyExt::boxed)),
        Err(error) => Err(NoWay::NoAnswer { host, port, source: std::io::Error::other(error) }),
    }
}

fn refusal(no_way: &NoWay) -> Response<Body> {
    let mut response = Response::new(full(format!("{no_way}.\n")));
    *response.status_mut() = match no_way {
        NoWay::Target { .. } => StatusCode::BAD_REQUEST,
        NoWay::Refused(_) => StatusCode::FORBIDDEN,
        NoWay::NoAddress { .. } | NoWay::NoAnswer { .. } => StatusCode::BAD_GATEWAY,
    };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

fn empty() -> Body {
    full(String::new())
}

fn full(text: String) -> Body {
    Full::new(Bytes::from(text)).map_err(|never| match never {}).boxed()
}
