//! Values: columns, literals, arithmetic and text, with the check of their kinds.

use super::constant;
use super::scope::{Scope, describe};
use super::{OutputColumn, Translator};
use crate::ast::{Arithmetic, Expression, Name, Node, Number};
use crate::catalogue::Kind;
use crate::error::{Error, ErrorKind, Span};
use crate::words::quote_text;

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Context<'s> {
    pub(super) scope: &'s Scope<'s>,
    /// In a grouped query, the SQL of the GROUP BY terms.
    pub(super) groups: Option<&'s [String]>,
    pub(super) aggregates: Aggregates,
}

/// Whether an aggregate function may stand here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Aggregates {
    Allowed,
    /// In this clause they may not.
    Forbidden(&'static str),
    /// Inside one already.
    Inside,
}

impl<'s> Context<'s> {
    pub(super) fn new(scope: &'s Scope<'s>, aggregates: Aggregates) -> Self {
        Self { scope, groups: None, aggregates }
    }
}

/// How tightly SQL text holds together; an operand needs parentheses if it is looser than its operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    Not,
    Comparison,
    Arithmetic,
    Primary,
}

/// A translated expression.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) sql: String,
    pub(super) level: Level,
    /// None for NULL.
    pub(super) kind: Option<Kind>,
    /// Its value, if it is a constant number.
    pub(super) constant: Option<Number>,
    /// What it copies, if it is a plain column.
    pub(super) column: Option<OutputColumn>,
}

impl Value {
    pub(super) fn primary(sql: String, kind: Option<Kind>) -> Self {
        Self { sql, level: Level::Primary, kind, constant: None, column: None }
    }

    /// Its SQL, in parentheses if it is looser than `level`.
    pub(super) fn at(&self, level: Level) -> String {
        if self.level < level { format!("({})", self.sql) } else { self.sql.clone() }
    }

    pub(super) fn number(&self) -> Option<f64> {
        self.constant.map(constant::double)
    }

    /// Its SQL as a double, whatever number it is.
    pub(super) fn as_double(&self) -> String {
        match (self.constant, self.kind) {
            (Some(number), _) => constant::write(Number::Float(constant::double(number))),
            (None, Some(Kind::Number)) => self.sql.clone(),
            (None, _) => format!("CAST({} AS DOUBLE)", self.sql),
        }
    }
}

