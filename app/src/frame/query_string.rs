//! Query strings as pairs of texts, read once and read exactly.
//!
//! The router's own map decodes every value twice, which turns the `%fe%` of a `LIKE` into a broken character; ADQL
//! must survive its address unchanged, so the pages here read the raw query string themselves.

use super::address::escape;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The decoded pairs of a raw query string, in order, repeated names kept.
pub fn read_pairs(search: &str) -> Vec<(String, String)> {
    search
        .trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// The first value of a name in a raw query string.
pub fn value_of(search: &str, name: &str) -> Option<String> {
    read_pairs(search).into_iter().find_map(|(key, value)| (key == name).then_some(value))
}

/// The first value of a name in this page's address; empty where there is none.
pub fn use_value(name: &'static str) -> Memo<String> {
    let search = use_location().search;
    Memo::new(move |_| search.with(|search| value_of(search, name)).unwrap_or_default())
}

/// A path with a query string of these pairs; the bare path where there are none.
pub fn write_address(path: &str, pairs: &[(String, String)]) -> String {
    let mut out = path.to_owned();
    for (i, (name, value)) in pairs.iter().enumerate() {
        out.push(if i == 0 { '?' } else { '&' });
        out.push_str(&escape(name));
        out.push('=');
        out.push_str(&escape(value));
    }
    out
}

/// Decodes one name or value of `application/x-www-form-urlencoded`; what is not UTF-8 becomes U+FFFD.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
        match bytes[i] {
            b'+' => out.push(b' '),
            b'%' => {
                if let (Some(high), Some(low)) = (hex(i + 1), hex(i + 2)) {
                    out.push((high * 16 + low) as u8);
                    i += 2;
                } else {
                    out.push(b'%');
                }
            }
            byte => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::{read_pairs, write_address};

    #[test]
    fn survives_an_address_unchanged() {
        for text in ["LIKE '%fe%'", "100%", "a+b & c=d", "θ¹ Ori C", "line\nline", "%2525", "?#/"] {
            let pairs = vec![("adql".to_owned(), text.to_owned()), ("c.a&b".to_owned(), String::new())];
            let address = write_address("/datasets/query", &pairs);
            let (_, search) = address.split_once('?').unwrap();
            assert_eq!(read_pairs(search), pairs, "{address}");
        }
        assert_eq!(write_address("/queries", &[]), "/queries");
    }

    #[test]
    fn reads_what_forms_send() {
        let read = read_pairs("?target=M+42&cols=a&cols=b&radius=3%20deg&odd=%zz&flag&bad=%ff");
        let read: Vec<_> = read.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let expected = [
            ("target", "M 42"),
            ("cols", "a"),
            ("cols", "b"),
            ("radius", "3 deg"),
            ("odd", "%zz"),
            ("flag", ""),
            ("bad", "\u{fffd}"),
        ];
        assert_eq!(read, expected);
    }
}
