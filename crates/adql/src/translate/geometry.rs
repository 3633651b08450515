//! Geometry on the sky (ADQL 2.1, section 4.2): cones, distances, coordinates.
//!
//! Beside the exact test goes a box around the cone, on plain columns only: comparisons with constants, which
//! let the engine skip whole row groups of a Parquet file. The box always holds the cone, so it never changes
//! an answer.

use super::Translator;
use super::condition::condition_value;
use super::expression::{Context, Level, Value, wrong_type};
use super::function::{write_double, wrong_count};
use crate::ast::{Comparison, Expression, Node};
use crate::catalogue::Kind;
use crate::error::{Error, ErrorKind};
use crate::functions::{Form, Function, find};

/// Degrees by which the box is larger than the cone, far above rounding and far below any pixel.
const MARGIN: f64 = 1e-9;
/// Nearer to a pole than this the box has no longitude bounds, in degrees.
const POLAR: f64 = 0.1;

/// A position, in degrees.
pub(super) struct Point {
    longitude: Value,
    latitude: Value,
}

impl Point {
    fn constant(&self) -> Option<(f64, f64)> {
        Some((self.longitude.number()?, self.latitude.number()?))
    }

    fn is_columns(&self) -> bool {
        self.longitude.column.is_some() && self.latitude.column.is_some()
    }

    fn distance_to(&self, other: &Self) -> String {
        let coordinates = [&self.longitude, &self.latitude, &other.longitude, &other.latitude];
        format!("sky_distance({})", coordinates.map(Value::as_double).join(", "))
    }
}

/// The arguments, if the expression is a call of CONTAINS.
pub(super) fn contains_arguments(expression: &Expression) -> Option<(&Expression, &Expression)> {
    let (function, arguments) = as_call(expression)?;
    match (function.form, arguments) {
        (Form::Contains, [left, right]) => Some((left, right)),
        _ => None,
    }
}

fn as_call(expression: &Expression) -> Option<(&'static Function, &[Expression])> {
    let Node::Call { function, arguments, .. } = &expression.node else { return None };
    find(&function.text).map(|function| (function, arguments.as_slice()))
}