impl Translator<'_> {
    /// An expression that has a value.
    pub(super) fn value(&mut self, expression: &Expression, context: &Context<'_>) -> Result<Value, Error> {
        if let Some(groups) = context.groups
            && !matches!(expression.node, Node::Number(_) | Node::Text(_) | Node::Null)
        {
            let ungrouped = Context { groups: None, ..*context };
            if let Ok(value) = self.value(expression, &ungrouped)
                && groups.contains(&value.sql)
            {
                return Ok(value);
            }
        }
        match &expression.node {
            Node::Number(number) => {
                let kind = match number {
                    Number::Integer(_) => Kind::Integer,
                    Number::Float(_) => Kind::Number,
                };
                let literal = Value::primary(constant::write(*number), Some(kind));
                Ok(Value { constant: Some(*number), ..literal })
            }
            Node::Text(text) => Ok(Value::primary(quote_text(text), Some(Kind::Text))),
            Node::Null => Ok(Value::primary("NULL".into(), None)),
            Node::Column { qualifier, name } => Self::column(expression.span, qualifier, name, context),
            Node::Negate(operand) => {
                let value = self.numeric(operand, context, "The sign -")?;
                let folded = value.constant.and_then(constant::negate);
                let sql = format!("-{}", value.at(Level::Primary));
                Ok(Value { sql, level: Level::Arithmetic, constant: folded, column: None, kind: value.kind })
            }
            Node::Chain { first, rest } => self.chain(first, rest, context),
            Node::Concatenate(parts) => {
                let mut sql = Vec::new();
                for part in parts {
                    let value = self.value(part, context)?;
                    sql.push(match value.kind {
                        None | Some(Kind::Text) => value.at(Level::Primary),
                        Some(Kind::Integer | Kind::Number | Kind::Time) => {
                            format!("CAST({} AS VARCHAR)", value.sql)
                        }
                        other => return Err(wrong_type(part.span, "The operator ||", "text", other)),
                    });
                }
                let kind = Some(Kind::Text);
                Ok(Value { level: Level::Arithmetic, ..Value::primary(sql.join(" || "), kind) })
            }
            Node::Call { function, distinct, star, arguments } => {
                self.call(expression.span, function, *distinct, *star, arguments, context)
            }
            _ => {
                let kind = ErrorKind::Syntax { expected: "a value".into(), found: "a condition".into() };
                Err(Error::new(expression.span, kind))
            }
        }
    }

    fn column(span: Span, qualifier: &[Name], name: &Name, context: &Context<'_>) -> Result<Value, Error> {
        let (field, outer) = context.scope.column(qualifier, name, span)?;
        let inside = context.aggregates == Aggregates::Inside;
        if let Some(groups) = context.groups
            && !outer
            && !inside
            && !groups.contains(&field.sql)
        {
            let mut parts = qualifier.to_vec();
            parts.push(name.clone());
            return Err(Error::new(span, ErrorKind::NotGrouped { name: super::scope::written(&parts) }));
        }
        let column = field.column.clone();
        Ok(Value { column: Some(column), ..Value::primary(field.sql.clone(), field.column.kind) })
    }

    fn chain(
        &mut self,
        first: &Expression,
        rest: &[(Arithmetic, Expression)],
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        let mut result = self.numeric(first, context, "Arithmetic")?;
        result.sql = result.at(Level::Primary);
        for (operator, operand) in rest {
            let right = self.numeric(operand, context, "Arithmetic")?;
            let sign = match operator {
                Arithmetic::Add => '+',
                Arithmetic::Subtract => '-',
                Arithmetic::Multiply => '*',
                Arithmetic::Divide => '/',
            };
            let safe = *operator != Arithmetic::Divide || right.number().is_some_and(|number| number != 0.0);
            let right_sql = if safe { right.at(Level::Primary) } else { format!("nullif({}, 0)", right.sql) };
            let constant = match (result.constant, right.constant) {
                (Some(left), Some(right)) => constant::fold(left, *operator, right),
                _ => None,
            };
            let kind = match (result.kind, right.kind) {
                (Some(Kind::Number), _) | (_, Some(Kind::Number)) => Some(Kind::Number),
                (None, None) => None,
                _ => Some(Kind::Integer),
            };
            result = Value {
                sql: format!("{} {sign} {right_sql}", result.sql),
                level: Level::Arithmetic,
                kind,
                constant,
                column: None,
            };
        }
        Ok(result)
    }

    /// A number, or NULL.
    pub(super) fn numeric(
        &mut self,
        expression: &Expression,
        context: &Context<'_>,
        place: &str,
    ) -> Result<Value, Error> {
        let value = self.value(expression, context)?;
        match value.kind {
            None | Some(Kind::Integer | Kind::Number) => Ok(value),
            other => Err(wrong_type(expression.span, place, "a number", other)),
        }
    }

    /// Text, or NULL.
    pub(super) fn text(
        &mut self,
        expression: &Expression,
        context: &Context<'_>,
        place: &str,
    ) -> Result<Value, Error> {
        let value = self.value(expression, context)?;
        match value.kind {
            None | Some(Kind::Text) => Ok(value),
            other => Err(wrong_type(expression.span, place, "text", other)),
        }
    }
}

/// The fault of a value of the wrong kind.
pub(super) fn wrong_type(span: Span, place: &str, expected: &str, found: Option<Kind>) -> Error {
    let kind = ErrorKind::WrongType {
        place: place.to_owned(),
        expected: expected.to_owned(),
        found: describe(found),
    };
    Error::new(span, kind)
}
