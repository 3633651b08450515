//! `WWW-Authenticate`: what an archive says one must do to sign in (RFC 9110 section 11.6.1, IVOA SSO 2.0).

use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};

use crate::excerpt::clean;

/// The most that one answer may list.
const MAX_CHALLENGES: usize = 16;
/// The most parameters kept of one challenge.
const MAX_PARAMS: usize = 16;

/// One way to sign in that an archive offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme as sent, for example `ivoa_bearer`, `Bearer`, `Basic`, `ivoa_x509`.
    pub scheme: String,
    /// Its parameters in order, names in lower case: `standard_id`, `access_url`, `realm`, ...
    pub params: Vec<(String, String)>,
}

impl Challenge {
    /// A parameter's value by its lower-case name.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Whether a bearer token would do (`Bearer`, `ivoa_bearer`).
    pub fn wants_bearer(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("bearer") || self.scheme.eq_ignore_ascii_case("ivoa_bearer")
    }
}

/// All challenges of an answer, over several headers and within one.
pub(crate) fn read_challenges(headers: &HeaderMap) -> Vec<Challenge> {
    let mut out = Vec::new();
    for value in headers.get_all(WWW_AUTHENTICATE) {
        parse(&String::from_utf8_lossy(value.as_bytes()), &mut out);
    }
    out.truncate(MAX_CHALLENGES);
    out
}

/// Splits one header: a word without `=` after it begins a challenge, `name=value` belongs to the last one.
fn parse(header: &str, out: &mut Vec<Challenge>) {
    for item in split_outside_quotes(header, ',') {
        let item = item.trim();
        if item.is_empty() {
            continue;
        }
        let word_end = item.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(item.len());
        let rest = item[word_end..].trim_start();
        let param = if rest.starts_with('=') && !out.is_empty() {
            Some(item)
        } else {
            out.push(Challenge { scheme: clean(&item[..word_end], 40), params: Vec::new() });
            (!rest.is_empty()).then_some(rest)
        };
        let (Some(param), Some(last)) = (param, out.last_mut()) else { continue };
        // IVOA challenges of some services separate parameters by spaces alone.
        for piece in split_outside_quotes(param, ' ') {
            if let Some((name, value)) = piece.split_once('=')
                && last.params.len() < MAX_PARAMS
            {
                let value = value.trim().trim_matches('"').replace("\\\"", "\"");
                last.params.push((clean(&name.trim().to_ascii_lowercase(), 40), clean(&value, 500)));
            }
        }
    }
}

/// Pieces between separators that stand outside double quotes.
fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut quoted, mut escaped, mut start) = (false, false, 0);
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if c == separator && !quoted => {
                pieces.push(&text[start..i]);
                start = i + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests;
