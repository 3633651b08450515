//! An ADQL text in coloured pieces. For the eye only: it colours what it can tell apart and judges nothing.
//!
//! `adql::tokens` tells more apart, but stays on the server: with it DataFusion would come into the build of every page
//! and all reserved words of SQL into the browser, and a crate split off for both would be longer than these few lines.

use std::ops::Range;

/// A piece of text that looks one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text, a part of the whole.
    pub text: String,
    /// Its class in the style sheet; empty for plain text.
    pub class: &'static str,
    /// Whether it lies in the range that is marked as faulty.
    pub faulty: bool,
}

const KEYWORDS: [&str; 41] = [
    "ALL",
    "AND",
    "AS",
    "ASC",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "CROSS",
    "DESC",
    "DISTINCT",
    "ELSE",
    "END",
    "EXCEPT",
    "EXISTS",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "IN",
    "INNER",
    "INTERSECT",
    "IS",
    "JOIN",
    "LEFT",
    "LIKE",
    "NATURAL",
    "NOT",
    "NULL",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OUTER",
    "RIGHT",
    "SELECT",
    "THEN",
    "TOP",
    "UNION",
    "WHEN",
    "WHERE",
];

/// The pieces of a text, in order; together they are the text. `fault` is a byte range.
pub fn pieces(text: &str, fault: Option<Range<usize>>) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (len, class) = token(&text[at..]);
        push_cut(&mut out, text, at..at + len, class, fault.as_ref());
        at += len;
    }
    out
}

/// Cuts a piece at the borders of the faulty range, and joins plain neighbours.
fn push_cut(
    out: &mut Vec<Piece>,
    text: &str,
    piece: Range<usize>,
    class: &'static str,
    fault: Option<&Range<usize>>,
) {
    let mut cuts = vec![piece.start];
    if let Some(fault) = fault {
        let inside = |at: &usize| piece.start < *at && *at < piece.end && text.is_char_boundary(*at);
        cuts.extend([fault.start, fault.end].into_iter().filter(inside));
    }
    cuts.push(piece.end);
    for cut in cuts.windows(2) {
        let faulty = fault.is_some_and(|f| f.start <= cut[0] && cut[1] <= f.end);
        match out.last_mut() {
            Some(last) if last.class == class && last.faulty == faulty && class.is_empty() => {
                last.text.push_str(&text[cut[0]..cut[1]]);
            }
            _ => out.push(Piece { text: text[cut[0]..cut[1]].to_owned(), class, faulty }),
        }
    }
}

/// Length in bytes and class of the first token; never 0.
fn token(rest: &str) -> (usize, &'static str) {
    let first = rest.chars().next().unwrap_or(' ');
    let run = |of: &dyn Fn(char) -> bool| rest.find(|c| !of(c)).unwrap_or(rest.len()).max(first.len_utf8());
    match first {
        '-' if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), "rem"),
        '\'' => (quoted(rest, '\''), "str"),
        '"' => (quoted(rest, '"'), ""),
        '0'..='9' => (number(rest), "num"),
        c if c.is_alphabetic() || c == '_' => {
            let len = run(&|c| c.is_alphanumeric() || c == '_');
            let upper = rest[..len].to_ascii_uppercase();
            if KEYWORDS.binary_search(&upper.as_str()).is_ok() {
                (len, "kw")
            } else if rest[len..].trim_start_matches(' ').starts_with('(') {
                (len, "fn")
            } else {
                (len, "")
            }
        }
        c if c.is_whitespace() => (run(&char::is_whitespace), ""),
        c => (c.len_utf8(), ""),
    }
}

/// A quoted text; a doubled quote inside belongs to it, a missing one ends it with the text.
fn quoted(rest: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(end) = rest[at..].find(quote) {
        at += end + 1;
        if !rest[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    rest.len()
}

fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let sign = |i: usize| i > 0 && matches!(bytes[i], b'+' | b'-') && matches!(bytes[i - 1], b'e' | b'E');
    let of = |i: usize| bytes[i].is_ascii_digit() || matches!(bytes[i], b'.' | b'e' | b'E') || sign(i);
    (1..bytes.len()).find(|i| !of(*i)).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::{KEYWORDS, pieces};

    fn classes(text: &str) -> Vec<(String, &'static str)> {
        pieces(text, None).into_iter().map(|p| (p.text, p.class)).collect()
    }

    #[test]
    fn colours_an_everyday_text() {
        let seen = classes("SELECT TOP 10 ra FROM t -- all\nWHERE name='a''b' AND x<-1.5e-3");
        let of =
            |class| seen.iter().filter(|(_, c)| *c == class).map(|(t, _)| t.as_str()).collect::<Vec<_>>();
        assert_eq!(of("kw"), ["SELECT", "TOP", "FROM", "WHERE", "AND"]);
        assert_eq!(of("num"), ["10", "1.5e-3"]);
        assert_eq!(of("str"), ["'a''b'"]);
        assert_eq!(of("rem"), ["-- all"]);
        assert_eq!(classes("COUNT (*)")[0], ("COUNT".to_owned(), "fn"));
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn loses_nothing() {
        let texts = ["", "'open", "\"open", "é'ü\"☃", "1e", "1e+", "--", "a\n\n", "θ¹ 12é", "''''", "😀(😀"];
        for text in texts {
            for fault in [None, Some(0..1), Some(1..200), Some(2..2), Some(3..5)] {
                let whole: String = pieces(text, fault.clone()).into_iter().map(|p| p.text).collect();
                assert_eq!(whole, text, "{fault:?}");
            }
        }
    }

    #[test]
    fn marks_the_fault_alone() {
        let faulty = |text: &str, range| {
            pieces(text, Some(range)).into_iter().filter(|p| p.faulty).map(|p| p.text).collect::<String>()
        };
        assert_eq!(faulty("SELECT magg FROM t", 7..11), "magg");
        assert_eq!(faulty("SELECT 'abc' FROM t", 8..9), "a");
    }
}
