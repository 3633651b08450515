//! From text to lexemes, tolerant: what cannot be read becomes a lexeme of its own.
//!
//! The parser stops at the first unreadable lexeme that it reaches; an editor colours it and goes on.

use crate::error::Span;

/// What a lexeme is. Its text is `span.slice(text)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LexemeKind {
    /// A regular identifier or a keyword.
    Word,
    /// A delimited identifier, quotes included.
    Delimited,
    Number,
    /// A character string literal, quotes included.
    Text,
    Comment,
    Operator,
    Bad(Bad),
}

/// Why a lexeme cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bad {
    UnterminatedText,
    UnterminatedName,
    EmptyName,
    IrregularName,
    Character,
    BlockComment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lexeme {
    pub(crate) span: Span,
    pub(crate) kind: LexemeKind,
}

/// Longest first, so that `<=` is not read as `<` and `=`. The last row is not ADQL but must be named when found.
const OPERATORS: [&str; 30] = [
    "<=", ">=", "<>", "!=", "||", "::", "==", "(", ")", ",", ".", "*", "+", "-", "/", "=", "<", ">", ";",
    "%", "&", "|", "^", "~", "[", "]", "?", ":", "{", "}",
];

/// Every lexeme of the text in order; white space is left out, comments are not.
pub(crate) fn lexemes(text: &str) -> Lexemes<'_> {
    Lexemes { text, at: 0 }
}

pub(crate) struct Lexemes<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Lexemes<'_> {
    type Item = Lexeme;

    fn next(&mut self) -> Option<Lexeme> {
        let rest = self.text.get(self.at..)?;
        let rest = rest.trim_start();
        let first = rest.chars().next()?;
        let start = self.text.len() - rest.len();
        let (length, kind) = read(rest, first);
        self.at = start + length;
        Some(Lexeme { span: Span::new(start, self.at), kind })
    }
}

fn read(rest: &str, first: char) -> (usize, LexemeKind) {
    let bytes = rest.as_bytes();
    let second = bytes.get(1).copied().unwrap_or_default();
    match first {
        'A'..='Z' | 'a'..='z' => name(rest),
        '0'..='9' => (number(bytes), LexemeKind::Number),
        '.' if second.is_ascii_digit() => (number(bytes), LexemeKind::Number),
        '\'' => quoted(bytes, b'\'', LexemeKind::Text, Bad::UnterminatedText),
        '"' if rest.starts_with("\"\"") && !rest.starts_with("\"\"\"") => {
            (2, LexemeKind::Bad(Bad::EmptyName))
        }
        '"' => quoted(bytes, b'"', LexemeKind::Delimited, Bad::UnterminatedName),
        '-' if second == b'-' => (rest.find('\n').unwrap_or(rest.len()), LexemeKind::Comment),
        '/' if second == b'*' => {
            let end = rest.find("*/").map_or(rest.len(), |at| at + 2);
            (end, LexemeKind::Bad(Bad::BlockComment))
        }
        _ if first == '_' || first.is_alphanumeric() => name(rest),
        _ => match OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
            Some(operator) => (operator.len(), LexemeKind::Operator),
            None => (first.len_utf8(), LexemeKind::Bad(Bad::Character)),
        },
    }
}

/// A run of letters, digits and underscores; regular only if ASCII and led by a letter.
fn name(rest: &str) -> (usize, LexemeKind) {
    let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
    let run = rest.get(..end).unwrap_or_default();
    let regular = run.is_ascii() && run.starts_with(|c: char| c.is_ascii_alphabetic());
    (end, if regular { LexemeKind::Word } else { LexemeKind::Bad(Bad::IrregularName) })
}

/// The length of an unsigned number. `2desc` is a number and a word, as the validation suite of the
/// standard has it, so the exponent counts only with its digits.
fn number(bytes: &[u8]) -> usize {
    let digits = |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    if let [b'0', b'x' | b'X', third, ..] = bytes
        && third.is_ascii_hexdigit()
    {
        return 2 + bytes.iter().skip(2).take_while(|b| b.is_ascii_hexdigit()).count();
    }
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits(end + 1);
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

/// From one quote to its partner; a doubled quote is part of the content.
fn quoted(bytes: &[u8], quote: u8, kind: LexemeKind, bad: Bad) -> (usize, LexemeKind) {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        if *byte == quote {
            if bytes.get(at) != Some(&quote) {
                return (at, kind);
            }
            at += 1;
        }
    }
    (bytes.len(), LexemeKind::Bad(bad))
}
