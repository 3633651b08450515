//! Values and conditions (ADQL 2.1, sections 2.2.3 and 2.3).
//!
//! Both are read by the same rules, since a parenthesis does not tell which one it opens; what was read is
//! then checked against what its place needs.

use super::{Parser, shorten};
use crate::ast::{Arithmetic, Comparison, Expression, Name, Node, Number};
use crate::error::{Error, ErrorKind, Span};
use crate::functions;
use crate::lexer::{Lexeme, LexemeKind};
use crate::words::is_reserved;

const COMPARISONS: [(&str, Comparison); 7] = [
    ("=", Comparison::Equal),
    ("<>", Comparison::NotEqual),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

impl Parser<'_> {
    /// Something that is true or false.
    pub(super) fn condition(&mut self) -> Result<Expression, Error> {
        let read = self.or()?;
        self.check_condition(&read)?;
        Ok(read)
    }

    /// Something that has a value.
    pub(super) fn value(&mut self) -> Result<Expression, Error> {
        let read = self.or()?;
        check_value(&read)?;
        Ok(read)
    }

    /// Only called right behind `read`.
    fn check_condition(&self, read: &Expression) -> Result<(), Error> {
        if read.node.is_condition() {
            return Ok(());
        }
        if let Node::Call { function, .. } = &read.node
            && ["CONTAINS", "INTERSECTS"].iter().any(|name| function.text.eq_ignore_ascii_case(name))
        {
            return Err(self.fail(format!("= 1 or = 0 after {}(...)", function.text.to_ascii_uppercase())));
        }
        Err(self.fail("a comparison, such as = or BETWEEN"))
    }

    fn or(&mut self) -> Result<Expression, Error> {
        self.junction("OR", Self::and, Node::Or)
    }

    fn and(&mut self) -> Result<Expression, Error> {
        self.junction("AND", Self::not, Node::And)
    }

    fn junction(
        &mut self,
        word: &str,
        operand: fn(&mut Self) -> Result<Expression, Error>,
        node: fn(Vec<Expression>) -> Node,
    ) -> Result<Expression, Error> {
        let first = operand(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        self.check_condition(&first)?;
        let mut span = first.span;
        let mut all = vec![first];
        while self.take_word(word) {
            let next = operand(self)?;
            self.check_condition(&next)?;
            span = span.to(next.span);
            all.push(next);
        }
        Ok(Expression { span, node: node(all) })
    }

    fn not(&mut self) -> Result<Expression, Error> {
        let start = self.span().start;
        if !self.take_word("NOT") {
            return self.predicate();
        }
        let operand = self.predicate()?;
        self.check_condition(&operand)?;
        let span = Span::new(start, self.end());
        Ok(Expression { span, node: Node::Not(Box::new(operand)) })
    }

    fn predicate(&mut self) -> Result<Expression, Error> {
        let start = self.span().start;
        if self.take_word("EXISTS") {
            self.need_operator("(", "( and a subquery after EXISTS")?;
            let select = Box::new(self.select()?);
            self.need_operator(")", ") at the end of the subquery")?;
            return Ok(Expression { span: Span::new(start, self.end()), node: Node::Exists(select) });
        }
        let operand = self.sum()?;
        let Some(node) = self.predicate_after(&operand)? else { return Ok(operand) };
        check_value(&operand)?;
        let node = node(Box::new(operand));
        Ok(Expression { span: Span::new(start, self.end()), node })
    }

    /// What follows a value and makes it a condition.
    #[expect(clippy::type_complexity, reason = "the rest of a predicate, waiting for its operand")]
    fn predicate_after(
        &mut self,
        operand: &Expression,
    ) -> Result<Option<Box<dyn FnOnce(Box<Expression>) -> Node>>, Error> {
        let compare = COMPARISONS.into_iter().find(|(written, _)| self.is_operator(written));
        if let Some((_, operator)) = compare {
            check_value(operand)?;
            self.at += 1;
            let right = Box::new(self.operand()?);
            return Ok(Some(Box::new(move |left| Node::Compare { operator, left, right })));
        }
        if self.take_word("IS") {
            let negated = self.take_word("NOT");
            self.need_word("NULL", "NULL or NOT NULL after IS")?;
            return Ok(Some(Box::new(move |operand| Node::IsNull { negated, operand })));
        }
        let negated = self.is_word("NOT")
            && ["BETWEEN", "IN", "LIKE", "ILIKE"].iter().any(|word| self.is_word_at(self.at + 1, word));
        self.at += usize::from(negated);
        if self.take_word("BETWEEN") {
            let low = Box::new(self.operand()?);
            self.need_word("AND", "AND and the upper bound of BETWEEN")?;
            let high = Box::new(self.operand()?);
            return Ok(Some(Box::new(move |operand| Node::Between { negated, operand, low, high })));
        }
        for (word, ignore_case) in [("LIKE", false), ("ILIKE", true)] {
            if self.take_word(word) {
                let pattern = Box::new(self.operand()?);
                if self.is_word("ESCAPE") {
                    return Err(Error::unsupported(
                        self.span(),
                        "ESCAPE",
                        "Escape % and _ with a backslash.",
                    ));
                }
                return Ok(Some(Box::new(move |operand| Node::Like {
                    negated,
                    ignore_case,
                    operand,
                    pattern,
                })));
            }
        }
        if self.take_word("IN") {
            self.need_operator("(", "( after IN")?;
            if self.is_word("SELECT") {
                let select = Box::new(self.select()?);
                self.need_operator(")", ") at the end of the subquery")?;
                return Ok(Some(Box::new(move |operand| Node::InSelect { negated, operand, select })));
            }
            let list = self.separated(Self::value)?;
            self.need_operator(")", "a comma or )")?;
            return Ok(Some(Box::new(move |operand| Node::InList { negated, operand, list })));
        }
        Ok(None)
    }

    /// One side of a comparison.
    fn operand(&mut self) -> Result<Expression, Error> {
        let read = self.sum()?;
        check_value(&read)?;
        Ok(read)
    }

    /// `a + b - c` or `a || b`
    fn sum(&mut self) -> Result<Expression, Error> {
        let first = self.chain(Self::product, &[("+", Arithmetic::Add), ("-", Arithmetic::Subtract)])?;
        if !self.is_operator("||") {
            return Ok(first);
        }
        check_value(&first)?;
        let mut span = first.span;
        let mut all = vec![first];
        while self.take_operator("||") {
            let next = self.chain(Self::product, &[("+", Arithmetic::Add), ("-", Arithmetic::Subtract)])?;
            check_value(&next)?;
            span = span.to(next.span);
            all.push(next);
        }
        Ok(Expression { span, node: Node::Concatenate(all) })
    }

    fn product(&mut self) -> Result<Expression, Error> {
        self.chain(Self::signed, &[("*", Arithmetic::Multiply), ("/", Arithmetic::Divide)])
    }

    fn chain(
        &mut self,
        operand: fn(&mut Self) -> Result<Expression, Error>,
        operators: &[(&str, Arithmetic); 2],
    ) -> Result<Expression, Error> {
        let first = operand(self)?;
        let mut span = first.span;
        let mut rest = Vec::new();
        while let Some((_, operator)) = operators.iter().find(|(written, _)| self.is_operator(written)) {
            check_value(&first)?;
            self.at += 1;
            let next = operand(self)?;
            check_value(&next)?;
            span = span.to(next.span);
            rest.push((*operator, next));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(Expression { span, node: Node::Chain { first: Box::new(first), rest } })
    }

    fn signed(&mut self) -> Result<Expression, Error> {
        let start = self.span().start;
        let negative = self.take_operator("-");
        if !negative && !self.take_operator("+") {
            return self.primary();
        }
        let operand = self.primary()?;
        check_value(&operand)?;
        let span = Span::new(start, self.end());
        let node = if negative { Node::Negate(Box::new(operand)) } else { operand.node };
        Ok(Expression { span, node })
    }

    fn primary(&mut self) -> Result<Expression, Error> {
        let span = self.span();
        let written = self.slice();
        let Some(Lexeme { kind, .. }) = self.peek() else { return Err(self.fail("a value")) };
        let node = match kind {
            LexemeKind::Number => {
                self.at += 1;
                Node::Number(number(written, span)?)
            }
            LexemeKind::Text => return Ok(self.literal()),
            LexemeKind::Operator if written == "(" => return self.parenthesised(),
            LexemeKind::Word if self.take_word("NULL") => Node::Null,
            LexemeKind::Word if self.is_operator_at(self.at + 1, "(") && !self.is_structure() => {
                return self.call();
            }
            LexemeKind::Word if is_reserved(written) && !self.is_structure() => {
                return Err(reserved_value(written, span));
            }
            LexemeKind::Word | LexemeKind::Delimited => return self.column(),
            _ => return Err(self.fail("a value")),
        };
        Ok(Expression { span, node })
    }

    /// Text; pieces on lines of their own are one text (SQL-92, section 5.3).
    fn literal(&mut self) -> Expression {
        let start = self.span().start;
        let mut text = String::new();
        loop {
            let span = self.span();
            text.push_str(&Span::new(span.start + 1, span.end - 1).slice(self.text).replace("''", "'"));
            self.at += 1;
            let goes_on = self.peek().is_some_and(|next| {
                next.kind == LexemeKind::Text
                    && Span::new(span.end, next.span.start).slice(self.text).contains('\n')
            });
            if !goes_on {
                return Expression { span: Span::new(start, span.end), node: Node::Text(text) };
            }
        }
    }

    fn parenthesised(&mut self) -> Result<Expression, Error> {
        self.enter()?;
        self.at += 1;
        if self.is_word("SELECT") {
            let hint = "Use IN (SELECT ...), EXISTS (SELECT ...) or a subquery in FROM.";
            return Err(Error::unsupported(self.span(), "A subquery as a value", hint));
        }
        let inner = self.or()?;
        self.need_operator(")", ")")?;
        self.leave();
        Ok(inner)
    }

    fn column(&mut self) -> Result<Expression, Error> {
        let mut name = self.name("a value")?;
        let mut qualifier = Vec::new();
        while qualifier.len() < 3 && self.take_operator(".") {
            let next = self.name("a column after the dot")?;
            qualifier.push(std::mem::replace(&mut name, next));
        }
        if !qualifier.is_empty() && self.is_operator("(") {
            let start = qualifier.first().map_or(name.span, |first| first.span);
            let hint = "Use the functions of ADQL itself.";
            return Err(Error::unsupported(start.to(name.span), "A function with a schema", hint));
        }
        let span = qualifier.first().map_or(name.span, |first| first.span.to(name.span));
        Ok(Expression { span, node: Node::Column { qualifier, name } })
    }

    /// The next tokens are a word and `(`.
    fn call(&mut self) -> Result<Expression, Error> {
        let span = self.span();
        let written = self.slice();
        let known = functions::find(written);
        if known.is_none() && is_reserved(written) {
            return Err(reserved_value(written, span));
        }
        self.enter()?;
        self.at += 2;
        let aggregate = known.is_some_and(functions::Function::is_aggregate);
        let mut distinct = false;
        if aggregate {
            distinct = self.take_word("DISTINCT");
            if !distinct {
                self.take_word("ALL");
            }
        }
        let count = known.is_some_and(|function| function.name == "COUNT");
        let star = count && !distinct && self.take_operator("*");
        let arguments = if star || self.is_operator(")") { Vec::new() } else { self.separated(Self::value)? };
        self.need_operator(")", if arguments.is_empty() { ")" } else { "a comma or )" })?;
        if self.is_word("OVER") && self.is_operator_at(self.at + 1, "(") {
            return Err(Error::unsupported(self.span(), "OVER", "Use GROUP BY instead."));
        }
        self.leave();
        let whole = Span::new(span.start, self.end());
        let found = arguments.len() + usize::from(star);
        if let Some(function) = known.filter(|function| !function.takes(found)) {
            let kind = ErrorKind::WrongArgumentCount {
                function: function.name.to_owned(),
                expected: function.expected(),
                found,
            };
            return Err(Error::new(whole, kind));
        }
        let function = Name { text: written.to_owned(), delimited: false, span };
        Ok(Expression { span: whole, node: Node::Call { function, distinct, star, arguments } })
    }
}

fn check_value(read: &Expression) -> Result<(), Error> {
    if !read.node.is_condition() {
        return Ok(());
    }
    let kind = ErrorKind::Syntax { expected: "a value".into(), found: "a condition".into() };
    Err(Error::new(read.span, kind))
}

/// A reserved word where a value should be.
fn reserved_value(word: &str, span: Span) -> Error {
    let upper = word.to_ascii_uppercase();
    if let Some(hint) = functions::untranslated(word) {
        return Error::unsupported(span, upper, hint);
    }
    match upper.as_str() {
        "CASE" => {
            Error::unsupported(span, upper, "Compute it after the query, or ask one query for each case.")
        }
        "TRUE" | "FALSE" => Error::unsupported(span, upper, "Compare the column with 1 or 0 instead."),
        _ => Error::new(span, ErrorKind::ReservedWord { word: word.to_owned() }),
    }
}

fn number(written: &str, span: Span) -> Result<Number, Error> {
    let read = if let Some(digits) = written.strip_prefix("0x").or_else(|| written.strip_prefix("0X")) {
        i64::from_str_radix(digits, 16).ok().map(Number::Integer)
    } else if written.bytes().all(|b| b.is_ascii_digit()) {
        written.parse().ok().map(Number::Integer)
    } else {
        written.parse().ok().filter(|number: &f64| number.is_finite()).map(Number::Float)
    };
    read.ok_or_else(|| Error::new(span, ErrorKind::NumberOutOfRange { number: shorten(written) }))
}
