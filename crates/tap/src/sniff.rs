//! Tells what an answer is from its first bytes: the `Content-Type` of archives is too often wrong.

/// Bytes looked at before an undecided answer is taken for what it seems to be.
pub(crate) const ENOUGH: usize = 8 * 1024;

/// What the body of an answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing, or white space alone.
    Empty,
    /// XML with this root element (local name, as written).
    Xml(String),
    Html,
    Json,
    Text,
}

/// Decides from the bytes so far; `None` asks for more. `done` says that there are no more.
pub(crate) fn sniff(bytes: &[u8], done: bool) -> Option<Kind> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let done = done || bytes.len() >= ENOUGH;
    let mut rest = bytes.trim_ascii_start();
    let first = match rest.first() {
        None => return done.then_some(Kind::Empty),
        Some(first) => *first,
    };
    match first {
        b'<' => {}
        b'{' | b'[' => return Some(Kind::Json),
        _ => return Some(Kind::Text),
    }
    // Declarations, comments and the document type stand before the root element.
    loop {
        let undecided = if done { Some(Kind::Xml(String::new())) } else { None };
        let skip = if rest.starts_with(b"<?") {
            find(rest, b"?>").map(|i| i + 2)
        } else if rest.starts_with(b"<!--") {
            find(rest, b"-->").map(|i| i + 3)
        } else if rest.starts_with(b"<!") {
            let head: Vec<u8> = rest.iter().take(16).map(u8::to_ascii_lowercase).collect();
            if head.starts_with(b"<!doctype html") {
                return Some(Kind::Html);
            }
            end_of_doctype(rest)
        } else if rest.starts_with(b"<") {
            let name = &rest[1..];
            let end = name.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'));
            return match end {
                Some(end) => Some(root(&name[..end])),
                None => undecided,
            };
        } else if rest.is_empty() {
            return undecided;
        } else {
            return Some(Kind::Text);
        };
        match skip {
            Some(skip) => rest = rest[skip..].trim_ascii_start(),
            None => return undecided,
        }
    }
}

fn root(name: &[u8]) -> Kind {
    let name = String::from_utf8_lossy(name);
    let local = name.rsplit(':').next().unwrap_or_default();
    let html = ["html", "head", "body", "title", "h1", "p", "div", "center"];
    if html.iter().any(|h| local.eq_ignore_ascii_case(h)) { Kind::Html } else { Kind::Xml(local.to_owned()) }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

/// One past the `>` that closes a document type, its internal subset included.
fn end_of_doctype(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    for (i, b) in bytes.iter().enumerate() {
        match b {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return Some(i + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
