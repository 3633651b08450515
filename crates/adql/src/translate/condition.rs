//! Conditions: comparisons, ranges, lists, patterns, subqueries and their junctions.

use super::depth::JUNCTION;
use super::expression::{Context, Level, Value, wrong_type};
use super::scope::describe;
use super::{Translator, geometry};
use crate::ast::{Comparison, Expression, Node, Number, Select};
use crate::catalogue::Kind;
use crate::error::{Error, ErrorKind, Span};

impl Translator<'_> {
    /// The SQL of a condition of WHERE, ON or HAVING, where unknown counts as false.
    pub(super) fn condition(
        &mut self,
        expression: &Expression,
        context: &Context<'_>,
    ) -> Result<String, Error> {
        self.truth(expression, context, true).map(|value| value.sql)
    }

    /// A condition. `loose` says that unknown and false are the same to what is around it, as they are to
    /// WHERE, and to AND and OR right below it, but not to NOT.
    pub(super) fn truth(
        &mut self,
        expression: &Expression,
        context: &Context<'_>,
        loose: bool,
    ) -> Result<Value, Error> {
        let not = |negated: &bool| if *negated { "NOT " } else { "" };
        let (sql, level) = match &expression.node {
            Node::Or(all) => (self.junction(all, context, loose, " OR ", Level::And)?, Level::Or),
            Node::And(all) => (self.junction(all, context, loose, " AND ", Level::Not)?, Level::And),
            Node::Not(operand) => {
                let operand = self.truth(operand, context, false)?;
                (format!("NOT {}", operand.at(Level::Primary)), Level::Not)
            }
            Node::Compare { operator, left, right } => {
                return self.compare(*operator, left, right, context, loose);
            }
            Node::Between { negated, operand, low, high } => {
                let value = self.value(operand, context)?;
                let (low, low_span) = (self.value(low, context)?, low.span);
                let (high, high_span) = (self.value(high, context)?, high.span);
                self.check_comparable(low_span, value.kind, low.kind)?;
                self.check_comparable(high_span, value.kind, high.kind)?;
                let [value, low, high] = [value, low, high].map(|value| value.at(Level::Arithmetic));
                (format!("{value} {}BETWEEN {low} AND {high}", not(negated)), Level::Comparison)
            }
            Node::InList { negated, operand, list } => {
                let value = self.value(operand, context)?;
                let mut items = Vec::new();
                for item in list {
                    let read = self.value(item, context)?;
                    self.check_comparable(item.span, value.kind, read.kind)?;
                    items.push(read.sql);
                }
                let value = value.at(Level::Arithmetic);
                (format!("{value} {}IN ({})", not(negated), items.join(", ")), Level::Comparison)
            }
            Node::InSelect { negated, operand, select } => {
                (self.in_select(*negated, operand, select, context)?, Level::Comparison)
            }
            Node::Like { negated, ignore_case, operand, pattern } => {
                let word = if *ignore_case { "ILIKE" } else { "LIKE" };
                let value = self.text(operand, context, word)?.at(Level::Arithmetic);
                let pattern = self.text(pattern, context, word)?.at(Level::Arithmetic);
                (format!("{value} {}{word} {pattern}", not(negated)), Level::Comparison)
            }
            Node::IsNull { negated, operand } => {
                let value = self.value(operand, context)?.at(Level::Primary);
                (format!("{value} IS {}NULL", not(negated)), Level::Comparison)
            }
            Node::Exists(select) => {
                let selected = self.select(select, Some(context.scope), None)?;
                (format!("EXISTS ({})", selected.sql), Level::Primary)
            }
            _ => {
                let kind = ErrorKind::Syntax { expected: "a comparison".into(), found: "a value".into() };
                return Err(Error::new(expression.span, kind));
            }
        };
        Ok(condition_value(sql, level))
    }

    fn junction(
        &mut self,
        all: &[Expression],
        context: &Context<'_>,
        loose: bool,
        word: &str,
        level: Level,
    ) -> Result<String, Error> {
        let mut parts = Vec::with_capacity(all.len());
        for part in all {
            parts.push(self.truth(part, context, loose)?.at(level));
        }
        while parts.len() > JUNCTION {
            let join = |pair: &[String]| match pair {
                [only] => only.clone(),
                several => format!("({})", several.join(word)),
            };
            parts = parts.chunks(JUNCTION).map(join).collect();
        }
        Ok(parts.join(word))
    }

    fn compare(
        &mut self,
        operator: Comparison,
        left: &Expression,
        right: &Expression,
        context: &Context<'_>,
        loose: bool,
    ) -> Result<Value, Error> {
        if let Some(value) = self.compare_contains(operator, left, right, context, loose)? {
            return Ok(value);
        }
        let left_value = self.value(left, context)?;
        let right_value = self.value(right, context)?;
        if let Some(sql) = compare_boolean(operator, (left, &left_value), (right, &right_value)) {
            return Ok(condition_value(sql, Level::Comparison));
        }
        self.check_comparable(left.span.to(right.span), left_value.kind, right_value.kind)?;
        let sides = [&left_value, &right_value].map(|value| value.at(Level::Arithmetic));
        let compared = format!("{} {} {}", sides[0], symbol(operator), sides[1]);
        let filter = if loose { self.distance_filter(operator, left, right, context)? } else { None };
        Ok(match filter {
            Some(filter) => condition_value(format!("{filter} AND {compared}"), Level::And),
            None => condition_value(compared, Level::Comparison),
        })
    }

    fn in_select(
        &mut self,
        negated: bool,
        operand: &Expression,
        select: &Select,
        context: &Context<'_>,
    ) -> Result<String, Error> {
        let value = self.value(operand, context)?;
        let selected = self.select(select, Some(context.scope), None)?;
        let [column] = selected.columns.as_slice() else {
            let kind = ErrorKind::WrongType {
                place: "IN".into(),
                expected: "a subquery of one column".into(),
                found: format!("one of {} columns", selected.columns.len()),
            };
            return Err(Error::new(select.span, kind));
        };
        self.check_comparable(select.span, value.kind, column.kind)?;
        let not = if negated { "NOT " } else { "" };
        Ok(format!("{} {not}IN ({})", value.at(Level::Arithmetic), selected.sql))
    }

    /// Refuses text against numbers and the like, which the engine would guess at.
    #[expect(clippy::unused_self, reason = "reads as the other checks do")]
    pub(super) fn check_comparable(
        &self,
        span: Span,
        left: Option<Kind>,
        right: Option<Kind>,
    ) -> Result<(), Error> {
        let (Some(a), Some(b)) = (left, right) else { return Ok(()) };
        if a == Kind::Geometry || b == Kind::Geometry {
            return Err(wrong_type(span, "A comparison", "numbers, text or times", Some(Kind::Geometry)));
        }
        let alike = a == b
            || a == Kind::Other
            || b == Kind::Other
            || (a.is_numeric() && b.is_numeric())
            || matches!((a, b), (Kind::Time, Kind::Text) | (Kind::Text, Kind::Time));
        if alike {
            return Ok(());
        }
        let sentence = describe(left);
        let mut letters = sentence.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        let left = first.into_iter().chain(letters).collect();
        Err(Error::new(span, ErrorKind::NotComparable { left, right: describe(right) }))
    }

    /// `CONTAINS(...) = 1` and its like, as a condition of its own.
    fn compare_contains(
        &mut self,
        operator: Comparison,
        left: &Expression,
        right: &Expression,
        context: &Context<'_>,
        loose: bool,
    ) -> Result<Option<Value>, Error> {
        let (arguments, number) =
            match (geometry::contains_arguments(left), geometry::contains_arguments(right)) {
                (Some(arguments), None) => (arguments, &right.node),
                (None, Some(arguments)) => (arguments, &left.node),
                _ => return Ok(None),
            };
        let inside = match (operator, number) {
            (Comparison::Equal, Node::Number(Number::Integer(1)))
            | (Comparison::NotEqual, Node::Number(Number::Integer(0))) => true,
            (Comparison::Equal, Node::Number(Number::Integer(0)))
            | (Comparison::NotEqual, Node::Number(Number::Integer(1))) => false,
            _ => return Ok(None),
        };
        let condition = self.contains(arguments, context, loose && inside)?;
        Ok(Some(match (inside, loose) {
            (true, true) => condition,
            (true, false) => {
                condition_value(format!("{} IS TRUE", condition.at(Level::Primary)), Level::Comparison)
            }
            (false, _) => {
                condition_value(format!("{} IS NOT TRUE", condition.at(Level::Primary)), Level::Comparison)
            }
        }))
    }
}

