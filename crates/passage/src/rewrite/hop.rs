//! Fields that belong to one connection (RFC 9110 section 7.6.1), and those that only the passage may say.

use http::header::{CONNECTION, CONTENT_LENGTH, COOKIE, HOST, HeaderName, SET_COOKIE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue};

/// Removes them, with the fields that `Connection` names. Framing and `Host` stay, also where they are named: their
/// removal would change what the message is.
pub(crate) fn strip(headers: &mut HeaderMap, from_client: bool) {
    let doomed = |name: &HeaderName| {
        let name = name.as_str();
        is_hop(name) || (from_client && is_said_here(name))
    };
    let mut names: Vec<HeaderName> = headers.keys().filter(|name| doomed(name)).cloned().collect();
    if names.is_empty() {
        return;
    }
    for token in tokens(headers, &CONNECTION) {
        if let Ok(name) = HeaderName::from_bytes(token)
            && ![CONTENT_LENGTH, TRANSFER_ENCODING, HOST].contains(&name)
        {
            names.push(name);
        }
    }
    for name in names {
        headers.remove(name);
    }
}

/// The members of a field that is a list.
pub(crate) fn tokens<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> impl Iterator<Item = &'a [u8]> + use<'a> {
    headers
        .get_all(name)
        .into_iter()
        .flat_map(|value: &HeaderValue| value.as_bytes().split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .filter(|token| !token.is_empty())
}

fn is_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "proxy-connection"
            | "te"
            | "upgrade"
            | "proxy-authorization"
            | "http2-settings"
    )
}

/// What a client may not say of itself. Some servers take `_` for `-`, so such a name is said here too; and framing is
/// never spelled with `_`.
fn is_said_here(name: &str) -> bool {
    let (first, rest) = match name.as_bytes() {
        [first @ (b'f' | b'x' | b'c' | b't'), rest @ ..] => (*first, rest),
        _ => return false,
    };
    match first {
        b'f' => rest == b"orwarded",
        b'x' => [b"-forwarded-".as_slice(), b"-real-ip"].iter().any(|start| {
            rest.len() >= start.len()
                && rest.iter().zip(*start).all(|(a, b)| if *a == b'_' { *b == b'-' } else { a == b })
        }),
        _ => matches!(name, "content_length" | "transfer_encoding"),
    }
}

/// Leaves of trailers what may be there (RFC 9110 section 6.5.1): nothing about connections, framing, or cookies.
pub(crate) fn strip_trailers(mut trailers: HeaderMap) -> HeaderMap {
    strip(&mut trailers, true);
    for name in [CONTENT_LENGTH, TRANSFER_ENCODING, HOST, COOKIE, SET_COOKIE] {
        trailers.remove(name);
    }
    trailers
}
