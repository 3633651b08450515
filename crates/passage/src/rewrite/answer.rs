//! The answer's head, as the client gets it.

use http::header::{CONNECTION, CONTENT_LENGTH, PROXY_AUTHENTICATE, UPGRADE};
use http::response::Parts;
use http::{HeaderValue, StatusCode, Version};

use super::{Asked, framing, hop};
use crate::{Flaw, Upstream, cookies};

/// Makes of an answer's head the one that the client gets: the upstream connection's own fields removed, one framing,
/// no cookies that are hidden or for other hosts. The reason phrase stays (an extension of hyper's).
///
/// # Errors
///
/// What is wrong with the answer; then it is nobody's.
pub fn rewrite_answer(parts: &mut Parts, upstream: &Upstream, asked: &Asked) -> Result<(), Flaw> {
    let switches = parts.status == StatusCode::SWITCHING_PROTOCOLS;
    if switches {
        let mut protocols = parts.headers.get_all(UPGRADE).iter();
        let websocket = protocols.next().is_some_and(|it| it.as_bytes().eq_ignore_ascii_case(b"websocket"));
        if !asked.websocket || !websocket || protocols.next().is_some() {
            return Err(Flaw::Upgrade);
        }
    }
    framing::take(&mut parts.headers)?;
    // Without a body, by its status (RFC 9110 section 8.6).
    if switches || parts.status == StatusCode::NO_CONTENT {
        parts.headers.remove(CONTENT_LENGTH);
    }
    hop::strip(&mut parts.headers, false);
    parts.headers.remove(PROXY_AUTHENTICATE);
    if switches {
        parts.headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        parts.headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    }
    cookies::strip_answer(&mut parts.headers, upstream.cookies.as_deref(), asked.host.as_ref());
    parts.version = Version::HTTP_11;
    Ok(())
}