impl Translator<'_> {
    /// `CONTAINS(point, circle)` as a condition; with a box beside it if `boxed`.
    pub(super) fn contains(
        &mut self,
        (left, right): (&Expression, &Expression),
        context: &Context<'_>,
        boxed: bool,
    ) -> Result<Value, Error> {
        let hint = "Write CONTAINS(POINT(lon, lat), CIRCLE(lon, lat, radius)).";
        let point = match as_call(left) {
            Some((Function { form: Form::Point, .. }, _)) => self.point(left, context)?,
            Some((function, _)) if function.form == Form::Circle => {
                return Err(Error::unsupported(
                    left.span,
                    "CONTAINS with a circle inside another shape",
                    hint,
                ));
            }
            _ => return Err(Error::unsupported(left.span, "CONTAINS of anything but a POINT", hint)),
        };
        let Some((Function { form: Form::Circle, .. }, _)) = as_call(right) else {
            return Err(Error::unsupported(right.span, "CONTAINS in anything but a CIRCLE", hint));
        };
        let (centre, radius) = self.circle(right, context)?;
        let exact = format!("{} <= {}", point.distance_to(&centre), radius.at(Level::Arithmetic));
        match around(&point, &centre, radius.number()).filter(|_| boxed) {
            Some(filter) => Ok(condition_value(format!("{filter} AND {exact}"), Level::And)),
            None => Ok(condition_value(exact, Level::Comparison)),
        }
    }

    /// The box for `DISTANCE(...) < r` where it can be given.
    pub(super) fn distance_filter(
        &mut self,
        operator: Comparison,
        left: &Expression,
        right: &Expression,
        context: &Context<'_>,
    ) -> Result<Option<String>, Error> {
        let (call, limit) = match operator {
            Comparison::Less | Comparison::LessOrEqual | Comparison::Equal => (left, right),
            Comparison::Greater | Comparison::GreaterOrEqual => (right, left),
            Comparison::NotEqual => return Ok(None),
        };
        let Some((function, arguments)) = as_call(call) else { return Ok(None) };
        if function.form != Form::Distance {
            return Ok(None);
        }
        let (from, to) = self.distance_points(function, call, arguments, context)?;
        let radius = self.value(limit, context)?.number();
        Ok(around(&from, &to, radius))
    }

    pub(super) fn distance(
        &mut self,
        span: crate::Span,
        arguments: &[Expression],
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        let (from, to) = match arguments {
            [from, to] => (self.point(from, context)?, self.point(to, context)?),
            [lon1, lat1, lon2, lat2] => {
                (self.coordinates(lon1, lat1, context)?, self.coordinates(lon2, lat2, context)?)
            }
            _ => {
                let kind = ErrorKind::WrongArgumentCount {
                    function: "DISTANCE".into(),
                    expected: "2 or 4 arguments".into(),
                    found: arguments.len(),
                };
                return Err(Error::new(span, kind));
            }
        };
        Ok(Value::primary(from.distance_to(&to), Some(Kind::Number)))
    }

    fn distance_points(
        &mut self,
        function: &Function,
        call: &Expression,
        arguments: &[Expression],
        context: &Context<'_>,
    ) -> Result<(Point, Point), Error> {
        match arguments {
            [from, to] => Ok((self.point(from, context)?, self.point(to, context)?)),
            [lon1, lat1, lon2, lat2] => {
                Ok((self.coordinates(lon1, lat1, context)?, self.coordinates(lon2, lat2, context)?))
            }
            _ => Err(wrong_count(call.span, function, arguments.len())),
        }
    }

    pub(super) fn coordinate(
        &mut self,
        function: &Function,
        index: usize,
        argument: &Expression,
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        if !matches!(as_call(argument), Some((Function { form: Form::Point, .. }, _))) {
            let feature = format!("{} of anything but a POINT", function.name);
            return Err(Error::unsupported(argument.span, feature, "Use the columns of the coordinates."));
        }
        let point = self.point(argument, context)?;
        Ok(if index == 0 { point.longitude } else { point.latitude })
    }

    fn point(&mut self, expression: &Expression, context: &Context<'_>) -> Result<Point, Error> {
        let Some((function @ Function { form: Form::Point, .. }, arguments)) = as_call(expression) else {
            let hint = "Write POINT(lon, lat) with the columns of the coordinates.";
            return Err(Error::unsupported(expression.span, "A position that is not written as POINT", hint));
        };
        match arguments {
            [longitude, latitude] => self.coordinates(longitude, latitude, context),
            [frame, longitude, latitude] => {
                check_frame(frame, function)?;
                self.coordinates(longitude, latitude, context)
            }
            _ => Err(wrong_count(expression.span, function, arguments.len())),
        }
    }

    fn circle(&mut self, expression: &Expression, context: &Context<'_>) -> Result<(Point, Value), Error> {
        let Some((function, arguments)) = as_call(expression) else {
            return Err(wrong_type(expression.span, "CONTAINS", "a CIRCLE", None));
        };
        let (centre, radius) = match arguments {
            [centre, radius] => (self.point(centre, context)?, radius),
            [first, centre, radius]
                if as_call(centre).is_some_and(|(function, _)| function.form == Form::Point) =>
            {
                check_frame(first, function)?;
                (self.point(centre, context)?, radius)
            }
            [longitude, latitude, radius] => (self.coordinates(longitude, latitude, context)?, radius),
            [frame, longitude, latitude, radius] => {
                check_frame(frame, function)?;
                (self.coordinates(longitude, latitude, context)?, radius)
            }
            _ => return Err(wrong_count(expression.span, function, arguments.len())),
        };
        Ok((centre, self.numeric(radius, context, "The radius of CIRCLE")?))
    }

    fn coordinates(
        &mut self,
        longitude: &Expression,
        latitude: &Expression,
        context: &Context<'_>,
    ) -> Result<Point, Error> {
        let point = Point {
            longitude: self.numeric(longitude, context, "A longitude")?,
            latitude: self.numeric(latitude, context, "A latitude")?,
        };
        match point.latitude.number() {
            Some(value) if !(-90.0..=90.0).contains(&value) => {
                let kind =
                    ErrorKind::OutOfRange { what: "A latitude in degrees", low: -90.0, high: 90.0, value };
                Err(Error::new(latitude.span, kind))
            }
            _ => Ok(point),
        }
    }
}

