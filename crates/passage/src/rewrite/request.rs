//! The request's head, as the upstream gets it.

use std::fmt::Write as _;
use std::net::IpAddr;

use http::header::{
    ACCEPT, CONNECTION, CONTENT_LENGTH, EXPECT, FORWARDED, HOST, HeaderName, SEC_WEBSOCKET_KEY, TE, UPGRADE,
    VIA,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Uri, Version, uri};

use super::framing::{self, Framing};
use super::hop;
use crate::{Client, Flaw, Host, Upstream, cookies};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");

/// What was asked, as far as the answer depends on it.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one fact about a request, and all combinations are possible"
)]
pub struct Asked {
    pub(crate) head_only: bool,
    pub(crate) websocket: bool,
    pub(crate) framing: Framing,
    pub(crate) awaits_continue: bool,
    pub(crate) wants_events: bool,
    pub(crate) replayable: bool,
    pub(crate) method_has_body: bool,
    pub(crate) host: Option<HeaderValue>,
}

impl Asked {
    /// Whether the request is the opening of a WebSocket (RFC 6455 section 4.1): the only upgrade that is passed on.
    pub fn is_websocket(&self) -> bool {
        self.websocket
    }
}

/// Makes of a request's head the one that the upstream gets: the target in origin form, this connection's own fields
/// removed, `Host`, `Forwarded`, `X-Forwarded-*` and `Via` said anew, hidden cookies removed.
///
/// # Errors
///
/// What is wrong with the request; then it must go nowhere.
pub fn rewrite_request(parts: &mut Parts, upstream: &Upstream, client: Client) -> Result<Asked, Flaw> {
    if parts.method == Method::CONNECT || parts.method == Method::TRACE {
        return Err(Flaw::Method);
    }
    let host = take_host(parts)?;
    let headers = &mut parts.headers;
    let framing = framing::take(headers)?;
    let websocket = opens_websocket(headers, &parts.method, parts.version) && framing != Framing::Chunked;
    let trailers =
        headers.contains_key(TE) && hop::tokens(headers, &TE).any(|it| it.eq_ignore_ascii_case(b"trailers"));
    hop::strip(headers, true);
    headers.reserve(8);
    if websocket {
        headers.insert(CONNECTION, const { HeaderValue::from_static("upgrade") });
        headers.insert(UPGRADE, WEBSOCKET);
    } else if trailers {
        headers.insert(CONNECTION, const { HeaderValue::from_static("te") });
        headers.insert(TE, const { HeaderValue::from_static("trailers") });
    }
    cookies::strip_request(headers, upstream.cookies.as_deref());
    say_forwarded(headers, host.as_ref(), client);
    say_host(headers, host.clone(), upstream);
    if let Some(via) = &upstream.via {
        headers.append(VIA, via.clone());
    }
    let asked = Asked {
        head_only: parts.method == Method::HEAD,
        websocket,
        framing,
        awaits_continue: headers
            .get(EXPECT)
            .is_some_and(|it| it.as_bytes().eq_ignore_ascii_case(b"100-continue")),
        wants_events: headers.get(ACCEPT).is_some_and(|it| it.as_bytes().starts_with(b"text/event-stream")),
        replayable: parts.method.is_idempotent(),
        method_has_body: matches!(parts.method, Method::POST | Method::PUT | Method::PATCH),
        host,
    };
    parts.uri = origin_form(&mut parts.uri);
    parts.version = Version::HTTP_11;
    Ok(asked)
}

/// The one host that is asked for: in the target (HTTP/2, absolute form) or in `Host`, and the same where it is in both.
fn take_host(parts: &Parts) -> Result<Option<HeaderValue>, Flaw> {
    let mut fields = parts.headers.get_all(HOST).iter();
    let field = fields.next();
    if fields.next().is_some() {
        return Err(Flaw::Host);
    }
    match (field, parts.uri.authority()) {
        (Some(field), None) => Ok(Some(field.clone())),
        (Some(field), Some(target)) if field.as_bytes().eq_ignore_ascii_case(target.as_str().as_bytes()) => {
            Ok(Some(field.clone()))
        }
        (None, Some(target)) => HeaderValue::from_str(target.as_str()).map(Some).map_err(|_| Flaw::Host),
        (None, None) if parts.version == Version::HTTP_10 => Ok(None),
        _ => Err(Flaw::Host),
    }
}

fn opens_websocket(headers: &HeaderMap, method: &Method, version: Version) -> bool {
    let Some(upgrade) = headers.get(UPGRADE) else { return false };
    *method == Method::GET
        && version == Version::HTTP_11
        && upgrade.as_bytes().eq_ignore_ascii_case(WEBSOCKET.as_bytes())
        && headers.contains_key(SEC_WEBSOCKET_KEY)
        && headers.get(CONTENT_LENGTH).is_none_or(|length| length.as_bytes() == b"0")
        && hop::tokens(headers, &CONNECTION).any(|token| token.eq_ignore_ascii_case(b"upgrade"))
}

/// `Host`, first of all fields where it was not there: some servers want it early.
fn say_host(headers: &mut HeaderMap, asked: Option<HeaderValue>, upstream: &Upstream) {
    let host = match (&upstream.host, asked) {
        (Host::Rewrite(host), _) => host.clone(),
        (Host::Preserve, Some(_)) if headers.contains_key(HOST) => return,
        (Host::Preserve, Some(host)) => host,
        (Host::Preserve, None) => match &upstream.address {
            crate::Address::Tcp(address) => {
                HeaderValue::from_str(&address.to_string()).unwrap_or(HeaderValue::from_static("localhost"))
            }
            crate::Address::Unix(_) => HeaderValue::from_static("localhost"),
        },
    };
    headers.insert(HOST, host);
}

/// `Forwarded` (RFC 7239 section 4) and its older kin.
fn say_forwarded(headers: &mut HeaderMap, host: Option<&HeaderValue>, client: Client) {
    let mut forwarded = String::with_capacity(96);
    if let Some(address) = client.address {
        let address = address.to_canonical();
        // To a string, nothing fails.
        let _ = match address {
            IpAddr::V4(address) => write!(forwarded, "{address}"),
            IpAddr::V6(address) => write!(forwarded, "{address}"),
        };
        if let Ok(value) = HeaderValue::from_str(&forwarded) {
            headers.insert(X_FORWARDED_FOR, value);
        }
        if address.is_ipv6() {
            forwarded = format!("\"[{forwarded}]\"");
        }
        forwarded.insert_str(0, "for=");
        forwarded.push(';');
    }
    if let Some(host) = host {
        headers.insert(X_FORWARDED_HOST, host.clone());
        // As a quoted string, unless it holds what would need escaping there.
        if let Ok(host) = host.to_str()
            && !host.contains(['"', '\\'])
        {
            let _ = write!(forwarded, "host=\"{host}\";");
        }
    }
    forwarded.push_str(if client.secure { "proto=https" } else { "proto=http" });
    let proto = if client.secure { "https" } else { "http" };
    headers.insert(X_FORWARDED_PROTO, HeaderValue::from_static(proto));
    if let Ok(value) = HeaderValue::try_from(forwarded) {
        headers.insert(FORWARDED, value);
    }
}

/// Path and query as they came (RFC 9112 section 3.2.1), `*` for `OPTIONS *`.
fn origin_form(target: &mut Uri) -> Uri {
    let taken = std::mem::take(target);
    if taken.authority().is_none() && taken.scheme().is_none() {
        return taken;
    }
    let mut parts = uri::Parts::default();
    parts.path_and_query = taken.into_parts().path_and_query;
    Uri::from_parts(parts).unwrap_or_default()
}
