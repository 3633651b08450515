//! A condition on one column of a result, as typed: `< 12`, `3..5`, `= M 42`, `Ori`, `missing`.

use serde::{Deserialize, Serialize};

/// A condition on a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Name of the column.
    pub column: String,
    /// As typed; [`Condition::parse`] reads it.
    pub text: String,
}

/// What a typed condition means.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Compared with a number.
    Compare(Comparison, f64),
    /// Between two numbers, both included.
    Between(f64, f64),
    /// Text that contains this, upper and lower case alike.
    Contains(String),
    /// Text that is exactly this.
    Is(String),
    /// Text that is not this.
    IsNot(String),
    /// No value.
    Missing,
    /// Any value.
    Present,
}

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `>=`
    AtLeast,
    /// `>`
    Greater,
}

impl Comparison {
    /// The SQL and ADQL operator.
    pub fn operator(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::AtLeast => ">=",
            Self::Greater => ">",
        }
    }
}

const OPERATORS: [(&str, Comparison); 7] = [
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("<>", Comparison::NotEqual),
    ("!=", Comparison::NotEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
    ("=", Comparison::Equal),
];

impl Condition {
    /// Reads a typed condition for a column of numbers or of text. `Ok(None)` for an empty one; the error is a
    /// sentence for beside the field.
    pub fn parse(text: &str, numeric: bool) -> Result<Option<Self>, String> {
        let text = text.trim();
        match text.to_ascii_lowercase().as_str() {
            "" => return Ok(None),
            "missing" | "null" => return Ok(Some(Self::Missing)),
            "present" | "not null" => return Ok(Some(Self::Present)),
            _ => {}
        }
        if numeric { Self::parse_number(text).map(Some) } else { Ok(Some(Self::parse_text(text))) }
    }

    fn parse_number(text: &str) -> Result<Self, String> {
        let sentence = || {
            format!(
                "\"{text}\" is not a condition on a number. Write < 12, >= 3.5, 3..5, = 7, missing or present."
            )
        };
        let number = |t: &str| t.trim().parse::<f64>().ok().filter(|n| n.is_finite()).ok_or_else(sentence);
        if let Some((low, high)) = text.split_once("..") {
            let (low, high) = (number(low)?, number(high)?);
            return if low <= high {
                Ok(Self::Between(low, high))
            } else {
                Err(format!("{low} is larger than {high}: write the smaller number first."))
            };
        }
        for (operator, comparison) in OPERATORS {
            if let Some(rest) = text.strip_prefix(operator) {
                return number(rest).map(|n| Self::Compare(comparison, n));
            }
        }
        number(text).map(|n| Self::Compare(Comparison::Equal, n))
    }

    fn parse_text(text: &str) -> Self {
        let unequal = text.strip_prefix("<>").or_else(|| text.strip_prefix("!="));
        match (unequal, text.strip_prefix('=')) {
            (Some(rest), _) => Self::IsNot(rest.trim().to_owned()),
            (None, Some(rest)) => Self::Is(rest.trim().to_owned()),
            (None, None) => Self::Contains(text.to_owned()),
        }
    }

    /// The ADQL condition on a column, whose name is already delimited where it must be.
    pub fn to_adql(&self, column: &str) -> String {
        let quoted = |t: &str| format!("'{}'", t.replace('\'', "''"));
        match self {
            Self::Compare(comparison, n) => format!("{column} {} {n}", comparison.operator()),
            Self::Between(low, high) => format!("{column} BETWEEN {low} AND {high}"),
            Self::Contains(t) => {
                format!("LOWER({column}) LIKE {}", quoted(&format!("%{}%", t.to_lowercase())))
            }
            Self::Is(t) => format!("{column} = {}", quoted(t)),
            Self::IsNot(t) => format!("{column} <> {}", quoted(t)),
            Self::Missing => format!("{column} IS NULL"),
            Self::Present => format!("{column} IS NOT NULL"),
        }
    }
}

impl Filter {
    /// Filters as they stand in an address or a hidden field: one `column:text` a line.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                line.split_once(':')
                    .map(|(column, text)| Self { column: column.to_owned(), text: text.to_owned() })
                    .ok_or_else(|| {
                        format!("\"{line}\" is not a filter. Write the column, a colon and the condition.")
                    })
            })
            .collect()
    }

    /// The text that [`Self::parse_all`] reads.
    pub fn write_all(filters: &[Self]) -> String {
        filters.iter().map(|f| format!("{}:{}", f.column, f.text)).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests;
