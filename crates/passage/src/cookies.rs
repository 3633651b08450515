//! Which cookies an upstream may see and set (RFC 6265 sections 4.1 and 4.2).
//!
//! Read more widely than written: a name is compared without regard to case, a cookie without a name counts by what its
//! value looks like when it is sent back, and quotes protect nothing.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

/// Cookies that are kept from an upstream, in both directions.
#[derive(Clone, Debug, Default)]
pub struct Cookies {
    names: Vec<String>,
    prefixes: Vec<String>,
}

impl Cookies {
    /// All may be seen, and all set but for other hosts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the cookie of this name from the upstream: it is neither shown nor may it be set.
    #[must_use]
    pub fn hide(mut self, name: &str) -> Self {
        self.names.push(name.to_ascii_lowercase());
        self
    }

    /// Keeps every cookie whose name begins so from the upstream.
    #[must_use]
    pub fn hide_prefix(mut self, prefix: &str) -> Self {
        self.prefixes.push(prefix.to_ascii_lowercase());
        self
    }

    fn hides(&self, name: &[u8]) -> bool {
        self.names.iter().any(|hidden| name.eq_ignore_ascii_case(hidden.as_bytes()))
            || self.prefixes.iter().any(|prefix| {
                name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
            })
    }
}

/// Leaves in `Cookie` what the upstream may see, in one field however many came (RFC 9113 section 8.2.3).
pub(crate) fn strip_request(headers: &mut HeaderMap, cookies: Option<&Cookies>) {
    let hidden = |pair: &[u8]| cookies.is_some_and(|cookies| cookies.hides(name_of(pair)));
    let mut fields = headers.get_all(COOKIE).iter();
    let Some(first) = fields.next() else { return };
    if fields.next().is_none() && !first.as_bytes().split(|byte| *byte == b';').any(hidden) {
        return;
    }
    let mut kept = Vec::new();
    for field in headers.get_all(COOKIE) {
        for pair in field.as_bytes().split(|byte| *byte == b';').map(<[u8]>::trim_ascii) {
            if !pair.is_empty() && !hidden(pair) {
                if !kept.is_empty() {
                    kept.extend_from_slice(b"; ");
                }
                kept.extend_from_slice(pair);
            }
        }
    }
    headers.remove(COOKIE);
    if !kept.is_empty()
        && let Ok(value) = HeaderValue::from_bytes(&kept)
    {
        headers.insert(COOKIE, value);
    }
}

/// Leaves in `Set-Cookie` what the upstream may set for `host`, a field's value with or without a port.
pub(crate) fn strip_answer(headers: &mut HeaderMap, cookies: Option<&Cookies>, host: Option<&HeaderValue>) {
    let host = without_port(host.map_or(b"".as_slice(), HeaderValue::as_bytes));
    let fine = |value: &HeaderValue| {
        let value = value.as_bytes();
        let mut parts = value.split(|byte| *byte == b';');
        let pair = parts.next().unwrap_or_default();
        !cookies.is_some_and(|cookies| cookies.hides(name_of(pair)))
            && parts.all(|part| own_domain(part, host))
    };
    if headers.get_all(SET_COOKIE).iter().all(fine) {
        return;
    }
    let kept: Vec<HeaderValue> =
        headers.get_all(SET_COOKIE).iter().filter(|value| fine(value)).cloned().collect();
    headers.remove(SET_COOKIE);
    for value in kept {
        headers.append(SET_COOKIE, value);
    }
}

/// The name with which a pair comes back, also where it has none: `=a=1` and `a=1` are sent alike.
fn name_of(pair: &[u8]) -> &[u8] {
    let start =
        pair.iter().position(|byte| *byte != b'=' && !byte.is_ascii_whitespace()).unwrap_or(pair.len());
    let pair = &pair[start..];
    let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
    pair[..end].trim_ascii()
}

/// Whether an attribute is something else than the domain of another host.
fn own_domain(attribute: &[u8], host: &[u8]) -> bool {
    let mut halves = attribute.splitn(2, |byte| *byte == b'=');
    if !halves.next().unwrap_or_default().trim_ascii().eq_ignore_ascii_case(b"domain") {
        return true;
    }
    let domain = halves.next().unwrap_or_default().trim_ascii();
    let domain = domain.strip_prefix(b".").unwrap_or(domain);
    domain.is_empty() || domain.eq_ignore_ascii_case(host)
}

fn without_port(host: &[u8]) -> &[u8] {
    match host.iter().rposition(|byte| *byte == b':') {
        Some(at) if host[at + 1..].iter().all(u8::is_ascii_digit) => &host[..at],
        _ => host,
    }
}
