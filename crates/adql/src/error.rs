//! What can be wrong with a query, where, and the sentence that says so.
//!
//! Every sentence names what was written and what to write instead; none says where, since an editor
//! shows the [`Span`] and a log line wants [`Error::line`] and [`Error::column`].

use std::fmt;

/// A half-open range of bytes in the query text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The text it covers; empty if it does not fit `text`.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// One thing wrong with a query.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    /// The bytes of the query at fault; empty at the end of the text if something is missing there.
    pub span: Span,
    /// What is wrong.
    pub kind: ErrorKind,
}

impl Error {
    pub(crate) fn new(span: Span, kind: ErrorKind) -> Self {
        Self { span, kind }
    }

    pub(crate) fn unsupported(span: Span, feature: impl Into<String>, hint: &'static str) -> Self {
        Self::new(span, ErrorKind::Unsupported { feature: feature.into(), hint })
    }

    /// The line of the fault in `text`, from 1.
    pub fn line(&self, text: &str) -> usize {
        before(text, self.span.start).matches('\n').count() + 1
    }

    /// The column of the fault in its line, in characters, from 1.
    pub fn column(&self, text: &str) -> usize {
        let head = before(text, self.span.start);
        head.rsplit('\n').next().unwrap_or_default().chars().count() + 1
    }
}

