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
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, copy, split};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::timeout;

/// How long one side of a tunnel may go on after the other has ended. A guest that is gone has ended.
const LAST_WORDS: Duration = Duration::from_mins(1);
/// How long a guest may take for the head of a request.
const HEAD: Duration = Duration::from_mins(1);

type Body = BoxBody<Bytes, hyper::Error>;

/// Serves one connection until either side ends it: HTTP/1.1, one request after the other, or one tunnel.
/// What is refused is answered with 403 and a sentence, what does not answer with 502. How it ended is nobody's concern but
/// the guest's.
pub async fn serve<C>(connection: C, policy: Policy)
where
    C: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let guest = Arc::new(Guest { policy, tunnel: Mutex::default() });
    let service = {
        let guest = Arc::clone(&guest);
        service_fn(move |request| {
            let guest = Arc::clone(&guest);
            async move { Ok::<_, Infallible>(guest.answer(request).await) }
        })
    };
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(connection), service)
        .with_upgrades();
    // A guest that says nonsense or goes away ends its own connection and nothing else.
    let _ = served.await;
    let tunnel = guest.tunnel.lock().await.take();
    if let Some(Tunnel { near, mut far }) = tunnel
        && let Ok(near) = near.await
    {
        carry(TokioIo::new(near), &mut far).await;
    }
}

/// Both ways, until one side has ended and the other has had its last words. Either may end it at any time; there is nobody
/// to tell.
async fn carry(near: TokioIo<Upgraded>, far: &mut TcpStream) {
    let (mut from_near, mut to_near) = split(near);
    let (mut from_far, mut to_far) = far.split();
    let out = async {
        let _ = copy(&mut from_near, &mut to_far).await;
        let _ = to_far.shutdown().await;
    };
    let back = async {
        let _ = copy(&mut from_far, &mut to_near).await;
        let _ = to_near.shutdown().await;
    };
    let (mut out, mut back) = (pin!(out), pin!(back));
    tokio::select! {
        () = &mut out => drop(timeout(LAST_WORDS, back).await),
        () = &mut back => drop(timeout(LAST_WORDS, out).await),
    }
}

/// One connection's state.
struct Guest {
    policy: Policy,
    /// What the connection is after the answer to `CONNECT`.
    tunnel: Mutex<Option<Tunnel>>,
}

struct Tunnel {
    near: OnUpgrade,
    far: TcpStream,
}

impl Guest {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let answered = if request.method() == Method::CONNECT {
            self.open_tunnel(request).await
        } else {
            self.pass_on(request).await
        };
        answered.unwrap_or_else(|no_way| refusal(&no_way))
    }

    /// `CONNECT host:port` (RFC 9110, section 9.3.6).
    async fn open_tunnel(&self, request: Request<Incoming>) -> Result<Response<Body>, NoWay> {
        let not_named = || NoWay::Target { target: request.uri().to_string() };
        let authority = request.uri().authority().ok_or_else(not_named)?;
        let port = authority.port_u16().ok_or_else(not_named)?;
        let far = connect(&self.policy, authority.host(), port).await?;
        *self.tunnel.lock().await = Some(Tunnel { near: hyper::upgrade::on(request), far });
        Ok(Response::new(full(String::new())))
    }

    async fn pass_on(&self, request: Request<Incoming>) -> Result<Response<Body>, NoWay> {
        let (host, port) = target(request.uri())?;
        let stream = connect(&self.policy, &host, port).await?;
        match forward(stream, request).await {
            Ok(answer) => Ok(answer.map(BodyExt::boxed)),
            Err(error) => Err(NoWay::NoAnswer { host, port, source: std::io::Error::other(error) }),
        }
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

fn full(text: String) -> Body {
    Full::new(Bytes::from(text)).map_err(|never| match never {}).boxed()
}