/// A translated condition.
pub(super) fn condition_value(sql: String, level: Level) -> Value {
    Value { sql, level, kind: Some(Kind::Boolean), constant: None, column: None }
}

fn symbol(operator: Comparison) -> &'static str {
    match operator {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

/// A boolean column compared with 1, 0, 'true' or 'false', which is all that ADQL 2.1 can write.
fn compare_boolean(
    operator: Comparison,
    left: (&Expression, &Value),
    right: (&Expression, &Value),
) -> Option<String> {
    let (column, literal) = match (left.1.kind, right.1.kind) {
        (Some(Kind::Boolean), _) => (left.1, right.0),
        (_, Some(Kind::Boolean)) => (right.1, left.0),
        _ => return None,
    };
    let truth = match &literal.node {
        Node::Number(Number::Integer(1)) => true,
        Node::Number(Number::Integer(0)) => false,
        Node::Text(text) if ["true", "t"].iter().any(|word| text.eq_ignore_ascii_case(word)) => true,
        Node::Text(text) if ["false", "f"].iter().any(|word| text.eq_ignore_ascii_case(word)) => false,
        _ => return None,
    };
    let operator = match operator {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        _ => return None,
    };
    Some(format!("{} {operator} {}", column.sql, if truth { "TRUE" } else { "FALSE" }))
}
