//! Function calls.
//!
//! ADQL's mathematical functions take and give doubles (section 2.3), so integers are cast. Where a function or
//! a division has no result, the answer is NULL: DataFusion would give NaN, which sorts above every
//! number and passes `> x`, or fail the whole query for one row.

use super::Translator;
use super::constant;
use super::expression::{Aggregates, Context, Level, Value, wrong_type};
use crate::ast::{Expression, Name, Node, Number};
use crate::catalogue::Kind;
use crate::error::{Error, ErrorKind, Span};
use crate::functions::{Form, Function, alternatives, find};

const NO_SUCH_VALUE: &str =
    "Use it as an argument of CONTAINS, DISTANCE, COORD1 or COORD2, or select its numbers.";

impl Translator<'_> {
    pub(super) fn call(
        &mut self,
        span: Span,
        name: &Name,
        distinct: bool,
        star: bool,
        arguments: &[Expression],
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        let Some(function) = find(&name.text) else {
            let nearest = alternatives(&name.text);
            return Err(Error::new(
                name.span,
                ErrorKind::UnknownFunction { name: name.text.clone(), nearest },
            ));
        };
        match (function.form, arguments) {
            (Form::Aggregate(sql), arguments) => {
                self.aggregate(name.span, function, sql, distinct, star, arguments.first(), context)
            }
            (Form::Math(sql), arguments) => {
                let call = format!("{sql}({})", self.doubles(function, arguments, context)?);
                Ok(Value::primary(call, Some(Kind::Number)))
            }
            (Form::Partial(sql), arguments) => {
                let call = format!("{sql}({})", self.doubles(function, arguments, context)?);
                Ok(Value::primary(null_if_nan(&call), Some(Kind::Number)))
            }
            (Form::Logarithm(sql), [argument]) => {
                let value = self.numeric(argument, context, function.name)?;
                let sql = if value.number().is_some_and(|number| number > 0.0) {
                    format!("{sql}({})", value.as_double())
                } else {
                    null_if_nan(&format!("{sql}(nullif({}, 0.0))", value.as_double()))
                };
                Ok(Value::primary(sql, Some(Kind::Number)))
            }
            (Form::Decimals(sql), [first, rest @ ..]) => self.decimals(function, sql, first, rest, context),
            (Form::Root, [argument]) => self.root(function, argument, context),
            (Form::Power, [base, exponent]) => self.power(function, base, exponent, context),
            (Form::Abs, [argument]) => {
                let value = self.numeric(argument, context, function.name)?;
                Ok(Value::primary(format!("abs({})", value.sql), value.kind))
            }
            (Form::Mod, [dividend, divisor]) => self.remainder(function, dividend, divisor, context),
            (Form::Pi, _) => {
                let value = Value::primary("pi()".into(), Some(Kind::Number));
                Ok(Value { constant: Some(Number::Float(std::f64::consts::PI)), ..value })
            }
            (Form::Rand, arguments) => {
                self.doubles(function, arguments, context)?;
                Ok(Value::primary("random()".into(), Some(Kind::Number)))
            }
            (Form::Text(sql), [argument]) => {
                let value = self.text(argument, context, function.name)?;
                Ok(Value::primary(format!("{sql}({})", value.sql), Some(Kind::Text)))
            }
            (Form::Coalesce, arguments) => self.coalesce(arguments, context),
            (Form::Distance, arguments) => self.distance(span, arguments, context),
            (Form::Coordinate(index), [argument]) => self.coordinate(function, index, argument, context),
            (Form::Contains, [left, right]) => {
                let condition = self.contains((left, right), context, false)?;
                let sql = format!("CASE WHEN {} THEN 1 ELSE 0 END", condition.sql);
                Ok(Value { level: Level::Arithmetic, ..Value::primary(sql, Some(Kind::Integer)) })
            }
            (Form::Point | Form::Circle, _) => {
                let feature = format!("{} as a value", function.name);
                Err(Error::unsupported(name.span, feature, NO_SUCH_VALUE))
            }
            _ => Err(wrong_count(span, function, arguments.len())),
        }
    }

    fn doubles(
        &mut self,
        function: &Function,
        arguments: &[Expression],
        context: &Context<'_>,
    ) -> Result<String, Error> {
        let mut written = Vec::with_capacity(arguments.len());
        for argument in arguments {
            written.push(self.numeric(argument, context, function.name)?.as_double());
        }
        Ok(written.join(", "))
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one call, named where they are used")]
    fn aggregate(
        &mut self,
        span: Span,
        function: &Function,
        sql: &str,
        distinct: bool,
        star: bool,
        argument: Option<&Expression>,
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        let (place, hint) = match context.aggregates {
            Aggregates::Allowed => ("", ""),
            Aggregates::Forbidden("WHERE") => ("WHERE", "Put the condition in HAVING, after GROUP BY."),
            Aggregates::Forbidden(place) => (place, "Compute it in a subquery in FROM."),
            Aggregates::Inside => ("another aggregate function", "Compute it in a subquery in FROM."),
        };
        if !place.is_empty() {
            let kind =
                ErrorKind::MisplacedAggregate { function: function.name.into(), place: place.into(), hint };
            return Err(Error::new(span, kind));
        }
        let Some(argument) = argument.filter(|_| !star) else {
            return Ok(Value::primary(format!("{sql}(*)"), Some(Kind::Integer)));
        };
        let inside = Context { groups: None, aggregates: Aggregates::Inside, ..*context };
        let value = match function.name {
            "AVG" | "SUM" => self.numeric(argument, &inside, function.name)?,
            _ => self.value(argument, &inside)?,
        };
        let kind = match (function.name, value.kind) {
            ("COUNT", _) => Some(Kind::Integer),
            ("AVG", _) => Some(Kind::Number),
            (_, Some(Kind::Geometry)) => {
                return Err(wrong_type(argument.span, function.name, "a number, text or a time", value.kind));
            }
            (_, kind) => kind,
        };
        let distinct = if distinct { "DISTINCT " } else { "" };
        Ok(Value::primary(format!("{sql}({distinct}{})", value.sql), kind))
    }

    /// ROUND and TRUNCATE. Decimals below zero are written as a division by a whole power of ten, which is
    /// exact where the engine's multiplication by 0.01 is not.
    fn decimals(
        &mut self,
        function: &Function,
        sql: &str,
        first: &Expression,
        rest: &[Expression],
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        let value = self.numeric(first, context, function.name)?.as_double();
        let Some(second) = rest.first() else {
            return Ok(Value::primary(format!("{sql}({value})"), Some(Kind::Number)));
        };
        let decimals = self.value(second, context)?;
        let whole = matches!(decimals.kind, None | Some(Kind::Integer));
        let Some(Number::Integer(decimals)) = decimals.constant.filter(|_| whole) else {
            let place = format!("The second argument of {}", function.name);
            let expected = "a constant whole number";
            return Err(match decimals.kind {
                Some(Kind::Integer) => {
                    let found = "computed from columns".to_owned();
                    Error::new(second.span, ErrorKind::WrongType { place, expected: expected.into(), found })
                }
                other => wrong_type(second.span, &place, expected, other),
            });
        };
        if !(-300..=300).contains(&decimals) {
            let what = "The number of decimals";
            let kind = ErrorKind::OutOfRange { what, low: -300.0, high: 300.0, value: decimals as f64 };
            return Err(Error::new(second.span, kind));
        }
        if decimals >= 0 {
            return Ok(Value::primary(format!("{sql}({value}, {decimals})"), Some(Kind::Number)));
        }
        let power = format!("1e{}", -decimals);
        let inner = if value.contains(' ') { format!("({value})") } else { value };
        let sql = format!("{sql}({inner} / {power}) * {power}");
        Ok(Value { level: Level::Arithmetic, ..Value::primary(sql, Some(Kind::Number)) })
    }

    /// SQRT. DataFusion's `sqrt` fails the query at a negative number; its `power` gives NaN.
    fn root(
        &mut self,
        function: &Function,
        argument: &Expression,
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        let value = self.numeric(argument, context, function.name)?;
        let x = value.as_double();
        let sql = if value.number().is_some_and(|number| number >= 0.0) {
            format!("sqrt({x})")
        } else if value.column.is_some() {
            format!("sqrt(CASE WHEN {x} >= 0.0 THEN {x} END)")
        } else {
            null_if_nan(&format!("power({x}, 0.5)"))
        };
        Ok(Value::primary(sql, Some(Kind::Number)))
    }

    /// POWER. DataFusion's fails the query at a negative power of zero, so that is kept from it wherever the
    /// arguments are plain enough to be written twice.
    fn power(
        &mut self,
        function: &Function,
        base: &Expression,
        exponent: &Expression,
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        let base = self.numeric(base, context, function.name)?;
        let exponent = self.numeric(exponent, context, function.name)?;
        let (x, y) = (base.as_double(), exponent.as_double());
        let plain = |value: &Value| value.column.is_some() || value.constant.is_some();
        let sql = match (base.number(), exponent.number()) {
            (Some(number), _) if number != 0.0 => format!("power({x}, {y})"),
            (_, Some(number)) if number >= 0.0 => format!("power({x}, {y})"),
            (_, Some(_)) => format!("power(nullif({x}, 0.0), {y})"),
            _ if plain(&base) && plain(&exponent) => {
                format!("power(CASE WHEN {x} <> 0.0 OR {y} >= 0.0 THEN {x} END, {y})")
            }
            _ => format!("power({x}, {y})"),
        };
        Ok(Value::primary(null_if_nan(&sql), Some(Kind::Number)))
    }

    /// MOD. Two integers stay integers, since a 64-bit identifier does not fit a double.
    fn remainder(
        &mut self,
        function: &Function,
        dividend: &Expression,
        divisor: &Expression,
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        let dividend = self.numeric(dividend, context, function.name)?;
        let divisor = self.numeric(divisor, context, function.name)?;
        let both = dividend.kind == Some(Kind::Integer) && divisor.kind == Some(Kind::Integer);
        let kind = if both { Kind::Integer } else { Kind::Number };
        let nonzero = divisor.number().is_some_and(|number| number != 0.0);
        let right = match (both, nonzero) {
            (true, true) => divisor.at(Level::Primary),
            (true, false) => format!("nullif({}, 0)", divisor.sql),
            (false, true) => divisor.as_double(),
            (false, false) => format!("nullif({}, 0.0)", divisor.as_double()),
        };
        let right = if right.starts_with('-') { format!("({right})") } else { right };
        let left =
            if both { dividend.at(Level::Primary) } else { format!("CAST({} AS DOUBLE)", dividend.sql) };
        let sql = format!("{left} % {right}");
        let level = Level::Arithmetic;
        Ok(Value { level, ..Value::primary(sql, Some(kind)) })
    }

    fn coalesce(&mut self, arguments: &[Expression], context: &Context<'_>) -> Result<Value, Error> {
        let mut kind = None;
        let mut written = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let value = self.value(argument, context)?;
            self.check_comparable(argument.span, kind, value.kind)?;
            if kind.is_none() || value.kind == Some(Kind::Number) {
                kind = value.kind.or(kind);
            }
            written.push(value.sql);
        }
        Ok(Value::primary(format!("coalesce({})", written.join(", ")), kind))
    }
}