fn before(text: &str, mut end: usize) -> &str {
    end = end.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// The kinds of fault. `Display` is one or two whole sentences for the person who wrote the query.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The grammar wants something else at this place.
    #[error("Expected {expected}, but found {found}.")]
    Syntax {
        /// What would be right here.
        expected: String,
        /// What stands here.
        found: String,
    },
    /// A reserved word stands where a name is wanted.
    #[error(
        "{word} is a reserved word of ADQL. If it is a name, put it in double quotes and mind capitals: \"{word}\"."
    )]
    ReservedWord {
        /// The word as written.
        word: String,
    },
    /// Something that ADQL or a dialect has and this crate does not translate.
    #[error("{feature} is not supported. {hint}")]
    Unsupported {
        /// Its name, as a noun at the start of a sentence.
        feature: String,
        /// What to do instead, a sentence.
        hint: &'static str,
    },
    /// No table has this name.
    #[error("There is no table {name}.{}", suggest(nearest))]
    UnknownTable {
        /// The name as written.
        name: String,
        /// The most similar names, best first.
        nearest: Vec<String>,
    },
    /// Several schemas have a table of this name.
    #[error("More than one table is called {name}. Write its schema too: {}.", candidates.join(" or "))]
    AmbiguousTable {
        /// The name as written.
        name: String,
        /// The qualified names it may mean.
        candidates: Vec<String>,
    },
    /// No table of the query has this column.
    #[error("There is no column {name} in the tables of this query.{}", suggest(nearest))]
    UnknownColumn {
        /// The name as written.
        name: String,
        /// The most similar names, best first.
        nearest: Vec<String>,
    },
    /// Several tables of the query have this column.
    #[error("More than one table has a column {name}. Write the table too: {}.", candidates.join(" or "))]
    AmbiguousColumn {
        /// The name as written.
        name: String,
        /// The qualified names it may mean.
        candidates: Vec<String>,
    },
    /// The table before the dot is not in the query's FROM.
    #[error("{name} is not a table or alias in the FROM of this query.{}", suggest(nearest))]
    UnknownQualifier {
        /// The qualifier as written.
        name: String,
        /// The most similar tables and aliases in scope, best first.
        nearest: Vec<String>,
    },
    /// Two tables of one FROM go by the same name.
    #[error("Two tables of this FROM are called {name}. Give one of them another name with AS.")]
    DuplicateTable {
        /// The name.
        name: String,
    },
    /// No function has this name.
    #[error("There is no function {name}.{}", suggest(nearest))]
    UnknownFunction {
        /// The name as written.
        name: String,
        /// The most similar names, best first.
        nearest: Vec<String>,
    },
    /// A function has too many or too few arguments.
    #[error("{function} takes {expected}, but {found} {} given.", if *found == 1 { "is" } else { "are" })]
    WrongArgumentCount {
        /// The function.
        function: String,
        /// How many it takes, such as `1 argument`.
        expected: String,
        /// How many were written.
        found: usize,
    },
    /// A value is of the wrong kind for its place.
    #[error("{place} needs {expected}, but this is {found}.")]
    WrongType {
        /// Where it stands.
        place: String,
        /// What fits there.
        expected: String,
        /// What it is.
        found: String,
    },
    /// Two values cannot be compared.
    #[error("{left} cannot be compared with {right}. Compare text with text and numbers with numbers.")]
    NotComparable {
        /// The left value's kind.
        left: String,
        /// The right value's kind.
        right: String,
    },
    /// A column of a grouped query is neither grouped nor aggregated.
    #[error(
        "{name} has many values in each group. Add it to GROUP BY, or take one value of it, such as MIN({name})."
    )]
    NotGrouped {
        /// The column as written.
        name: String,
    },
    /// An aggregate function stands where none may.
    #[error("{function} cannot be used in {place}. {hint}")]
    MisplacedAggregate {
        /// The function.
        function: String,
        /// The clause or function around it.
        place: String,
        /// What to do instead, a sentence.
        hint: &'static str,
    },
    /// `ORDER BY 7` where there are fewer columns.
    #[error("There is no column number {position}: the query selects {columns}.")]
    UnknownPosition {
        /// The number as written.
        position: String,
        /// How many columns there are.
        columns: usize,
    },
    /// With DISTINCT, ORDER BY may only use what is selected.
    #[error("With SELECT DISTINCT, ORDER BY can only use what is selected. Add this to the SELECT list.")]
    NotSelected,
    /// A text literal without its closing quote.
    #[error("This text has no closing quote. End it with '; a quote inside it is written twice ('').")]
    UnterminatedText,
    /// A delimited identifier without its closing quote.
    #[error("This quoted name has no closing quote. End it with \".")]
    UnterminatedName,
    /// `""`.
    #[error("A quoted name cannot be empty. Write a name between the double quotes.")]
    EmptyName,
    /// A name that needs double quotes.
    #[error(
        "{name} is not a plain name: those start with a letter A-Z and go on with letters, digits and _. Put it in double quotes: \"{name}\"."
    )]
    IrregularName {
        /// The name as written.
        name: String,
    },
    /// A character that means nothing in ADQL.
    #[error("The character {character:?} has no meaning here. Remove it.")]
    BadCharacter {
        /// The character.
        character: char,
    },
    /// A number literal that no 64-bit integer or double can hold.
    #[error("The number {number} is too large. Integers go up to 9223372036854775807, others to 1.8e308.")]
    NumberOutOfRange {
        /// The literal.
        number: String,
    },
    /// A number that must be in an interval and is not.
    #[error("{what} must be between {low} and {high}, but this is {value}.")]
    OutOfRange {
        /// What the number is.
        what: &'static str,
        /// The smallest allowed.
        low: f64,
        /// The largest allowed.
        high: f64,
        /// The number.
        value: f64,
    },
    /// The text is longer than [`crate::MAX_TEXT_BYTES`].
    #[error("The query is longer than {limit} bytes. Shorten it.")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// Nested deeper than [`crate::MAX_DEPTH`], or with the terms of its sums and products deeper than
    /// [`crate::MAX_SQL_DEPTH`].
    #[error("The query is nested or chained more than {limit} levels deep here. Shorten or split it.")]
    TooDeep {
        /// The limit in levels.
        limit: usize,
    },
    /// More tables, columns or terms in one clause than can be checked in reasonable time.
    #[error("The query has more than {limit} {what}. Split it.")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}

/// ` Did you mean a, b or c?`, or nothing.
fn suggest(nearest: &[String]) -> impl fmt::Display {
    match nearest {
        [] => String::new(),
        [one] => format!(" Did you mean {one}?"),
        [head @ .., last] => format!(" Did you mean {} or {last}?", head.join(", ")),
    }
}
