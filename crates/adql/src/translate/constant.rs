//! Folding of constant numbers, by the same rules as the engine computes.

use crate::ast::{Arithmetic, Number};

/// The number as a double.
pub(super) fn double(number: Number) -> f64 {
    match number {
        Number::Integer(integer) => integer as f64,
        Number::Float(float) => float,
    }
}

/// The result of one operation, none if it has none: division by zero or an overflow.
pub(super) fn fold(left: Number, operator: Arithmetic, right: Number) -> Option<Number> {
    if let (Number::Integer(left), Number::Integer(right)) = (left, right) {
        let folded = match operator {
            Arithmetic::Add => left.checked_add(right),
            Arithmetic::Subtract => left.checked_sub(right),
            Arithmetic::Multiply => left.checked_mul(right),
            Arithmetic::Divide => left.checked_div(right),
        };
        return folded.map(Number::Integer);
    }
    let (left, right) = (double(left), double(right));
    let folded = match operator {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide => left / right,
    };
    folded.is_finite().then_some(Number::Float(folded))
}

/// The number with the other sign.
pub(super) fn negate(number: Number) -> Option<Number> {
    match number {
        Number::Integer(integer) => integer.checked_neg().map(Number::Integer),
        Number::Float(float) => Some(Number::Float(-float)),
    }
}

/// A number as SQL; a double keeps a point or exponent, so that it stays a double.
pub(super) fn write(number: Number) -> String {
    match number {
        Number::Integer(integer) => integer.to_string(),
        Number::Float(float) => format!("{float:?}"),
    }
}
