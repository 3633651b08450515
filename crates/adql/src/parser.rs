//! Recursive descent over the lexemes, one function for each clause (ADQL 2.1, appendix A).
//!
//! Recursion is counted and flat chains are kept flat, so that no text can exhaust the stack.

mod expression;
mod from;

use crate::ast::{Name, OrderTerm, Query, Select, SelectItem};
use crate::error::{Error, ErrorKind, Span};
use crate::lexer::{Bad, Lexeme, LexemeKind, lexemes};
use crate::words::is_reserved;

/// Longest query text, in bytes.
pub const MAX_TEXT_BYTES: usize = 1 << 20;
/// Deepest nesting of parentheses, functions, signs, NOTs and subqueries.
pub const MAX_DEPTH: usize = 24;

/// Words that open or continue a clause: where one stands, no name was meant.
const STRUCTURE: [&str; 34] = [
    "ALL",
    "AND",
    "AS",
    "ASC",
    "BETWEEN",
    "BY",
    "DESC",
    "DISTINCT",
    "EXCEPT",
    "EXISTS",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "ILIKE",
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
    "RIGHT",
    "SELECT",
    "UNION",
    "USING",
    "WHERE",
];

const SET_HINT: &str = "Run the queries one by one.";

/// Reads a query.
///
/// # Errors
/// The first fault in the text, with its place. Whether its tables, columns and functions exist is
/// for [`crate::translate`] to say.
pub fn parse(text: &str) -> Result<Query, Error> {
    if text.len() > MAX_TEXT_BYTES {
        let span = Span::new(MAX_TEXT_BYTES, text.len());
        return Err(Error::new(span, ErrorKind::TooLong { limit: MAX_TEXT_BYTES }));
    }
    let tokens = lexemes(text).filter(|lexeme| lexeme.kind != LexemeKind::Comment).collect();
    let mut parser = Parser { text, tokens, at: 0, depth: 0 };
    if parser.is_word("WITH") {
        return Err(Error::unsupported(parser.span(), "WITH", "Write the subquery in FROM instead."));
    }
    if parser.is_operator("(") {
        return Err(Error::unsupported(parser.span(), "A query in parentheses", "Begin with SELECT."));
    }
    let select = parser.select()?;
    parser.take_operator(";");
    if parser.peek().is_some() {
        return Err(parser.fail("the end of the query"));
    }
    Ok(Query { select })
}