/// Accepts ICRS and the empty text; another frame must not be taken for ICRS.
fn check_frame(frame: &Expression, function: &Function) -> Result<(), Error> {
    let hint = "Give ICRS degrees and leave the coordinate system out.";
    match &frame.node {
        Node::Text(name) if name.trim().is_empty() || name.trim().eq_ignore_ascii_case("ICRS") => Ok(()),
        Node::Text(name) => {
            Err(Error::unsupported(frame.span, format!("The coordinate system '{}'", name.trim()), hint))
        }
        Node::Null => Err(Error::unsupported(frame.span, "A coordinate system of NULL", hint)),
        _ => {
            let place = format!("The first of the arguments of {}", function.name);
            let (expected, found) =
                ("the coordinate system as text, or nothing".into(), "something else".into());
            Err(Error::new(frame.span, ErrorKind::WrongType { place, expected, found }))
        }
    }
}

/// The box around a cone, if one side is constant and the other a pair of plain columns.
fn around(a: &Point, b: &Point, radius: Option<f64>) -> Option<String> {
    let radius = radius.filter(|radius| (0.0..180.0).contains(radius))? + MARGIN;
    let (columns, (longitude, latitude)) = match (a.constant(), b.constant()) {
        (None, Some(centre)) if a.is_columns() => (a, centre),
        (Some(centre), None) if b.is_columns() => (b, centre),
        _ => return None,
    };
    let mut bounds = Vec::new();
    let column = &columns.latitude.sql;
    match (latitude - radius > -90.0, latitude + radius < 90.0) {
        (true, true) => bounds.push(between(column, latitude - radius, latitude + radius)),
        (true, false) => bounds.push(format!("{column} >= {}", write_double(latitude - radius))),
        (false, true) => bounds.push(format!("{column} <= {}", write_double(latitude + radius))),
        (false, false) => {}
    }
    bounds.extend(longitude_bounds(&columns.longitude.sql, longitude, latitude, radius));
    (!bounds.is_empty()).then(|| bounds.join(" AND "))
}

/// The longitudes that a cone reaches. Columns may count from -180 or from 0: each window of those
/// 540 degrees is given, and what lies outside of them is never excluded.
fn longitude_bounds(column: &str, longitude: f64, latitude: f64, radius: f64) -> Option<String> {
    if latitude.abs() + radius > 90.0 - POLAR {
        return None;
    }
    let half = (radius.to_radians().sin() / latitude.to_radians().cos()).asin().to_degrees() + MARGIN;
    let centre = longitude.rem_euclid(360.0);
    let mut windows = Vec::new();
    for turn in [-360.0, 0.0, 360.0] {
        let (low, high) = (centre + turn - half, centre + turn + half);
        if high >= -180.0 && low <= 360.0 {
            windows.push(between(column, low, high));
        }
    }
    windows.push(format!("{column} < -180.0"));
    windows.push(format!("{column} > 360.0"));
    Some(format!("({})", windows.join(" OR ")))
}

/// Bounds rounded to the tenth decimal, well inside the margin, so that they are the same on every machine.
fn between(column: &str, low: f64, high: f64) -> String {
    let (low, high) = ((low * 1e10).round() / 1e10, (high * 1e10).round() / 1e10);
    format!("{column} BETWEEN {} AND {}", write_double(low), write_double(high))
}
