//! What is changed about the answers of a session's interface, so that what runs in one session reaches neither the
//! portal nor another session through the browser. Everything else is the interface's own.

use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};

/// Removes what speaks for more than this origin, adds what keeps others out.
///
/// - `Clear-Site-Data` clears the cookies of the whole registrable domain, the portal's too (W3C Clear Site Data,
///   section 3.1).
/// - `Alt-Svc` leads to another server for the same origin (RFC 7838).
/// - No other origin may frame it: the cookie goes along between sessions, which are one site.
/// - `Origin-Agent-Cluster` keeps `document.domain` from joining two sessions.
pub(super) fn mend(secure: bool, mut answer: Response) -> Response {
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        return answer;
    }
    let headers = answer.headers_mut();
    for name in ["clear-site-data", "alt-svc"] {
        headers.remove(name);
    }
    // One more policy: where there are several, each must allow.
    headers.append(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("frame-ancestors 'self'"));
    headers.entry(HeaderName::from_static("origin-agent-cluster")).or_insert(HeaderValue::from_static("?1"));
    if secure {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=63072000"));
    }
    answer
}
