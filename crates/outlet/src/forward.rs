//! Requests in absolute form, sent on in origin form.

use crate::reach::NoWay;
use http::header::{CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Fields of one connection alone (RFC 9110, section 7.6.1), besides those that `Connection` names.
const HOP_BY_HOP: [&str; 7] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "upgrade",
];

/// Host and port of a request in absolute form.
pub(crate) fn target(uri: &Uri) -> Result<(String, u16), NoWay> {
    match (uri.scheme_str(), uri.host()) {
        (Some("http"), Some(host)) => Ok((host.to_owned(), uri.port_u16().unwrap_or(80))),
        _ => Err(NoWay::Target { target: uri.to_string() }),
    }
}

/// Sends the request on over a connection of its own, and gives the answer as it streams.
pub(crate) async fn forward(
    stream: TcpStream,
    request: Request<Incoming>,
) -> hyper::Result<Response<Incoming>> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut answer = sender.send_request(in_origin_form(request)).await?;
    strip(answer.headers_mut());
    Ok(answer)
}

fn in_origin_form(request: Request<Incoming>) -> Request<Incoming> {
    let (mut parts, body) = request.into_parts();
    // The target names the host, whatever the field says (RFC 9112, section 3.2.2).
    let host = parts.uri.authority().map(|authority| {
        let text = authority.as_str();
        text.rsplit_once('@').map_or(text, |(_, host)| host).to_owned()
    });
    if let Some(host) = host.and_then(|host| HeaderValue::try_from(host).ok()) {
        parts.headers.insert(HOST, host);
    }
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    parts.uri = path.parse().unwrap_or_else(|_| Uri::from_static("/"));
    strip(&mut parts.headers);
    Request::from_parts(parts, body)
}

/// Takes away what belongs to one connection. The framing is hyper's own matter on both sides.
fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .filter(|name| name != TRANSFER_ENCODING && name != HOST)
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}
