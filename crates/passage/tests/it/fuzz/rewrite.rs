//! Any head of a request and of its answer: refused, or passed on with one host, one framing, nothing of a connection,
//! no hidden cookie, and who asks as the caller says it.

use std::sync::Arc;

use http::header::{CONNECTION, CONTENT_LENGTH, COOKIE, HOST, SET_COOKIE, TE, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use passage::{Client, Cookies, Upstream, rewrite_answer, rewrite_request};

const CLIENT: [u8; 4] = [192, 0, 2, 7];

/// A request line, fields, an empty line, a status, fields. Whether a request was passed on; panics where it is wrong.
pub(crate) fn check(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n');
    let line = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let (method, uri) = line.split_once(' ').unwrap_or((line.as_str(), "/"));
    let (Ok(method), Ok(uri)) = (method.parse::<Method>(), uri.parse::<Uri>()) else { return false };
    let mut request = Request::new(());
    (*request.method_mut(), *request.uri_mut()) = (method, uri);
    fields(&mut lines, request.headers_mut());
    let cookies = Cookies::new().hide("__Host-skyport").hide_prefix("portal_");
    let upstream = Upstream::new(std::net::SocketAddr::from(([127, 0, 0, 1], 1))).cookies(Arc::new(cookies));
    let client = Client { address: Some(CLIENT.into()), secure: true };

    let (mut parts, ()) = request.into_parts();
    let Ok(asked) = rewrite_request(&mut parts, &upstream, client) else { return false };
    let headers = &parts.headers;
    assert_eq!((count(headers, HOST), parts.uri.authority()), (1, None), "{headers:?}");
    common(headers, asked.is_websocket());
    assert_eq!(said(headers, "x-forwarded-for"), [b"192.0.2.7"], "{headers:?}");
    assert_eq!(said(headers, "x-forwarded-proto"), [b"https"], "{headers:?}");
    assert_eq!((said(headers, "forwarded").len(), said(headers, "x-real-ip").len()), (1, 0), "{headers:?}");
    let allowed = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"];
    for name in headers.keys().map(HeaderName::as_str) {
        let plain = name.replace('_', "-");
        assert!(!plain.starts_with("x-forwarded-") || allowed.contains(&name), "{headers:?}");
    }
    assert!(count(headers, COOKIE) <= 1, "{headers:?}");
    for cookie in said(headers, "cookie") {
        for pair in cookie.split(|byte| *byte == b';') {
            assert!(!hidden(pair), "{headers:?}");
        }
    }

    let status = lines.next().and_then(|line| StatusCode::from_bytes(line).ok()).unwrap_or(StatusCode::OK);
    let mut answer = Response::new(());
    *answer.status_mut() = status;
    fields(&mut lines, answer.headers_mut());
    let (mut parts, ()) = answer.into_parts();
    if rewrite_answer(&mut parts, &upstream, &asked).is_ok() {
        let switches = status == StatusCode::SWITCHING_PROTOCOLS;
        assert!(!switches || asked.is_websocket());
        common(&parts.headers, switches);
        assert!(said(&parts.headers, "proxy-authenticate").is_empty(), "{:?}", parts.headers);
        assert!(!said(&parts.headers, "set-cookie").into_iter().any(hidden), "{:?}", parts.headers);
        assert!(count(&parts.headers, TE) == 0 && count(&parts.headers, SET_COOKIE) <= text.len());
    }
    true
}

/// Up to an empty line, whatever can be a field.
fn fields<'a>(lines: &mut impl Iterator<Item = &'a [u8]>, headers: &mut HeaderMap) {
    for line in lines.by_ref().take_while(|line| !line.is_empty()).take(64) {
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let name = HeaderName::from_bytes(halves.next().unwrap_or_default());
        let value = HeaderValue::from_bytes(halves.next().unwrap_or_default().trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
}

fn common(headers: &HeaderMap, switches: bool) {
    assert!(count(headers, CONTENT_LENGTH) <= 1 && count(headers, TRANSFER_ENCODING) == 0, "{headers:?}");
    for length in said(headers, "content-length") {
        assert!(!length.is_empty() && length.iter().all(u8::is_ascii_digit), "{headers:?}");
    }
    for name in ["keep-alive", "proxy-connection", "proxy-authorization"] {
        assert!(said(headers, name).is_empty(), "{headers:?}");
    }
    assert_eq!(count(headers, UPGRADE), usize::from(switches), "{headers:?}");
    let connection = said(headers, "connection");
    let fine: &[&[u8]] = if switches { &[b"upgrade"] } else { &[b"te"] };
    assert!(connection.iter().all(|it| fine.contains(it)) && count(headers, CONNECTION) <= 1, "{headers:?}");
}

fn count(headers: &HeaderMap, name: HeaderName) -> usize {
    headers.get_all(name).iter().count()
}

fn said<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a [u8]> {
    headers.get_all(name).iter().map(HeaderValue::as_bytes).collect()
}

/// By another road than the crate's own.
fn hidden(pair: &[u8]) -> bool {
    let text = String::from_utf8_lossy(pair).to_ascii_lowercase();
    let text = text.trim_start_matches(|letter: char| letter == '=' || letter.is_ascii_whitespace());
    text.starts_with("portal_")
        || text.strip_prefix("__host-skyport").is_some_and(|rest| {
            let rest = rest.trim_ascii_start();
            rest.is_empty() || rest.starts_with(['=', ';'])
        })
}
