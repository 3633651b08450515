//! Tokens for an editor's colours, of any text, right or wrong.

use crate::error::Span;
use crate::lexer::{LexemeKind, lexemes};
use crate::words::is_reserved;

/// A coloured piece of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A reserved word, which the names of ADQL's functions are too.
    Keyword,
    /// A name, plain or in double quotes.
    Identifier,
    /// A number.
    Number,
    /// Text in single quotes.
    Text,
    /// From `--` to the end of the line.
    Comment,
    /// An operator, a comma, a dot, a parenthesis.
    Operator,
    /// What cannot be read, such as text without its closing quote.
    Error,
}

/// The tokens of a text in order. White space lies between them; nothing else is left out and none overlap.
pub fn tokens(text: &str) -> Vec<Token> {
    let kind = |kind, span: Span| match kind {
        LexemeKind::Word if is_reserved(span.slice(text)) => TokenKind::Keyword,
        LexemeKind::Word | LexemeKind::Delimited => TokenKind::Identifier,
        LexemeKind::Number => TokenKind::Number,
        LexemeKind::Text => TokenKind::Text,
        LexemeKind::Comment => TokenKind::Comment,
        LexemeKind::Operator => TokenKind::Operator,
        LexemeKind::Bad(_) => TokenKind::Error,
    };
    lexemes(text).map(|lexeme| Token { span: lexeme.span, kind: kind(lexeme.kind, lexeme.span) }).collect()
}