struct Parser<'t> {
    text: &'t str,
    /// Without comments.
    tokens: Vec<Lexeme>,
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<Lexeme> {
        self.tokens.get(self.at).copied()
    }

    /// The place of the next token: the end of the text if there is none.
    fn span(&self) -> Span {
        self.peek().map_or(Span::new(self.text.len(), self.text.len()), |token| token.span)
    }

    /// Where the last token read ends.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.span.end)
    }

    fn slice(&self) -> &'t str {
        self.span().slice(self.text)
    }

    fn is_word_at(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.kind == LexemeKind::Word && token.span.slice(self.text).eq_ignore_ascii_case(word)
        })
    }

    fn is_word(&self, word: &str) -> bool {
        self.is_word_at(self.at, word)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    fn need_word(&mut self, word: &str, expected: &str) -> Result<(), Error> {
        if self.take_word(word) { Ok(()) } else { Err(self.fail(expected)) }
    }

    fn is_operator_at(&self, at: usize, operator: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.kind == LexemeKind::Operator && token.span.slice(self.text) == operator
        })
    }

    fn is_operator(&self, operator: &str) -> bool {
        self.is_operator_at(self.at, operator)
    }

    fn take_operator(&mut self, operator: &str) -> bool {
        let found = self.is_operator(operator);
        self.at += usize::from(found);
        found
    }

    fn need_operator(&mut self, operator: &str, expected: &str) -> Result<(), Error> {
        if self.take_operator(operator) { Ok(()) } else { Err(self.fail(expected)) }
    }

    /// The fault of finding the next token where `expected` should be.
    fn fail(&self, expected: impl Into<String>) -> Error {
        let span = self.span();
        let written = self.slice();
        let Some(token) = self.peek() else {
            let found = "the end of the query".into();
            return Error::new(span, ErrorKind::Syntax { expected: expected.into(), found });
        };
        let kind = match token.kind {
            LexemeKind::Bad(Bad::UnterminatedText) => ErrorKind::UnterminatedText,
            LexemeKind::Bad(Bad::UnterminatedName) => ErrorKind::UnterminatedName,
            LexemeKind::Bad(Bad::EmptyName) => ErrorKind::EmptyName,
            LexemeKind::Bad(Bad::IrregularName) => ErrorKind::IrregularName { name: shorten(written) },
            LexemeKind::Bad(Bad::Character) => {
                ErrorKind::BadCharacter { character: written.chars().next().unwrap_or_default() }
            }
            LexemeKind::Bad(Bad::BlockComment) => {
                return Error::unsupported(span, "A comment in /* */", "Start each line of it with --.");
            }
            LexemeKind::Operator => match dialect_hint(written) {
                Some(hint) => return Error::unsupported(span, format!("The operator {written}"), hint),
                None => ErrorKind::Syntax { expected: expected.into(), found: written.to_owned() },
            },
            LexemeKind::Word if ["UNION", "EXCEPT", "INTERSECT"].iter().any(|word| self.is_word(word)) => {
                return Error::unsupported(span, written.to_ascii_uppercase(), SET_HINT);
            }
            LexemeKind::Word | LexemeKind::Delimited | LexemeKind::Number | LexemeKind::Text => {
                ErrorKind::Syntax { expected: expected.into(), found: shorten(written) }
            }
            LexemeKind::Comment => ErrorKind::Syntax { expected: expected.into(), found: "a comment".into() },
        };
        Error::new(span, kind)
    }

    /// Counts one level of nesting; [`Self::leave`] must follow.
    fn enter(&mut self) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Error::new(self.span(), ErrorKind::TooDeep { limit: MAX_DEPTH }));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn is_structure(&self) -> bool {
        STRUCTURE.iter().any(|word| self.is_word(word))
    }

    /// A name; `expected` says of what.
    fn name(&mut self, expected: &str) -> Result<Name, Error> {
        match self.peek() {
            Some(Lexeme { kind: LexemeKind::Word, span }) => {
                let word = span.slice(self.text);
                if self.is_structure() {
                    return Err(self.fail(expected));
                }
                if is_reserved(word) {
                    return Err(Error::new(span, ErrorKind::ReservedWord { word: word.to_owned() }));
                }
                self.at += 1;
                Ok(Name { text: word.to_owned(), delimited: false, span })
            }
            Some(Lexeme { kind: LexemeKind::Delimited, span }) => {
                self.at += 1;
                let inner = Span::new(span.start + 1, span.end - 1).slice(self.text);
                Ok(Name { text: inner.replace("\"\"", "\""), delimited: true, span })
            }
            _ => Err(self.fail(expected)),
        }
    }

    /// `[AS] name`, where the next word may also belong to what follows.
    fn alias(&mut self, expected: &str) -> Result<Option<Name>, Error> {
        if self.take_word("AS") {
            return self.name(expected).map(Some);
        }
        match self.peek() {
            Some(Lexeme { kind: LexemeKind::Word, span }) if !is_reserved(span.slice(self.text)) => {
                let number_follows =
                    self.tokens.get(self.at + 1).is_some_and(|next| next.kind == LexemeKind::Number);
                if self.is_word("LIMIT") && number_follows {
                    return Err(Error::unsupported(
                        span,
                        "LIMIT",
                        "Write SELECT TOP and the number instead.",
                    ));
                }
                self.name(expected).map(Some)
            }
            Some(Lexeme { kind: LexemeKind::Delimited, .. }) => self.name(expected).map(Some),
            _ => Ok(None),
        }
    }

    fn unsigned(&mut self, expected: &str) -> Result<u64, Error> {
        let span = self.span();
        let digits = self.slice();
        match self.peek() {
            Some(Lexeme { kind: LexemeKind::Number, .. }) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                self.at += 1;
                let number = digits.parse::<i64>().ok().and_then(|number| u64::try_from(number).ok());
                number
                    .ok_or_else(|| Error::new(span, ErrorKind::NumberOutOfRange { number: shorten(digits) }))
            }
            _ => Err(self.fail(expected)),
        }
    }

    fn select(&mut self) -> Result<Select, Error> {
        self.enter()?;
        let start = self.span().start;
        self.need_word("SELECT", "SELECT")?;
        let distinct = self.take_word("DISTINCT");
        if !distinct {
            self.take_word("ALL");
        }
        let top = if self.take_word("TOP") { Some(self.unsigned("a whole number after TOP")?) } else { None };
        let items = self.separated(Self::item)?;
        self.need_word("FROM", "a comma or FROM")?;
        let from = self.separated(Self::table_reference)?;
        let condition = if self.take_word("WHERE") { Some(self.condition()?) } else { None };
        let group_by = self.by("GROUP", Self::value)?;
        let having = if self.take_word("HAVING") { Some(self.condition()?) } else { None };
        let order_by = self.by("ORDER", Self::order_term)?;
        let offset =
            if self.take_word("OFFSET") { Some(self.unsigned("a whole number after OFFSET")?) } else { None };
        for word in ["UNION", "EXCEPT", "INTERSECT"] {
            if self.is_word(word) {
                return Err(Error::unsupported(self.span(), word, SET_HINT));
            }
        }
        self.leave();
        let span = Span::new(start, self.end());
        Ok(Select { span, distinct, top, items, from, condition, group_by, having, order_by, offset })
    }

    /// `one, two, three`
    fn separated<T>(&mut self, one: fn(&mut Self) -> Result<T, Error>) -> Result<Vec<T>, Error> {
        let mut all = vec![one(self)?];
        while self.take_operator(",") {
            all.push(one(self)?);
        }
        Ok(all)
    }

    fn by<T>(&mut self, word: &str, one: fn(&mut Self) -> Result<T, Error>) -> Result<Vec<T>, Error> {
        if !self.take_word(word) {
            return Ok(Vec::new());
        }
        self.need_word("BY", &format!("BY after {word}"))?;
        self.separated(one)
    }

    fn item(&mut self) -> Result<SelectItem, Error> {
        let span = self.span();
        if self.take_operator("*") {
            return Ok(SelectItem::All(span));
        }
        if let Some(qualifier) = self.star_qualifier()? {
            return Ok(SelectItem::AllOf(qualifier));
        }
        let expression = self.value()?;
        let alias = self.alias("a name after AS")?;
        Ok(SelectItem::Value { expression, alias })
    }

    /// `a.b.*`, if that is what comes.
    fn star_qualifier(&mut self) -> Result<Option<Vec<Name>>, Error> {
        let is_name = |at: usize| {
            self.tokens
                .get(at)
                .is_some_and(|token| matches!(token.kind, LexemeKind::Word | LexemeKind::Delimited))
        };
        let mut at = self.at;
        while is_name(at) && self.is_operator_at(at + 1, ".") {
            at += 2;
        }
        if at == self.at || !self.is_operator_at(at, "*") {
            return Ok(None);
        }
        let mut names = Vec::new();
        while self.at < at {
            names.push(self.name("a table")?);
            self.at += 1;
        }
        self.at += 1;
        Ok(Some(names))
    }

    fn order_term(&mut self) -> Result<OrderTerm, Error> {
        let expression = self.value()?;
        let descending = self.take_word("DESC");
        if !descending {
            self.take_word("ASC");
        }
        Ok(OrderTerm { expression, descending })
    }
}

/// What to write instead of an operator of another dialect.
fn dialect_hint(operator: &str) -> Option<&'static str> {
    Some(match operator {
        "%" => "Use MOD(x, y).",
        "::" => "Leave the value as it is.",
        "&" | "|" | "^" | "~" => "Bitwise arithmetic is not part of ADQL 2.1.",
        "[" | "]" | "{" | "}" => "Arrays are not part of ADQL 2.1.",
        "?" | ":" => "Write the value itself; queries have no parameters.",
        _ => return None,
    })
}

/// At most 40 characters of what was written, for a sentence.
fn shorten(written: &str) -> String {
    match written.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", written.get(..at).unwrap_or_default()),
        None => written.to_owned(),
    }
}
