//! How long a body is, as its head says it; refused where two readers could differ (RFC 9112 section 6.3).

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use crate::Flaw;

/// What a head says of its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Nothing.
    Unsaid,
    /// So many bytes.
    Length(u64),
    /// In chunks.
    Chunked,
}

/// Reads it, and leaves a single `Content-Length` or nothing: how chunks are written is each connection's own affair.
pub(crate) fn take(headers: &mut HeaderMap) -> Result<Framing, Flaw> {
    let mut encodings = headers.get_all(TRANSFER_ENCODING).iter();
    let Some(encoding) = encodings.next() else { return take_length(headers) };
    if headers.contains_key(CONTENT_LENGTH) {
        return Err(Flaw::TwoFramings);
    }
    if encodings.next().is_some() || !encoding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked") {
        return Err(Flaw::Encoding);
    }
    headers.remove(TRANSFER_ENCODING);
    Ok(Framing::Chunked)
}

fn take_length(headers: &mut HeaderMap) -> Result<Framing, Flaw> {
    let mut fields = headers.get_all(CONTENT_LENGTH).iter();
    let Some(first) = fields.next() else { return Ok(Framing::Unsaid) };
    let length = number(first.as_bytes()).ok_or(Flaw::Length)?;
    let mut repeated = false;
    for field in fields {
        repeated = true;
        if number(field.as_bytes()) != Some(length) {
            return Err(Flaw::Length);
        }
    }
    if repeated {
        headers.insert(CONTENT_LENGTH, length.into());
    }
    Ok(Framing::Length(length))
}

/// Digits alone: no sign, no list.
fn number(value: &[u8]) -> Option<u64> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}
