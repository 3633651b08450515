//! The functions that this crate translates, with what a person needs to call them.

/// How a function's SQL is made from its arguments' SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Doubles in, double out: the SQL function of this name.
    Math(&'static str),
    /// As `Math`, but NaN (an argument outside the domain) becomes NULL.
    Partial(&'static str),
    /// A logarithm: as `Partial`, and zero becomes NULL too.
    Logarithm(&'static str),
    /// ROUND or TRUNCATE: a double and a number of decimals.
    Decimals(&'static str),
    Abs,
    Root,
    Power,
    Mod,
    Rand,
    Pi,
    /// Text in, text out.
    Text(&'static str),
    Coalesce,
    Aggregate(&'static str),
    Point,
    Circle,
    Contains,
    Distance,
    Coordinate(usize),
}

/// One function.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    /// How many arguments it may take.
    pub(crate) arguments: &'static [usize],
    pub(crate) signature: &'static str,
    pub(crate) meaning: &'static str,
}

const fn function(
    name: &'static str,
    form: Form,
    arguments: &'static [usize],
    signature: &'static str,
    meaning: &'static str,
) -> Function {
    Function { name, form, arguments, signature, meaning }
}

/// All functions of ADQL 2.1 that are translated, sorted by name.
pub(crate) const FUNCTIONS: [Function; 37] = [
    function("ABS", Form::Abs, &[1], "ABS(x)", "the absolute value"),
    function("ACOS", Form::Partial("acos"), &[1], "ACOS(x)", "the arc cosine, in radians"),
    function("ASIN", Form::Partial("asin"), &[1], "ASIN(x)", "the arc sine, in radians"),
    function("ATAN", Form::Math("atan"), &[1], "ATAN(x)", "the arc tangent, in radians"),
    function("ATAN2", Form::Math("atan2"), &[2], "ATAN2(y, x)", "the angle of the point (x, y), in radians"),
    function("AVG", Form::Aggregate("avg"), &[1], "AVG(x)", "the mean of the group"),
    function("CEILING", Form::Math("ceil"), &[1], "CEILING(x)", "the smallest integer not below x"),
    function("CIRCLE", Form::Circle, &[2, 3, 4], "CIRCLE(lon, lat, radius)", "a cone on the sky, in degrees"),
    function("COALESCE", Form::Coalesce, &[], "COALESCE(a, b, ...)", "the first value that is not NULL"),
    function(
        "CONTAINS",
        Form::Contains,
        &[2],
        "CONTAINS(point, circle)",
        "1 if the point is in the circle, else 0",
    ),
    function("COORD1", Form::Coordinate(0), &[1], "COORD1(point)", "the longitude of a point, in degrees"),
    function("COORD2", Form::Coordinate(1), &[1], "COORD2(point)", "the latitude of a point, in degrees"),
    function("COS", Form::Math("cos"), &[1], "COS(x)", "the cosine of x radians"),
    function("COT", Form::Math("cot"), &[1], "COT(x)", "the cotangent of x radians"),
    function("COUNT", Form::Aggregate("count"), &[1], "COUNT(*)", "how many rows or values the group has"),
    function("DEGREES", Form::Math("degrees"), &[1], "DEGREES(x)", "radians to degrees"),
    function(
        "DISTANCE",
        Form::Distance,
        &[2, 4],
        "DISTANCE(point, point)",
        "the angle between two points, in degrees",
    ),
    function("EXP", Form::Math("exp"), &[1], "EXP(x)", "e to the power of x"),
    function("FLOOR", Form::Math("floor"), &[1], "FLOOR(x)", "the largest integer not above x"),
    function("LOG", Form::Logarithm("ln"), &[1], "LOG(x)", "the natural logarithm"),
    function("LOG10", Form::Logarithm("log10"), &[1], "LOG10(x)", "the logarithm to base 10"),
    function("LOWER", Form::Text("lower"), &[1], "LOWER(text)", "the text in lower case"),
    function("MAX", Form::Aggregate("max"), &[1], "MAX(x)", "the largest value of the group"),
    function("MIN", Form::Aggregate("min"), &[1], "MIN(x)", "the smallest value of the group"),
    function("MOD", Form::Mod, &[2], "MOD(x, y)", "the remainder of x / y, with the sign of x"),
    function("PI", Form::Pi, &[0], "PI()", "3.14159..."),
    function("POINT", Form::Point, &[2, 3], "POINT(lon, lat)", "a point on the sky, in degrees"),
    function("POWER", Form::Power, &[2], "POWER(x, y)", "x to the power of y"),
    function("RADIANS", Form::Math("radians"), &[1], "RADIANS(x)", "degrees to radians"),
    function("RAND", Form::Rand, &[0, 1], "RAND()", "a random number from 0 to 1"),
    function("ROUND", Form::Decimals("round"), &[1, 2], "ROUND(x, decimals)", "x rounded"),
    function("SIN", Form::Math("sin"), &[1], "SIN(x)", "the sine of x radians"),
    function("SQRT", Form::Root, &[1], "SQRT(x)", "the square root"),
    function("SUM", Form::Aggregate("sum"), &[1], "SUM(x)", "the sum of the group"),
    function("TAN", Form::Math("tan"), &[1], "TAN(x)", "the tangent of x radians"),
    function("TRUNCATE", Form::Decimals("trunc"), &[1, 2], "TRUNCATE(x, decimals)", "x cut off towards zero"),
    function("UPPER", Form::Text("upper"), &[1], "UPPER(text)", "the text in upper case"),
];

/// Functions that ADQL reserves and this crate does not translate, with what to write instead.
const UNTRANSLATED: [(&str, &str); 20] = [
    ("AREA", "For a circle, compute it from its radius."),
    ("BOX", "Use CIRCLE, or compare the coordinates with BETWEEN."),
    ("CAST", "Leave the value as it is, or use ROUND, FLOOR or TRUNCATE for numbers."),
    ("CENTROID", "For a circle, use its centre."),
    ("CHARACTER_LENGTH", "Use LIKE with _ for each character."),
    ("CHAR_LENGTH", "Use LIKE with _ for each character."),
    ("CONVERT", "Leave the value as it is."),
    ("COORDSYS", "All coordinates here are ICRS."),
    ("CURRENT_DATE", "Write the date as text."),
    ("CURRENT_TIME", "Write the time as text."),
    ("CURRENT_TIMESTAMP", "Write the time as text."),
    ("EXTRACT", "Compare the whole time instead."),
    ("INTERSECTS", "For a point and a circle, use CONTAINS(point, circle)."),
    ("IN_UNIT", "Multiply by the factor between the units."),
    ("NULLIF", "Use a condition in WHERE."),
    ("POLYGON", "Use CIRCLE, or compare the coordinates with BETWEEN."),
    ("POSITION", "Use LIKE."),
    ("REGION", "Use CIRCLE."),
    ("SUBSTRING", "Use LIKE."),
    ("TRIM", "Use LIKE."),
];

/// What other dialects call a function of ADQL.
const SYNONYMS: [(&str, &str); 12] = [
    ("CEIL", "CEILING"),
    ("FABS", "ABS"),
    ("IFNULL", "COALESCE"),
    ("LCASE", "LOWER"),
    ("LN", "LOG"),
    ("MEAN", "AVG"),
    ("NVL", "COALESCE"),
    ("POW", "POWER"),
    ("RANDOM", "RAND"),
    ("TRUNC", "TRUNCATE"),
    ("UCASE", "UPPER"),
    ("Q3C_RADIAL_QUERY", "CONTAINS"),
];

/// The function of this name, in any case.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(name))
}

/// The hint for a function that ADQL has and this crate has not.
pub(crate) fn untranslated(name: &str) -> Option<&'static str> {
    UNTRANSLATED.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, hint)| *hint)
}

/// What a person who wrote this unknown function may have meant.
pub(crate) fn alternatives(name: &str) -> Vec<String> {
    match SYNONYMS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        Some((_, meant)) => vec![(*meant).to_owned()],
        None => crate::nearest::nearest(name, FUNCTIONS.iter().map(|function| function.name)),
    }
}

impl Function {
    /// Whether it is an aggregate.
    pub(crate) fn is_aggregate(&self) -> bool {
        matches!(self.form, Form::Aggregate(_))
    }

    /// Whether it may be called with so many arguments.
    pub(crate) fn takes(&self, count: usize) -> bool {
        if self.arguments.is_empty() { count > 0 } else { self.arguments.contains(&count) }
    }

    /// How many arguments it takes, in words.
    pub(crate) fn expected(&self) -> String {
        match self.arguments {
            [] => "one or more arguments".into(),
            [0] => "no arguments".into(),
            [1] => "1 argument".into(),
            [only] => format!("{only} arguments"),
            [head @ .., last] => {
                let head: Vec<String> = head.iter().map(ToString::to_string).collect();
                format!("{} or {last} arguments", head.join(", "))
            }
        }
    }
}
