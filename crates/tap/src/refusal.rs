//! Turns an answer that is no success into the error it stands for. Archives send their reasons as `VOTable`,
//! text, HTML or JSON, with whatever status (DALI 1.1 section 4.2 allows most of it).

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::body::Body;
use crate::challenge::read_challenges;
use crate::error::NotATable;
use crate::excerpt::{clean, page_words};
use crate::exchange::{Guard, Stop};
use crate::sniff::Kind;
use crate::vosi::xml::{Doc, Node};
use crate::{Error, Limits, Waiting};

/// As much of an error document as is read.
const MAX_DOCUMENT_BYTES: usize = 64 * 1024;

/// The error that a response of a status other than success stands for. `for_query` says that a text document
/// may be the reason why a query was refused.
pub(crate) async fn read_refusal(
    response: Response,
    place: &str,
    limits: &Limits,
    guard: &Guard,
    for_query: bool,
) -> Error {
    let status = response.status().as_u16();
    let challenges = read_challenges(response.headers());
    let retry_after = retry_after(response.headers());
    let mut body = Body::new(response, u64::MAX);
    let kind = match guard.wait(Waiting::NextByte, body.sniff(guard)).await {
        Ok(Ok(kind)) => kind,
        Err(Stop::Cancelled) | Ok(Err(Stop::Cancelled)) => return Error::Cancelled { rows: 0 },
        Err(_) | Ok(Err(_)) => Kind::Empty,
    };
    let Ok(head) = body.head(MAX_DOCUMENT_BYTES, guard).await else { return Error::Cancelled { rows: 0 } };
    let max = limits.max_message_chars;
    let reason = query_error(&head, max);
    let said = reason.clone().unwrap_or_else(|| words(&kind, &head, max));
    let place = place.to_owned();
    match (status, reason, kind) {
        (401, _, _) => Error::SignInNeeded { place, challenges },
        (403, _, _) => Error::Forbidden { place, said: some(said) },
        (429 | 503, _, _) => Error::Busy { place, status, retry_after, said: some(said) },
        (_, Some(message), _) => Error::Rejected { message, rows: 0 },
        (404 | 410, _, _) => Error::NotFound { place, said: some(said) },
        (_, _, Kind::Html) => Error::NotATable { place, kind: NotATable::WebPage, status, said },
        (400..=499, _, Kind::Text) if for_query => Error::Rejected { message: said, rows: 0 },
        _ => Error::Status { place, status, said: some(said) },
    }
}

/// The error for a successful answer that is not XML of the wanted kind.
pub(crate) async fn read_wrong_kind(
    kind: Kind,
    body: Body,
    status: u16,
    place: &str,
    limits: &Limits,
    guard: &Guard,
) -> Error {
    let Ok(head) = body.head(MAX_DOCUMENT_BYTES, guard).await else { return Error::Cancelled { rows: 0 } };
    let said = words(&kind, &head, limits.max_message_chars);
    let place = place.to_owned();
    let kind = match kind {
        Kind::Empty => return Error::Empty { place },
        Kind::Html => NotATable::WebPage,
        Kind::Json => NotATable::Json,
        Kind::Text => NotATable::Text,
        Kind::Xml(_) => NotATable::Xml,
    };
    Error::NotATable { place, kind, status, said }
}

fn some(said: String) -> Option<String> {
    (!said.is_empty()).then_some(said)
}

/// What a document says to a person.
fn words(kind: &Kind, head: &[u8], max: usize) -> String {
    let text = String::from_utf8_lossy(head);
    match kind {
        Kind::Empty => String::new(),
        Kind::Html | Kind::Xml(_) => page_words(&text, max),
        Kind::Json | Kind::Text => clean(&text, max),
    }
}

/// The message of the `QUERY_STATUS` that says `ERROR`, if the document is a `VOTable` with one.
fn query_error(head: &[u8], max: usize) -> Option<String> {
    let mut doc = Doc::new(head);
    doc.root(&["VOTABLE"]).ok()?;
    loop {
        match doc.next().ok()? {
            Node::Open(tag) if tag.name == "INFO" => {
                let is_error = tag.attribute("name").is_some_and(|n| n.eq_ignore_ascii_case("QUERY_STATUS"))
                    && tag.attribute("value").is_some_and(|v| v.eq_ignore_ascii_case("ERROR"));
                // A message cut off by our own limit is still worth having.
                let text = doc.text();
                if is_error {
                    return Some(clean(&text.ok().flatten().unwrap_or_default(), max));
                }
            }
            Node::End => return None,
            Node::Open(_) | Node::Close => {}
        }
    }
}

/// `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date, which is read against the answer's own `Date`
/// so that a wrong clock here does no harm.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = httpdate::parse_http_date(value).ok()?;
    let now = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    Some(then.duration_since(now).unwrap_or_default())
}