/// The fault of a call with too many or too few arguments.
pub(super) fn wrong_count(span: Span, function: &Function, found: usize) -> Error {
    let kind = ErrorKind::WrongArgumentCount {
        function: function.name.into(),
        expected: function.expected(),
        found,
    };
    Error::new(span, kind)
}

fn null_if_nan(sql: &str) -> String {
    format!("nanvl({sql}, CAST(NULL AS DOUBLE))")
}

/// Whether an aggregate of this query itself, not of a subquery, is in the expression.
pub(super) fn has_aggregate(expression: &Expression) -> bool {
    let any = |all: &[Expression]| all.iter().any(has_aggregate);
    match &expression.node {
        Node::Number(_) | Node::Text(_) | Node::Null | Node::Column { .. } | Node::Exists(_) => false,
        Node::Negate(one) | Node::Not(one) => has_aggregate(one),
        Node::IsNull { operand, .. } | Node::InSelect { operand, .. } => has_aggregate(operand),
        Node::Chain { first, rest } => has_aggregate(first) || rest.iter().any(|(_, one)| has_aggregate(one)),
        Node::Concatenate(all) | Node::And(all) | Node::Or(all) => any(all),
        Node::Call { function, arguments, .. } => {
            find(&function.text).is_some_and(Function::is_aggregate) || any(arguments)
        }
        Node::Compare { left, right, .. } => has_aggregate(left) || has_aggregate(right),
        Node::Like { operand, pattern, .. } => has_aggregate(operand) || has_aggregate(pattern),
        Node::Between { operand, low, high, .. } => {
            [operand, low, high].into_iter().any(|one| has_aggregate(one))
        }
        Node::InList { operand, list, .. } => has_aggregate(operand) || any(list),
    }
}

/// The name of an unnamed output column.
pub(super) fn default_name(expression: &Expression, position: usize) -> String {
    match &expression.node {
        Node::Call { function, .. } => function.text.to_ascii_lowercase(),
        _ => format!("column_{position}"),
    }
}

/// A double as SQL.
pub(super) fn write_double(number: f64) -> String {
    constant::write(Number::Float(number))
}
